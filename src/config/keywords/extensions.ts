import { nearestName, type Keyword } from './table.ts';
import { boolean, integer, oneOf, path, text, type Arguments } from './row.ts';

/**
 * What Watchkeeper knows beyond keepalived. An extension stands in a comment (`# watchkeeper: tls_verify on`), so that keepalived loads
 * the same file. Of one that may stand in several blocks the innermost line counts.
 */
interface Row {
  readonly name: string;
  readonly args: Arguments;
  readonly blocks: readonly string[];
  /** What a line with a bad argument stands for, where leaving it out would switch a protection off. */
  readonly whenBad?: boolean | string;
}

/** Where those of checks over TLS may stand, the innermost first. */
const tlsBlocks: readonly string[] = [
  'virtual_server/real_server/SSL_GET',
  'virtual_server/real_server',
  'virtual_server',
  'SSL',
];
const mailBlocks: readonly string[] = ['global_defs'];

const rows: readonly Row[] = [
  { name: 'tls_verify', args: boolean, blocks: tlsBlocks, whenBad: true },
  { name: 'tls_ca_file', args: path, blocks: tlsBlocks },
  { name: 'tls_cert_file', args: path, blocks: tlsBlocks },
  { name: 'tls_key_file', args: path, blocks: tlsBlocks },
  { name: 'tls_server_name', args: text, blocks: tlsBlocks },
  { name: 'tls_min_version', args: oneOf('1.0', '1.1', '1.2', '1.3'), blocks: tlsBlocks },
  { name: 'tls_expiry_days', args: integer(1, 3650), blocks: tlsBlocks },
  { name: 'smtp_tls', args: oneOf('off', 'starttls', 'on'), blocks: mailBlocks, whenBad: 'starttls' },
  { name: 'smtp_tls_verify', args: boolean, blocks: mailBlocks, whenBad: true },
  { name: 'smtp_tls_ca_file', args: path, blocks: mailBlocks },
  { name: 'smtp_tls_server_name', args: text, blocks: mailBlocks },
  { name: 'smtp_user', args: text, blocks: mailBlocks },
  { name: 'smtp_password_file', args: path, blocks: mailBlocks },
];

const rowsByName: ReadonlyMap<string, Row> = new Map(rows.map((row) => [row.name, row]));

const keywords: ReadonlyMap<string, Keyword> = new Map(
  rows.map(({ name, args }) => [
    name,
    { name, block: 'extension', args, since: 'Watchkeeper', missing: 'reported', done: true },
  ]),
);

/** Where an extension may stand, the innermost first; none of one that is not known. */
export function blocksOfExtension(name: string): readonly string[] {
  return rowsByName.get(name)?.blocks ?? [];
}

/** What it stands for where its argument is bad; undefined: nothing. */
export function safeExtensionValue(name: string): boolean | string | undefined {
  return rowsByName.get(name)?.whenBad;
}

export function findExtension(name: string): Keyword | undefined {
  return keywords.get(name);
}

/** In the order of the documentation. */
export function allExtensions(): readonly Keyword[] {
  return [...keywords.values()];
}

/** The extension that was probably meant. */
export function nearestExtension(name: string): string | undefined {
  return nearestName(name, keywords.keys());
}
