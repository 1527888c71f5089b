/**
 * Writes grammar/ from the keyword tables: a reference to read, a JSON schema of a configuration written as JSON, and a TextMate
 * grammar for editors. A test holds the checked-in files to what this gives.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { allExtensions, allKeywords, blocksOfExtension, type Keyword } from '../src/config/index.ts';

/** The files by their names in grammar/. */
export function grammarFiles(): ReadonlyMap<string, string> {
  const blocks = new Map<string, Keyword[]>();
  for (const keyword of allKeywords()) blocks.set(keyword.block, [...(blocks.get(keyword.block) ?? []), keyword]);
  return new Map([
    ['keywords.md', reference(blocks)],
    ['keepalived.schema.json', `${JSON.stringify(schema(blocks), undefined, 2)}\n`],
    ['keepalived.tmLanguage.json', `${JSON.stringify(textMate(), undefined, 2)}\n`],
  ]);
}

type Blocks = ReadonlyMap<string, readonly Keyword[]>;

function reference(blocks: Blocks): string {
  const parts = [
    '# Keywords of keepalived.conf',
    '',
    'Made from the keyword tables by `scripts/generate-grammar.ts`. "Not done" keywords are known and checked, and answered with a',
    'warning: their lines have no effect yet.',
  ];
  for (const [block, keywords] of blocks) {
    parts.push('', `## ${block === '(root)' ? 'Top level' : block.replaceAll('/', ' / ')}`, '');
    parts.push('| keyword | argument | default | since | |', '| --- | --- | --- | --- | --- |');
    for (const keyword of keywords) {
      const remarks = [
        keyword.insteadUse === undefined ? [] : `deprecated: ${keyword.insteadUse}`,
        keyword.done ? [] : 'not done',
      ].flat();
      const cells = [
        `\`${keyword.name}\``,
        argument(keyword),
        keyword.default ?? '',
        keyword.since,
        remarks.join('; '),
      ];
      parts.push(`| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`);
    }
  }
  parts.push(
    '',
    '## Extensions',
    '',
    `Of Watchkeeper alone, in comments that begin with \`watchkeeper:\` (docs/extensions.md).`,
    '',
    '| extension | argument | in |',
    '| --- | --- | --- |',
    ...allExtensions().map((extension) => {
      const places = blocksOfExtension(extension.name).map((block) => `\`${block}\``);
      return `| \`${extension.name}\` | ${argument(extension)} | ${places.join(', ')} |`;
    }),
  );
  return `${parts.join('\n')}\n`;
}

/** What may follow a keyword, for people to read. */
export function argument({ args }: Keyword): string {
  switch (args.kind) {
    case 'flag':
      return '';
    case 'boolean':
      return '[on, true, yes, off, false, no]';
    case 'integer':
      return `${String(args.min)} to ${String(args.max)}${args.optional ? ', optional' : ''}`;
    case 'time':
      return `${String(args.min)} to ${String(args.max)} ${args.unitMs === 1000 ? 's' : 'ms'}`;
    case 'one-of':
      return args.values.join(', ');
    case 'words':
      return args.min === 0 ? 'words, optional' : 'words';
    case 'block':
      return '{ keywords }';
    case 'lines':
      return '{ one entry a line }';
    case 'command':
      return '"command" [user [group]]';
    case 'optional-command':
      return '["command" [user [group]]]';
    default:
      return args.kind;
  }
}

type Json = string | number | boolean | readonly Json[] | { readonly [name: string]: Json };

function schema(blocks: Blocks): Json {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'keepalived.conf as JSON: a block is an object, a line a member of it',
    $ref: '#/$defs/(root)',
    $defs: Object.fromEntries(
      [...blocks].map(([block, keywords]) => [
        definitionName(block),
        {
          type: 'object',
          additionalProperties: false,
          properties: Object.fromEntries(keywords.map((keyword) => [keyword.name, property(keyword, blocks)])),
        },
      ]),
    ),
  };
}

function definitionName(block: string): string {
  return block.replaceAll('/', '.');
}

const named: ReadonlySet<string> = new Set(
  (
    'vrrp_instance vrrp_sync_group vrrp_script vrrp_track_process track_file vrrp_track_file track_group bfd_instance ' +
    'virtual_server virtual_server_group real_server'
  ).split(' '),
);
const repeated: ReadonlySet<string> = new Set(['url', 'host', 'garp_group']);

