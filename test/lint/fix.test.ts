import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadConfig } from '../../src/config/index.ts';
import { applyFixes, lint } from '../../src/lint/index.ts';
import { textFiles } from '../../src/parser/index.ts';

const service = (lines: string): string =>
  `virtual_server 192.0.2.1 80 {\n  delay_loop 6\n  lb_algo rr\n  lb_kind NAT\n  protocol TCP\n${lines}  real_server 198.51.100.1 80 {\n    TCP_CHECK {\n    }\n  }\n}\n`;

interface Row {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

const rows: readonly Row[] = [
  {
    name: 'a keyword gets its name of today',
    before: 'vrrp_track_file x {\n  file /run/x\n}\n',
    after: 'track_file x {\n  file /run/x\n}\n',
  },
  { name: 'a line without effect goes', before: service('  ops # fast\n'), after: service('  # fast\n') },
  { name: 'and its place with it', before: service('  ops\n'), after: service('') },
  {
    name: 'on a line with others only the words go',
    before: service('  quorum 1\n').replace('lb_kind NAT', 'lb_kind NAT\n  ops'),
    after: service('  quorum 1\n'),
  },
  {
    name: 'what comes from a definition stays',
    before: `$O=ops\n${service('  $O\n')}`,
    after: `$O=ops\n${service('  $O\n')}`,
  },
];

describe('--fix', () => {
  for (const { name, before, after } of rows) {
    test(name, () => {
      const linted = lint({ file: 'x.conf', files: textFiles({ 'x.conf': before }) });
      const fixed = applyFixes(linted.findings, linted.sources);
      const bytes = fixed.files.get('x.conf');
      assert.equal(bytes === undefined ? before : new TextDecoder().decode(bytes), after);
    });
  }

  test('changes nothing of what the file says', () => {
    for (const { before, after } of rows) assert.deepEqual(model(after), model(before));
  });

  test('an edit whose text is no longer there is not made', () => {
    const linted = lint({ file: 'x.conf', files: textFiles({ 'x.conf': rows[0]?.before ?? '' }) });
    const { sources } = lint({ file: 'x.conf', files: textFiles({ 'x.conf': 'something else\n' }) });
    assert.equal(applyFixes(linted.findings, sources).files.size, 0);
  });

  test('bytes that are not UTF-8 are kept', () => {
    const bytes = Buffer.concat([
      Buffer.from('# caf'),
      Buffer.from([0xe9]),
      Buffer.from('\nvrrp_track_file x {\n file /x\n}\n'),
    ]);
    const linted = lint({ file: 'x.conf', files: textFiles({ 'x.conf': bytes }) });
    const fixed = applyFixes(linted.findings, linted.sources).files.get('x.conf');
    assert.equal(Buffer.from(fixed ?? []).toString('latin1'), '# caf\xe9\ntrack_file x {\n file /x\n}\n');
  });
});

/** The typed model without places. */
function model(text: string): unknown {
  const { config } = loadConfig({
    file: 'x.conf',
    files: textFiles({ 'x.conf': text }),
    configId: 'a',
    hostName: 'a',
    random: () => 0.5,
  });
  return JSON.parse(JSON.stringify(config, (key, value: unknown) => (key === 'span' ? undefined : value)));
}
