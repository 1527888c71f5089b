import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, test } from 'node:test';
import { whyNoLab } from '../lab/available.ts';
import { Machine, projectRoot } from '../lab/machine.ts';

describe('a daemon that has no part to run', { skip: whyNoLab('namespaces') }, () => {
  const watchkeeper = `${process.execPath} ${path.join(projectRoot, 'bin', 'watchkeeper')}`;
  for (const [name, program] of [
    ['keepalived', 'keepalived'],
    ['watchkeeper', watchkeeper],
  ] as const) {
    test(`${name} stays until it is stopped: a reload may bring one`, async () => {
      const machine = await Machine.namespaces();
      try {
        await machine.write('/run/empty.conf', 'global_defs {\n  router_id EMPTY\n}\n');
        const daemon = machine.spawn(undefined, `exec ${program} -n -l -C -f /run/empty.conf`);
        await daemon.waitFor(/Configuration file/, 20_000);
        // The pid file is removed at the end of the life of the daemon, whatever the reason.
        await machine.run(
          undefined,
          'until [ -s /run/keepalived.pid ]; do sleep 0.1; done; kill -TERM $(cat /run/keepalived.pid)',
        );
        assert.deepEqual(await daemon.exited, { code: 0, signal: null });
        assert.ok(
          daemon.lines.some(({ text }) => /Stopp(?:ed|ing)/.test(text)),
          'it ended because it was told to',
        );
      } finally {
        machine.close();
      }
    });
  }
});