function property(keyword: Keyword, blocks: Blocks): Json {
  const inner = keyword.block === '(root)' ? keyword.name : `${keyword.block}/${keyword.name}`;
  const isBlock = keyword.args.kind === 'block';
  const value: Json =
    isBlock && blocks.has(inner)
      ? { $ref: `#/$defs/${definitionName(inner)}` }
      : {
          ...valueSchema(keyword),
          ...(keyword.default === undefined ? {} : { description: `default: ${keyword.default}` }),
        };
  const all: Json = named.has(keyword.name)
    ? { type: 'object', description: 'by name or address', additionalProperties: value }
    : repeated.has(keyword.name) || keyword.name.endsWith('_CHECK') || keyword.name.endsWith('_GET')
      ? { anyOf: [value, { type: 'array', items: value }] }
      : value;
  return keyword.insteadUse === undefined ? all : { allOf: [all], deprecated: true };
}

function valueSchema({ args }: Keyword): Readonly<Record<string, Json>> {
  switch (args.kind) {
    case 'flag':
      return { const: true };
    case 'boolean':
      return { type: 'boolean' };
    case 'integer':
      return { type: args.optional ? ['integer', 'null'] : 'integer', minimum: args.min, maximum: args.max };
    case 'time':
      return { type: 'number', minimum: args.min, maximum: args.max };
    case 'one-of':
      return { enum: args.values };
    case 'words':
      return { type: 'array', items: { type: 'string' }, minItems: args.min };
    case 'block':
    case 'lines':
      return { type: 'array', items: { type: 'string' } };
    case 'optional-command':
      return { type: ['string', 'null'] };
    default:
      return { type: 'string' };
  }
}

function textMate(): Json {
  const names = (kinds: (keyword: Keyword) => boolean): string =>
    [
      ...new Set(
        allKeywords()
          .filter(kinds)
          .map(({ name }) => name),
      ),
    ]
      .sort()
      .join('|');
  const extensions = allExtensions()
    .map(({ name }) => name)
    .join('|');
  const isBlock = ({ args }: Keyword): boolean => args.kind === 'block' || args.kind === 'lines';
  return {
    name: 'keepalived.conf',
    scopeName: 'source.keepalived',
    fileTypes: ['keepalived.conf'],
    patterns: [
      {
        name: 'meta.extension.keepalived',
        match: `((?<!\\\\)[!#]+\\s*)(watchkeeper:)\\s*(?:(${extensions})(?![\\w-]))?([^#!]*)`,
        captures: {
          1: { name: 'comment.line.keepalived' },
          2: { name: 'keyword.control.extension.keepalived' },
          3: { name: 'keyword.other.extension.keepalived' },
          4: { name: 'string.unquoted.extension.keepalived' },
        },
      },
      { name: 'comment.line.keepalived', match: '(?<!\\\\)[!#].*$' },
      { name: 'string.quoted.double.keepalived', begin: '"', end: '"|$' },
      { name: 'keyword.control.include.keepalived', match: '^\\s*include[rmwba]?\\b' },
      { name: 'keyword.control.condition.keepalived', match: '^\\s*@\\^?\\S+' },
      { name: 'keyword.control.repeat.keepalived', match: '~(?:SEQx?|LST)\\b' },
      { name: 'variable.other.keepalived', match: '\\$(?:\\{[^}]*\\}|[A-Za-z_][A-Za-z0-9_]*)' },
      { name: 'entity.name.section.keepalived', match: `(?<![\\w-])(?:${names(isBlock)})(?![\\w-])` },
      { name: 'keyword.other.keepalived', match: `(?<![\\w-])(?:${names((keyword) => !isBlock(keyword))})(?![\\w-])` },
      {
        name: 'constant.language.keepalived',
        match: '\\b(?:MASTER|BACKUP|NAT|DR|TUN|TCP|UDP|SCTP|PASS|AH|on|off|yes|no|true|false)\\b',
      },
      { name: 'constant.numeric.keepalived', match: '\\b\\d+(?:\\.\\d+)*(?:/\\d+)?\\b' },
    ],
  };
}

if (process.argv[1] === import.meta.filename) {
  const folder = path.join(import.meta.dirname, '../grammar');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of grammarFiles()) writeFileSync(path.join(folder, name), text);
}
