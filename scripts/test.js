// Node 20's --test takes neither a glob nor .ts files from a folder, so the files are listed here.
// Usage: node scripts/test.js [--test-concurrency=N] [FOLDER|FILE.test.ts ...]   (default: test)
import { readdirSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

const options = process.argv.slice(2).filter((word) => word.startsWith('--'));
const named = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const roots = named.length > 0 ? named : ['test'];
const files = roots
  .flatMap((root) =>
    root.endsWith('.test.ts')
      ? [root]
      : readdirSync(root, { recursive: true })
          .filter((file) => file.endsWith('.test.ts'))
          .map((file) => `${root}/${file}`),
  )
  .sort();
if (files.length === 0) {
  console.error(`no test files under ${roots.join(', ')}`);
  process.exit(1);
}
const { status } = spawnSync(process.execPath, ['--import', 'tsx', '--test', ...options, ...files], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
