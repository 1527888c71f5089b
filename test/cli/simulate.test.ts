import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { runCommand } from './run-command.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'watchkeeper-simulate-'));
after(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): string {
  const at = path.join(folder, name);
  writeFileSync(at, text);
  return at;
}

const example = ['director1', 'director2'].map((name) => `examples/two-director-nat/${name}.conf`);

describe('the page of watchkeeper simulate', () => {
  const page = 'docs/simulate.md';
  const text = readFileSync(page, 'utf8');

  /** WATCHKEEPER_UPDATE=1 writes the outputs anew: read the difference before it is committed. */
  test('shows what its commands print', async () => {
    let shown = text;
    const blocks = [...text.matchAll(/```\n\$ watchkeeper (simulate .*)\n([^]*?)```\n/g)];
    assert.equal(blocks.length, 2);
    for (const [block, command = '', printed] of blocks) {
      const { out, err, status } = await runCommand(...command.split(' '));
      assert.equal(err, '');
      const said = `${out}\nexit status ${String(status)}\n`;
      if (process.env['WATCHKEEPER_UPDATE'] === '1')
        shown = shown.replace(block, () => `\`\`\`\n$ watchkeeper ${command}\n${said}\`\`\`\n`);
      else assert.equal(printed, said);
    }
    if (shown !== text) writeFileSync(page, shown);
  });
});

describe('watchkeeper simulate', () => {
  test('without a script plays each link and each director', async () => {
    const { out, status } = await runCommand('simulate', ...example);
    assert.match(out, /director1 eth0 down {2,}nobody/);
    assert.match(out, /director2 power on {2,}director1/);
    assert.match(out, /all \d+ expectations held/);
    assert.equal(status, 0);
  });

  test('--print-script prints one that can be played', async () => {
    const { out } = await runCommand('simulate', ...example, '--print-script');
    const played = await runCommand('simulate', ...example, '--script', file('own.txt', out));
    assert.equal(played.status, 0);
  });

  test('the same seed gives the same bytes, another seed others', async () => {
    const script = file('loss.txt', 'at 5s: loss 60%\nend at 60s\n');
    const [first, second, other] = await Promise.all(
      ['7', '7', '8'].map((seed) =>
        runCommand('simulate', ...example, '--script', script, '--seed', seed, '--format', 'json'),
      ),
    );
    assert.equal(first?.out, second?.out);
    assert.notEqual(first?.out, other?.out);
  });

  test('an expectation that fails is told with its place, and is the exit status', async () => {
    const script = file('short.txt', 'at 10s: d1 kill\nexpect d2 master within 1s\n');
    const { out, status } = await runCommand('simulate', ...example, '--script', script);
    assert.ok(out.includes(`${script}:2:1: failed: expect d2 master within 1s`), out);
    assert.match(out, /VI_EXTERNAL director2 BACKUP until 13\.\d+ s, right after 3\.\d+ s/);
    assert.equal(status, 1);
  });

  test('json has the verdicts and every change', async () => {
    const script = file('json.txt', 'at 10s: d1 kill\nexpect d2 master within 4s\n');
    const { out, status } = await runCommand('simulate', ...example, '--script', script, '--format', 'json');
    const report = JSON.parse(out) as {
      readonly routers: readonly {
        readonly name: string;
        readonly changes: readonly { readonly masters: readonly string[] }[];
      }[];
      readonly expectations: readonly { readonly held: boolean }[];
    };
    assert.equal(status, 0);
    assert.deepEqual(
      report.routers.map(({ name }) => name),
      ['VI_EXTERNAL', 'VI_INTERNAL'],
    );
    assert.deepEqual(
      report.routers[0]?.changes.map(({ masters }) => masters),
      [[], ['director1'], [], ['director2']],
    );
    assert.deepEqual(
      report.expectations.map(({ held }) => held),
      [true],
    );
  });

  const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['a file that is not there', ['nowhere.conf'], /nowhere\.conf cannot be used/],
    ['a script that is not there', [...example, '--script', 'nowhere.txt'], /nowhere\.txt cannot be read: ENOENT/],
    ['no VRRP', [file('no.conf', 'global_defs {\n}\n')], /there is no vrrp_instance/],
    ['a seed that is none', [...example, '--seed', '-1'], /0 to 4294967295/],
    ['no director', [], /missing required argument/],
    [
      'a name that is not there',
      [...example, '--script', file('name.txt', 'at 1s: d1 eth7 down\n')],
      /name\.txt:1:11: error: there is no interface 'eth7' of d1 \(eth0, eth1\)/,
    ],
    [
      'a reload with a file that is not there',
      [...example, '--script', file('reload.txt', 'at 1s: d1 reload nowhere.conf\n')],
      /nowhere\.conf cannot be used/,
    ],
  ];
  for (const [name, words, message] of wrong) {
    test(`${name}: 2, and why`, async () => {
      const { out, err, status } = await runCommand('simulate', ...words);
      assert.match(err, message);
      assert.equal(out, '');
      assert.equal(status, 2);
    });
  }
});
