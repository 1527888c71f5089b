import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, describe, test } from 'node:test';

const root = path.join(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'watchkeeper-action-'));
after(() => {
  rmSync(folder, { recursive: true });
});

const instance = (keyword: string): string =>
  `vrrp_instance VI_1 {\n    interface eth0\n    virtual_router_id 51\n    ${keyword} 100\n    virtual_ipaddress {\n        192.0.2.10/24\n    }\n}\n`;
for (const [name, keyword] of [
  ['good.conf', 'priority'],
  ['bad.conf', 'prioriti'],
] as const)
  writeFileSync(path.join(folder, name), instance(keyword), { mode: 0o644 });
writeFileSync(path.join(folder, 'messy.conf'), instance('priority').replace('    interface', '  interface'), {
  mode: 0o644,
});

const skip = existsSync(path.join(root, 'dist/bin/watchkeeper.cjs')) ? false : 'it is not built: npm run build';

/** Runs what action.yml runs, with the inputs that it hands over. */
function runAction(inputs: Readonly<Record<string, string>>): { readonly status: number | null; readonly out: string } {
  const { status, stdout, stderr } = spawnSync('sh', [path.join(root, 'scripts/action.sh')], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', GITHUB_ACTION_PATH: root, ...inputs },
    encoding: 'utf8',
  });
  return { status, out: stdout + stderr };
}

describe('the GitHub Action', { skip }, () => {
  test('errors are annotations, and fail the job', () => {
    const { status, out } = runAction({ LINT_FILES: 'good.conf bad.conf' });
    assert.equal(status, 3, out);
    assert.match(out, /^::error file=bad\.conf,line=4,endLine=4,col=5,endColumn=13,title=unknown-keyword::/m);
  });

  test('warnings fail it where the level says so', () => {
    const inputs = { LINT_FILES: 'good.conf', LINT_PEERS: 'good.conf' };
    assert.equal(runAction(inputs).status, 0);
    assert.equal(runAction({ ...inputs, LINT_FAIL_LEVEL: 'warning' }).status, 3);
  });

  test('the form of the files can be asked for', () => {
    assert.equal(runAction({ LINT_FILES: 'good.conf messy.conf' }).status, 0);
    const { status, out } = runAction({ LINT_FILES: 'good.conf messy.conf', LINT_FMT: 'true' });
    assert.equal(status, 3);
    assert.match(out, /^\+\+\+ messy\.conf$/m);
  });

  test('a setting that is wrong is told', () => {
    const { status, out } = runAction({ LINT_FILES: 'good.conf', LINT_TARGET: '9.9' });
    assert.equal(status, 2);
    assert.match(out, /2\.0\.20 to 2\.4\.3/);
  });

  test('every input reaches the script', () => {
    const action = readFileSync(path.join(root, 'action.yml'), 'utf8');
    const script = readFileSync(path.join(root, 'scripts/action.sh'), 'utf8');
    const inputs = [...action.matchAll(/^ {2}([a-z-]+):\n {4}description/gm)].map((match) => match[1] ?? '');
    assert.ok(inputs.length >= 6);
    for (const input of inputs) {
      const variable = `LINT_${input.toUpperCase().replaceAll('-', '_')}`;
      assert.ok(action.includes(`${variable}: \${{ inputs.${input} }}`), input);
      assert.ok(script.includes(variable), variable);
    }
  });
});
