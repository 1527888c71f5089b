import { dieWithParent, parentChannel, reportToStarter } from '../../src/platform/index.ts';

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
} else process.exitCode = 3;
