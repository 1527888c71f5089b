// Tells how long a processor stood still: sleeps 2 ms at a time and prints what came later than that by 10 ms, as seconds of the wall clock
// and milliseconds. To be run with the highest priority on one processor (chrt -f 99 taskset -c N): what holds it up is the machine, not
// another process of it.
const cell = new Int32Array(new SharedArrayBuffer(4));
const sleepMs = 2;
for (let before = performance.now(); ;) {
  Atomics.wait(cell, 0, 0, sleepMs);
  const now = performance.now();
  const lateMs = now - before - sleepMs;
  if (lateMs > 10) process.stdout.write(`${((performance.timeOrigin + now) / 1000).toFixed(3)} ${lateMs.toFixed(1)}\n`);
  before = now;
}
