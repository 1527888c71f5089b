import { nearestName, type Keyword } from './table.ts';
import { boolean, integer, oneOf, path, text, type Arguments } from './row.ts';

/**
 * What Watchkeeper knows beyond keepalived. An extension stands in a comment (`# watchkeeper: tls_verify on`), so that keepalived loads
 * the same file. In one table for all blocks: the innermost line counts.
 */
const rows: readonly (readonly [name: string, args: Arguments])[] = [
  ['tls_verify', boolean],
  ['tls_ca_file', path],
  ['tls_cert_file', path],
  ['tls_key_file', path],
  ['tls_server_name', text],
  ['tls_min_version', oneOf('1.0', '1.1', '1.2', '1.3')],
  ['tls_expiry_days', integer(1, 3650)],
];

/** Where they may stand, the innermost first. */
export const extensionBlocks: readonly string[] = [
  'virtual_server/real_server/SSL_GET',
  'virtual_server/real_server',
  'virtual_server',
  'SSL',
];

const keywords: ReadonlyMap<string, Keyword> = new Map(
  rows.map(([name, args]) => [
    name,
    { name, block: 'extension', args, since: 'Watchkeeper', missing: 'reported', done: true },
  ]),
);

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
