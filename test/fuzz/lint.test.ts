import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadConfig } from '../../src/config/index.ts';
import {
  allRules,
  applyFixes,
  checkstyleReport,
  githubReport,
  humanReport,
  jsonReport,
  junitReport,
  lint,
  sarifReport,
  type Facts,
  type Finding,
} from '../../src/lint/index.ts';
import { format, textFiles, type SourceFile } from '../../src/parser/index.ts';
import { changed, changes } from './mutations.ts';
import { runs } from './runs.ts';
import { corpus, corpusSeeds, ownSeeds, type Seed } from './seeds.ts';

const facts: Facts = {
  hostName: 'me',
  interfaces: [{ name: 'eth0', mtu: 1500, addresses: ['192.0.2.1/24', 'fe80::1/64', 'no address'] }],
  users: ['root'],
  programs: { '/bin/true': { executable: false } },
  sysctls: { 'net.ipv4.ip_forward': '0', 'net.ipv4.vs.sync_persist_mode': 'x' },
};
const known = new Set(allRules().map(({ id }) => id));

/** Lints and formats a file in all ways, with another one beside it, and holds the results to what must be true of any input. */
function lintAll(bytes: Uint8Array, other: Uint8Array): void {
  const files = textFiles({ '/m.conf': bytes, '/o.conf': other });
  const { findings, sources, suppressed } = lint({
    file: '/m.conf',
    files,
    peers: ['/o.conf'],
    previous: '/o.conf',
    facts,
  });
  checkFindings(findings, sources);
  const report = { version: '1', files: ['/m.conf'], findings, sources, suppressed };
  for (const make of [jsonReport, sarifReport]) JSON.parse(make(report));
  // eslint-disable-next-line no-control-regex -- what must not be in XML and on a terminal
  const forbidden = /[\x00-\x08\x0b\x0c\x0e-\x1f]/;
  for (const make of [junitReport, checkstyleReport, githubReport]) assert.doesNotMatch(make(report), forbidden);
  assert.doesNotMatch(humanReport(report, { color: false }), forbidden);
  const fixed = applyFixes(findings, sources).files.get('/m.conf');
  if (fixed !== undefined) assert.deepEqual(model(fixed), model(bytes), 'a fix changes what the file says');
  const formatted = format('/m.conf', bytes);
  if (!formatted.ok) return;
  const again = format('/m.conf', formatted.value);
  assert.ok(again.ok && Buffer.from(again.value).equals(Buffer.from(formatted.value)), 'the form of the form');
  assert.deepEqual(model(formatted.value), model(bytes), 'the form says something else');
}

function checkFindings(findings: readonly Finding[], sources: readonly SourceFile[]): void {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const counts = new Map<string, number>();
  for (const { rule, message, hint, span, related = [] } of findings) {
    assert.ok(known.has(rule), rule);
    assert.ok(message !== '' && message.length + (hint?.length ?? 0) < 4000, `${rule}: ${message.slice(0, 200)}`);
    counts.set(rule, (counts.get(rule) ?? 0) + 1);
    assert.ok((counts.get(rule) ?? 0) <= 205, `${rule} is told too often`);
    for (const place of [...(span === undefined ? [] : [span]), ...related.map((one) => one.span)]) {
      const source = byPath.get(place.file);
      const [start, end] = [source?.offset(place.line, place.column), source?.offset(place.endLine, place.endColumn)];
      assert.ok(start !== undefined && end !== undefined && start <= end, `${rule}: ${JSON.stringify(place)}`);
    }
  }
}

/** The typed model without places. */
function model(bytes: Uint8Array): unknown {
  const { config } = loadConfig({
    file: '/m.conf',
    files: textFiles({ '/m.conf': bytes }),
    configId: 'me',
    hostName: 'me',
    random: () => 0.5,
  });
  return JSON.parse(JSON.stringify(config, (key, value: unknown) => (key === 'span' ? undefined : value)));
}

function mutate(seeds: readonly Seed[], usual: number): void {
  const one = fc.constantFrom(...seeds);
  fc.assert(
    fc.property(one, one, changes, (seed, other, list) => {
      lintAll(changed(seed.bytes, other.bytes, list), other.bytes);
    }),
    runs(usual),
  );
}

test('every example and every small configuration is linted and formatted', () => {
  for (const { bytes } of ownSeeds) lintAll(bytes, bytes);
});

test('and what becomes of them by mistakes', () => {
  mutate(ownSeeds, 500);
});

test('real configurations', { skip: corpusSeeds.length === 0 && `${corpus} is not there` }, () => {
  for (const { bytes } of corpusSeeds) lintAll(bytes, bytes);
  mutate(corpusSeeds, 150);
});
