// Everything `npm test` checks, step by step. All steps run even when one fails; the last line counts tests
// ("N passed, N failed, N skipped"), and the exit status is 0 only if every step was right.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';

const privileged = new Set(['kernel', 'interop', 'lab']);
const folders = readdirSync('test', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .filter((entry) => readdirSync(`test/${entry.name}`, { recursive: true }).some((file) => file.endsWith('.test.ts')))
  .map((entry) => entry.name);
const pureTests = folders.filter((name) => !privileged.has(name)).map((name) => `test/${name}`);
const kernelTests = folders.filter((name) => privileged.has(name)).map((name) => `test/${name}`);

const steps = [
  ['format', 'prettier', ['--check', '--log-level', 'warn', '.']],
  ['lint', 'eslint', ['--max-warnings', '0', '.']],
  ['types', 'tsc', ['-p', 'tsconfig.json']],
  ['import rules', 'depcruise', ['--config', '.dependency-cruiser.cjs', 'src']],
  ['dead code', 'knip', ['--no-progress']],
  ['unit, golden, wire, property', process.execPath, ['scripts/test.js', ...pureTests]],
  // These wait for timers of daemons more than for a processor.
  ['kernel, interop', process.execPath, ['scripts/test.js', '--test-concurrency=2', ...kernelTests]],
].filter(([name]) => name !== 'kernel, interop' || kernelTests.length > 0);

const counts = { pass: 0, fail: 0, skipped: 0 };
const results = [];

function run(name, command, args) {
  return new Promise((resolve) => {
    const started = Date.now();
    console.log(`\n=== ${name}`);
    const program = command.includes('/') ? command : `node_modules/.bin/${command}`;
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let tail = '';
    let line = '';
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
      tail = (tail + chunk.toString()).slice(-4000);
      const lines = (line + chunk.toString()).split('\n');
      line = lines.pop();
      // The runner's own number leaves out the suites that are skipped as a whole.
      counts.skipped += lines.filter((text) => text.includes(' # SKIP')).length;
    });
    child.on('error', (error) => {
      console.error(`${name}: ${error.message}`);
      resolve({ name, ok: false, seconds: 0 });
    });
    child.on('close', (status) => {
      for (const key of ['pass', 'fail']) {
        const match = [...tail.matchAll(new RegExp(`^(?:ℹ|#) ${key} (\\d+)$`, 'gm'))].at(-1);
        counts[key] += match === undefined ? 0 : Number(match[1]);
      }
      resolve({ name, ok: status === 0, seconds: (Date.now() - started) / 1000 });
    });
  });
}

for (const [name, command, args] of steps) results.push(await run(name, command, args));

console.log('\n=== summary');
const width = Math.max(...results.map(({ name }) => name.length));
for (const { name, ok, seconds } of results) {
  console.log(`${name.padEnd(width)}  ${ok ? 'ok    ' : 'FAILED'}  ${seconds.toFixed(1).padStart(6)} s`);
}
const failedSteps = results.filter(({ ok }) => !ok).length;
console.log(`${counts.pass} passed, ${counts.fail} failed, ${counts.skipped} skipped`);
process.exit(failedSteps === 0 && counts.fail === 0 && counts.pass > 0 ? 0 : 1);
