// Node 20's --test takes neither a glob nor .ts files from a folder, so the files are listed here.
import { readdirSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
const roots = process.argv.slice(2).length ? process.argv.slice(2) : ['test'];
const files = roots
  .flatMap((r) =>
    r.endsWith('.test.ts')
      ? [r]
      : readdirSync(r, { recursive: true })
          .filter((f) => f.endsWith('.test.ts'))
          .map((f) => `${r}/${f}`),
  )
  .sort();
if (files.length === 0) {
  console.error(`no test files under ${roots.join(', ')}`);
  process.exit(1);
}
const { status } = spawnSync(process.execPath, ['--import', 'tsx', '--test', ...files], { stdio: 'inherit' });
process.exit(status ?? 1);
