import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { hasRegexLibrary } from '../../src/platform/index.ts';
import { runCommand } from './run-command.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'watchkeeper-lint-'));
after(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): string {
  const whole = path.join(folder, name);
  writeFileSync(whole, text, { mode: 0o644 });
  return whole;
}

const instance = (priority: string): string =>
  `vrrp_instance VI_1 {\n  interface eth0\n  virtual_router_id 51\n  ${priority}\n  virtual_ipaddress {\n    192.0.2.10/24\n  }\n}\n`;
const clean = file('clean.conf', instance('priority 100'));
const broken = file('broken.conf', instance('prioriti 100\n  priority 100'));
const warned = file('warned.conf', `${instance('priority 100')}vrrp_track_file x {\n  file /run/x\n}\n`);

interface Row {
  readonly name: string;
  readonly words: readonly string[];
  readonly status: number;
  readonly out?: RegExp;
  readonly err?: RegExp;
}

const rows: readonly Row[] = [
  { name: 'a clean file', words: [clean], status: 0, out: /^1 file: 0 errors, 0 warnings\n$/ },
  { name: 'an error', words: [broken], status: 3, out: /broken\.conf:4:3: error: .*\[unknown-keyword\]/ },
  { name: 'warnings only', words: [warned], status: 0, out: /warning: .*\[deprecated-keyword\]/ },
  { name: 'warnings that count', words: ['--fail-level', 'warning', warned], status: 3 },
  { name: 'only errors are told', words: ['--level', 'error', warned], status: 0, out: /: 0 errors, 0 warnings/ },
  { name: 'several files', words: [clean, broken], status: 3, out: /^2 files: 1 error/m },
  { name: 'a rule less', words: ['--disable', 'unknown-keyword', broken], status: 0 },
  { name: 'a peer of equal priority', words: [clean, '--peer', clean], status: 0, out: /\[peer-priority\]/ },
  {
    name: 'a peer that is not there',
    words: [clean, '--peer', '/none.conf'],
    status: 3,
    out: /\/none\.conf' does not exist/,
  },
  { name: 'a file that is not there is an error here', words: ['/none.conf'], status: 3, out: /\[config-missing\]/ },
  { name: 'a folder', words: [folder], status: 3, out: /is a directory.*\[config-unreadable\]/ },
  { name: 'JSON', words: ['--format', 'json', broken], status: 3, out: /^\{\n {2}"formatVersion": 1,/ },
  { name: 'the list of rules', words: ['--list-rules'], status: 0, out: /^shell-syntax +error +\S/m },
  { name: 'the page of a rule', words: ['--explain', 'shell-syntax'], status: 0, out: /^# shell-syntax\n/ },
  { name: 'help', words: ['--help'], status: 0, out: /Usage: watchkeeper lint/ },
  { name: 'an unknown option', words: ['--frmat', 'json'], status: 2, err: /--format/ },
  { name: 'an unknown form', words: ['--format', 'xml'], status: 2, err: /human, json, sarif/ },
  {
    name: 'an unknown rule to disable',
    words: ['--disable', 'nonsense', clean],
    status: 2,
    err: /'nonsense' is not a rule/,
  },
  { name: 'an unknown rule to explain', words: ['--explain', '../../package'], status: 2, err: /is not a rule/ },
  { name: 'an unknown version', words: ['--target', '1.0', clean], status: 2, err: /2\.0\.20 to 2\.4\.3/ },
  {
    name: 'facts that are not there',
    words: ['--facts', '/none.json', clean],
    status: 2,
    err: /\/none\.json cannot be read/,
  },
  { name: 'facts that are none', words: ['--facts', clean, clean], status: 2, err: /cannot be used: it is not JSON/ },
  {
    name: 'two sources of facts',
    words: ['--facts', clean, '--this-host', clean],
    status: 2,
    err: /do not go together/,
  },
];

describe('watchkeeper lint', () => {
  for (const { name, words, status, out, err } of rows) {
    test(name, async () => {
      const run = await runCommand('lint', ...words);
      assert.equal(run.status, status, run.out + run.err);
      if (out !== undefined) assert.match(run.out, out);
      if (err !== undefined) assert.match(run.err, err);
      // What could not run says so on the error output alone.
      if (status === 2) assert.equal(run.out, '');
    });
  }

  test('--target: keywords of a later version', async () => {
    const late = file('late.conf', `global_defs {\n  vrrp_delay_after_boot 5\n}\n${instance('priority 100')}`);
    assert.equal((await runCommand('lint', late)).status, 0);
    const old = await runCommand('lint', '--target', '2.0.20', late);
    assert.equal(old.status, 3);
    assert.match(old.out, /late\.conf:2:3: error: .*not known to keepalived 2\.0\.20.*\[keyword-too-new\]/);
  });

  test('@id lines: each id of the file is tried, one alone when it is named', async () => {
    const both = file('ids.conf', `@lb1 prioriti 1\n@lb2 prioritz 1\n${instance('priority 100')}`);
    assert.match((await runCommand('lint', both)).out, /2 errors/);
    const one = await runCommand('lint', '-i', 'lb2', both);
    assert.match(one.out, /1 error,/);
    assert.match(one.out, /prioritz/);
  });

  test('--output writes to the file instead', async () => {
    const target = path.join(folder, 'out.json');
    const run = await runCommand('lint', '--format', 'json', '-o', target, broken);
    assert.equal(run.out, '');
    assert.equal((JSON.parse(readFileSync(target, 'utf8')) as { summary: { errors: number } }).summary.errors, 1);
  });

  test('a regex is shown to PCRE2 itself', { skip: !hasRegexLibrary() && 'PCRE2 is not installed' }, async () => {
    const check = 'HTTP_GET {\n url {\n path /\n regex "a{2,1}"\n }\n }';
    const text = `virtual_server 192.0.2.1 80 {\n lb_algo rr\n lb_kind NAT\n real_server 192.0.2.2 80 {\n ${check}\n }\n}\n`;
    const run = await runCommand('lint', file('regex.conf', text));
    assert.match(run.out, /regex\.conf:\d+:8: error: .* not valid at offset \d: numbers out of order.*\[bad-regex\]/);
  });

  test('a baseline: what is known is no error any more', async () => {
    const known = path.join(folder, 'baseline.json');
    assert.equal((await runCommand('lint', '--write-baseline', known, broken)).status, 0);
    const run = await runCommand('lint', '--baseline', known, broken);
    assert.equal(run.status, 0);
    assert.match(run.out, /0 errors, 0 warnings, 1 ignored/);
  });

  test('--fix mends the file, keeps its mode, and follows a link', async () => {
    const mended = file('mend.conf', readFileSync(warned, 'utf8'));
    chmodSync(mended, 0o640);
    const link = path.join(folder, 'link.conf');
    symlinkSync(mended, link);
    const run = await runCommand('lint', '--fix', link);
    assert.match(run.err, /1 mended/);
    assert.match(readFileSync(mended, 'utf8'), /^track_file x/m);
    assert.equal(statSync(mended).mode & 0o777, 0o640);
    assert.equal((await runCommand('lint', '--level', 'info', mended)).out.includes('deprecated'), false);
  });

  test('what facts writes, lint reads', async () => {
    const facts = path.join(folder, 'facts.json');
    assert.equal((await runCommand('facts', '-f', clean, '-o', facts)).status, 0);
    const elsewhere = file('elsewhere.conf', instance('priority 100').replace('eth0', 'nosuchport0'));
    const run = await runCommand('lint', '--facts', facts, elsewhere);
    assert.match(run.out, /nosuchport0.*\[no-such-interface\]/);
    assert.equal(run.status, 3);
    assert.match((await runCommand('lint', '--this-host', elsewhere)).out, /nosuchport0.*\[no-such-interface\]/);
  });
});

describe('watchkeeper fmt', () => {
  const messy = 'global_defs\n{\n router_id   A\n}\n';
  const neat = 'global_defs {\n    router_id A\n}\n';

  test('rewrites a file, and says so', async () => {
    const target = file('messy1.conf', messy);
    const run = await runCommand('fmt', target);
    assert.equal(run.status, 0);
    assert.match(run.err, /messy1\.conf: formatted/);
    assert.equal(readFileSync(target, 'utf8'), neat);
    assert.deepEqual(await runCommand('fmt', target), { status: 0, out: '', err: '' });
  });

  test('--check names what is not in form, and changes nothing', async () => {
    const target = file('messy2.conf', messy);
    const done = file('neat2.conf', neat);
    const run = await runCommand('fmt', '--check', target, done);
    assert.equal(run.status, 3);
    assert.equal(run.out, `${target}\n`);
    assert.equal(readFileSync(target, 'utf8'), messy);
  });

  test('--diff shows what would change', async () => {
    const target = file('messy3.conf', messy);
    const run = await runCommand('fmt', '--diff', target);
    assert.equal(run.status, 3);
    assert.equal(
      run.out,
      `--- ${target}\n+++ ${target}\n@@ -1,4 +1,3 @@\n-global_defs\n-{\n- router_id   A\n+global_defs {\n+    router_id A\n }\n`,
    );
    assert.equal(readFileSync(target, 'utf8'), messy);
  });

  test('a file whose braces do not match is left alone', async () => {
    const text = 'a {\n  b 1\nc {\n  d 2\n}\n';
    const target = file('open.conf', text);
    const run = await runCommand('fmt', target);
    assert.equal(run.status, 2);
    assert.match(run.err, /open\.conf:3:1: its braces do not match/);
    assert.equal(readFileSync(target, 'utf8'), text);
  });

  test('a file that is not there', async () => {
    const run = await runCommand('fmt', '/none.conf');
    assert.equal(run.status, 2);
    assert.match(run.err, /\/none\.conf does not exist/);
  });
});
