// Node 20's --test takes neither a glob nor .ts files from a folder, so the files are listed here.
// Usage: node scripts/test.js [--test-concurrency=N] [--together] [FOLDER|FILE.test.ts ...]   (default: test)
// --together: files of one folder without hooks of their own share a process, since half of a short file's time is the loading of what it tests.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const together = '--together';

const options = process.argv.slice(2).filter((word) => word.startsWith('--') && word !== together);
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

/** A program that runs the tests of several files. */
function joined(folder, files) {
  const cache = path.resolve('node_modules/.cache/watchkeeper-tests');
  mkdirSync(cache, { recursive: true });
  const program = path.join(cache, `${folder.replaceAll(/[^\w-]/g, '-')}.mjs`);
  writeFileSync(program, files.map((file) => `import '${pathToFileURL(path.resolve(file)).href}';\n`).join(''));
  return program;
}

function programs() {
  if (!process.argv.includes(together)) return files;
  const hasHooks = (file) => /^(before|after)(Each)?\(/m.test(readFileSync(file, 'utf8'));
  const alone = files.filter(hasHooks);
  const folders = new Map();
  for (const file of files.filter((one) => !alone.includes(one))) {
    const folder = path.dirname(file);
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return [...[...folders].map(([folder, own]) => (own.length === 1 ? own[0] : joined(folder, own))), ...alone];
}

const { status } = spawnSync(process.execPath, ['--import', 'tsx', '--test', ...options, ...programs()], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
