// `removal.mjs PID SERVERS`: kills the process that answers for all servers, and tells after how many seconds half of them, and 99 of 100, were out
// of the kernel's table.
import { readFileSync } from 'node:fs';

const [pid, servers] = process.argv.slice(2).map(Number);
const patienceMs = 120_000;
const everyMs = 50;

function left() {
  return readFileSync('/proc/net/ip_vs', 'latin1').split('\n  -> ').length - 2;
}

process.kill(pid, 'SIGKILL');
const began = performance.now();
const reached = [];
for (const share of [0.5, 0.99]) {
  while (left() > servers * (1 - share) && performance.now() - began < patienceMs)
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  reached.push((performance.now() - began) / 1000);
}
console.log(`removed ${reached.map((seconds) => seconds.toFixed(3)).join(' ')}`);
