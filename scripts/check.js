// Everything `npm test` checks, step by step. All steps run even when one fails; the last line counts tests
// ("N passed, N failed, N skipped"), and the exit status is 0 only if every step was right. Files with a test that fails
// beside others are run once more, one by one; the line before the last names them.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';

const privileged = new Set(['kernel', 'interop', 'lab']);
const folders = readdirSync('test', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .filter((entry) => readdirSync(`test/${entry.name}`, { recursive: true }).some((file) => file.endsWith('.test.ts')))
  .map((entry) => entry.name);
const pureTests = folders.filter((name) => !privileged.has(name)).map((name) => `test/${name}`);
const kernelTests = folders.filter((name) => privileged.has(name)).map((name) => `test/${name}`);

const tests = (...words) => [process.execPath, ['scripts/test.js', '--test-concurrency=2', ...words]];
/** Steps of one row run at the same time; each tells at its end. */
const rows = [
  [
    ['lint', 'eslint', ['--max-warnings', '0', '.']],
    ['format', 'prettier', ['--check', '--log-level', 'warn', '.']],
  ],
  [
    ['types', 'tsc', ['-p', 'tsconfig.json']],
    ['import rules', 'depcruise', ['--config', '.dependency-cruiser.cjs', 'src']],
    ['dead code', 'knip', ['--no-progress']],
  ],
  [['unit, golden, wire, property', ...tests('--together', ...pureTests)]],
  // These wait for timers of daemons more than for a processor.
  ...(kernelTests.length > 0 ? [[['kernel, interop', ...tests(...kernelTests)]]] : []),
];

const nothing = { pass: 0, fail: 0, skipped: 0 };

/** `tell` gets what it prints. */
function run(name, command, args, tell) {
  return new Promise((resolve) => {
    const started = Date.now();
    const program = command.includes('/') ? command : `node_modules/.bin/${command}`;
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', tell);
    child.stderr.on('data', tell);
    const counts = { ...nothing };
    const failedFiles = new Set();
    let rest = '';
    child.stdout.on('data', (chunk) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        const count = /^(?:ℹ|#) (pass|fail) (\d+)$/.exec(line);
        if (count !== null) counts[count[1]] = Number(count[2]);
        // The runner's own number leaves out the suites that are skipped as a whole.
        if (line.includes(' # SKIP')) counts.skipped++;
        const file = /^ +location: '(.+\.test\.ts)/.exec(line)?.[1];
        if (file !== undefined) failedFiles.add(path.relative('.', file));
      }
    });
    const end = (ok) => {
      resolve({ name, ok, seconds: (Date.now() - started) / 1000, counts, failedFiles: [...failedFiles] });
    };
    child.on('error', (error) => {
      console.error(`${name}: ${error.message}`);
      end(false);
    });
    child.on('close', (status) => {
      end(status === 0);
    });
  });
}

const write = (chunk) => process.stdout.write(chunk);

/** One step prints as it goes; of several at a time each prints at its end. */
function told(step, alone) {
  const title = `\n=== ${step[0]}\n`;
  if (alone) {
    write(title);
    return run(...step, write);
  }
  const chunks = [];
  return run(...step, (chunk) => chunks.push(chunk)).then((result) => {
    write(title);
    for (const chunk of chunks) write(chunk);
    return result;
  });
}

const results = [];
const remarks = [];
for (const row of rows)
  for (const result of await Promise.all(row.map((step) => told(step, row.length === 1)))) {
    results.push(result);
    if (result.ok || result.failedFiles.length === 0) continue;
    // Daemons with timers of a second, on a machine that others stall: what fails beside others gets one chance more with the machine to itself.
    const words = ['scripts/test.js', '--test-concurrency=1', ...result.failedFiles];
    const again = await told([`${result.name}, once more, one by one`, process.execPath, words], true);
    if (!again.ok) continue;
    remarks.push(`failed beside other tests and not alone: ${result.failedFiles.join(', ')}`);
    result.ok = true;
    result.counts = { ...result.counts, pass: result.counts.pass + result.counts.fail, fail: 0 };
    result.seconds += again.seconds;
  }

console.log('\n=== summary');
const width = Math.max(...results.map(({ name }) => name.length));
for (const { name, ok, seconds } of results) {
  console.log(`${name.padEnd(width)}  ${ok ? 'ok    ' : 'FAILED'}  ${seconds.toFixed(1).padStart(6)} s`);
}
for (const remark of remarks) console.log(remark);
const total = (key) => results.reduce((sum, { counts }) => sum + counts[key], 0);
console.log(`${total('pass')} passed, ${total('fail')} failed, ${total('skipped')} skipped`);
process.exit(results.every(({ ok }) => ok) && total('fail') === 0 && total('pass') > 0 ? 0 : 1);
