import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { grammarFiles } from '../../scripts/generate-grammar.ts';
import { allExtensions, allKeywords, findKeyword, nearestKeyword } from '../../src/config/index.ts';

test('grammar/ is what the keyword tables give', () => {
  for (const [name, text] of grammarFiles())
    assert.ok(
      readFileSync(`grammar/${name}`, 'utf8') === text,
      `grammar/${name} is not current: run npx tsx scripts/generate-grammar.ts`,
    );
});

test('the editor grammar colours a whole keyword, not its beginning', () => {
  const grammar = JSON.parse(readFileSync('grammar/keepalived.tmLanguage.json', 'utf8')) as {
    readonly patterns: readonly { readonly name: string; readonly match?: string }[];
  };
  const { match = '' } = grammar.patterns.find(({ name }) => name.startsWith('keyword.other')) ?? {};
  for (const word of ['virtual_router_id', 'sh-port', 'notify_master_rx_lower_pri'])
    assert.equal(new RegExp(match).exec(`  ${word} 1`)?.[0], word);
});

test('extensions are in the reference, and the editor grammar colours them in their comments, and nothing else of comments', () => {
  const reference = readFileSync('grammar/keywords.md', 'utf8');
  for (const { name } of allExtensions()) assert.match(reference, new RegExp(`^\\| \`${name}\` \\| `, 'm'));
  const grammar = JSON.parse(readFileSync('grammar/keepalived.tmLanguage.json', 'utf8')) as {
    readonly patterns: readonly { readonly match?: string; readonly captures?: object }[];
  };
  const { match = '' } = grammar.patterns.find(({ captures }) => captures !== undefined) ?? {};
  const coloured = (line: string): readonly (string | undefined)[] => new RegExp(match).exec(line)?.slice(2) ?? [];
  assert.deepEqual(coloured('  # watchkeeper: tls_ca_file /a # why'), ['watchkeeper:', 'tls_ca_file', ' /a ']);
  assert.deepEqual(coloured('x ! watchkeeper: tls_verifyy'), ['watchkeeper:', undefined, 'tls_verifyy']);
  for (const line of ['# see watchkeeper: tls_verify', 'tls_verify on', 'x \\# watchkeeper: tls_verify'])
    assert.deepEqual(coloured(line), []);
});

test('all keywords of keepalived 2.4.3 are in the tables', () => {
  assert.equal(allKeywords().length, 531);
});

test('ranges are ranges', () => {
  for (const { block, name, args } of allKeywords())
    if (args.kind === 'integer' || args.kind === 'time') assert.ok(args.min < args.max, `${block} ${name}`);
});

test('a keyword is found in its own block only, and the nearest name is offered', () => {
  assert.equal(findKeyword('vrrp_instance', 'virtual_router_id')?.block, 'vrrp_instance');
  assert.equal(findKeyword('virtual_server', 'virtual_router_id'), undefined);
  assert.equal(nearestKeyword('virtual_server', 'lb_alog'), 'lb_algo');
  assert.equal(nearestKeyword('virtual_server', 'something_else_altogether'), undefined);
});
