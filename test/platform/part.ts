import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { dieWithParent, onSignals, parentChannel, reportToStarter, Scheduler } from '../../src/platform/index.ts';

/** What the tests start as a part or as a daemon: it does what the first word says. */
const [mode] = process.argv.slice(2);
if (mode === 'echo') {
  const channel = parentChannel<{ readonly n: number }, { readonly n: number }>();
  channel?.onMessage(({ n }) => {
    if (n === 0) channel.close();
    else channel.send({ n: n + 1 });
  });
  channel?.onHangUp(() => process.exit(7));
} else if (mode === 'die-with-parent') {
  dieWithParent(9);
  console.log('armed');
  setInterval(() => undefined, 1000);
} else if (mode === 'ready') {
  process.on('SIGTERM', () => process.exit(0));
  setInterval(() => undefined, 1000);
  reportToStarter({ type: 'ready' });
} else if (mode === 'failed') {
  reportToStarter({ type: 'failed', status: 2, text: 'no configuration' });
} else if (mode === 'locked') {
  console.log(new Scheduler().apply({ rlimitRttimeUs: 100_000, noSwap: true }).join('\n'));
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let round = 0; round < 5; round++) {
    for (let held: object[] = []; held.length < 200_000;) held.push({ text: `entry ${String(held.length)}` });
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  console.log('alive');
} else if (mode === 'busy') {
  const scheduler = new Scheduler();
  onSignals(['XCPU'], () => scheduler.pause());
  console.log(scheduler.apply({ rlimitRttimeUs: 10_000, noSwap: false, rtPriority: 1 }).join('\n'));
  const endMs = performance.now() + 1500;
  const turn = (): void => {
    if (performance.now() < endMs) setImmediate(turn);
    else {
      scheduler.leaveRealTime();
      console.log('alive');
    }
  };
  turn();
} else process.exitCode = 3;
