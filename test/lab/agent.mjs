// Runs inside the lab (a guest kernel, or fresh namespaces of this one) and does what the runner asks: one JSON object a line, both ways.
// It ends with everything that it started when its input ends.
import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

const [device] = process.argv.slice(2);
const input = device === undefined ? process.stdin : createReadStream(device);
const output = device === undefined ? process.stdout : createWriteStream(device, { flags: 'a' });
const children = new Map();

const say = (message) => output.write(`${JSON.stringify(message)}\n`);
const now = () => Number(process.hrtime.bigint() / 1000n) / 1000;

function start(ns, command, options) {
  const shell = ['bash', '-c', command];
  const argv = ns === undefined ? shell : ['ip', 'netns', 'exec', ns, ...shell];
  return spawn(argv[0], argv.slice(1), { detached: true, stdio: ['ignore', 'pipe', 'pipe'], cwd: '/', ...options });
}

function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended.
  }
}

const limit = 4 * 1024 * 1024;

const operations = {
  run({ id, ns, command, timeoutMs }) {
    const child = start(ns, command);
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => (stdout = (stdout + chunk).slice(-limit)));
    child.stderr.on('data', (chunk) => (stderr = (stderr + chunk).slice(-limit)));
    const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), timeoutMs);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      say({ id, type: 'end', code, signal, stdout, stderr });
    });
  },
  spawn({ id, ns, command }) {
    const child = start(ns, command);
    children.set(id, child);
    for (const stream of ['stdout', 'stderr']) {
      createInterface({ input: child[stream] }).on('line', (text) =>
        say({ id, type: 'line', stream, text, atMs: now() }),
      );
    }
    child.on('close', (code, signal) => {
      children.delete(id);
      say({ id, type: 'exit', code, signal, atMs: now() });
    });
    say({ id, type: 'started', pid: child.pid, atMs: now() });
  },
  signal({ target, signal }) {
    const child = children.get(target);
    if (child !== undefined) signalGroup(child, signal);
  },
  write({ id, path, text, mode }) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode });
    say({ id, type: 'end', code: 0, signal: null, stdout: '', stderr: '' });
  },
};

createInterface({ input }).on('line', (line) => {
  if (!line.startsWith('{')) return;
  const message = JSON.parse(line);
  operations[message.op]?.(message);
});
input.on('close', () => {
  for (const child of children.values()) signalGroup(child, 'SIGKILL');
  process.exit(0);
});
say({ type: 'ready', node: process.versions.node, atMs: now() });
