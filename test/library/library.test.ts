import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { describe, test } from 'node:test';

const root = path.join(import.meta.dirname, '../..');
const skip = existsSync(path.join(root, 'dist/index.d.ts')) ? false : 'it is not built: npm run build';

const program = `import { format, lint, parseConfig, printLayout, readLayout, textFiles, type Finding, type Statement } from 'watchkeeper';

const text = 'vrrp_instance VI_1 {\\n  prioriti 100 # high\\n}\\n';
const { findings }: { readonly findings: readonly Finding[] } = lint({ file: 'x.conf', files: textFiles({ 'x.conf': text }) });
const { tree } = parseConfig({ file: 'x.conf', files: textFiles({ 'x.conf': text }) });
const [first]: readonly Statement[] = tree.statements;
const bytes = new TextEncoder().encode(text);
const formatted = format('x.conf', bytes);
const printed = new TextDecoder().decode(printLayout(readLayout('x.conf', bytes)));
export const seen: string = JSON.stringify({
  rules: findings.map(({ rule }) => rule).filter((rule) => rule === 'unknown-keyword'),
  span: first?.keyword.span,
  formatted: formatted.ok ? new TextDecoder().decode(formatted.value) : formatted.error.text,
  same: printed === text,
});
`;

describe('the package', { skip }, () => {
  test('is typed and works for who imports it, without the types of Node', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'watchkeeper-library-'));
    try {
      mkdirSync(path.join(folder, 'node_modules'));
      symlinkSync(root, path.join(folder, 'node_modules/watchkeeper'));
      writeFileSync(path.join(folder, 'user.mts'), program);
      const options = ['--strict', '--module', 'nodenext', '--target', 'es2022'];
      const tsc = spawnSync(
        process.execPath,
        [path.join(root, 'node_modules/typescript/bin/tsc'), ...options, 'user.mts'],
        {
          cwd: folder,
          encoding: 'utf8',
        },
      );
      assert.equal(tsc.stdout, '');
      const run = spawnSync(
        process.execPath,
        ['-e', "import('./user.mjs').then(({ seen }) => process.stdout.write(seen))"],
        {
          cwd: folder,
          encoding: 'utf8',
        },
      );
      assert.equal(run.stderr, '');
      assert.deepEqual(JSON.parse(run.stdout), {
        rules: ['unknown-keyword'],
        span: { file: 'x.conf', line: 1, column: 1, endLine: 1, endColumn: 14 },
        formatted: 'vrrp_instance VI_1 {\n    prioriti 100 # high\n}\n',
        same: true,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
