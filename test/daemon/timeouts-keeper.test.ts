import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { err, ok } from '../../src/core/index.ts';
import { TimeoutsKeeper } from '../../src/daemon/timeouts-keeper.ts';
import type { IpvsTimeouts } from '../../src/ipvs-netlink/index.ts';

const kernels = { tcpSecs: 900, tcpFinSecs: 120, udpSecs: 300 };

/** A keeper over a kernel that keeps what it has where 0 or nothing is given. */
function lab(
  options: { readonly now?: Required<IpvsTimeouts>; readonly before?: IpvsTimeouts; readonly mute?: boolean } = {},
) {
  let now = options.now ?? kernels;
  const learned: IpvsTimeouts[] = [];
  const lines: string[] = [];
  let calls = 0;
  const keeper = new TimeoutsKeeper({
    client: {
      getTimeouts: () =>
        Promise.resolve(options.mute === true ? err({ errno: 1, code: 'EPERM', text: 'read: EPERM' }) : ok(now)),
      setTimeouts: (given) => {
        calls++;
        now = {
          tcpSecs: given.tcpSecs === undefined || given.tcpSecs === 0 ? now.tcpSecs : given.tcpSecs,
          tcpFinSecs: given.tcpFinSecs === undefined || given.tcpFinSecs === 0 ? now.tcpFinSecs : given.tcpFinSecs,
          udpSecs: given.udpSecs === undefined || given.udpSecs === 0 ? now.udpSecs : given.udpSecs,
        };
        return Promise.resolve(ok(null));
      },
    },
    log: (level, text) => lines.push(`${level}: ${text}`),
    learned: (before) => learned.push(before),
    ...(options.before === undefined ? {} : { before: options.before }),
  });
  return { keeper, learned, lines, now: () => now, calls: () => calls };
}

describe('lvs_timeouts', () => {
  test('are what the configuration says, then what a reload says, and in the end what was there before', async () => {
    const { keeper, now, learned } = lab();
    await keeper.hold({ udpSecs: 31 });
    assert.deepEqual(now(), { ...kernels, udpSecs: 31 });
    await keeper.hold({ tcpSecs: 100 });
    assert.deepEqual(now(), { ...kernels, tcpSecs: 100 });
    await keeper.hold(undefined);
    assert.deepEqual(now(), kernels);
    await keeper.hold({ tcpFinSecs: 5 });
    await keeper.release();
    assert.deepEqual(now(), kernels);
    assert.deepEqual(learned, [kernels], 'read once, before anything was set');
  });

  test('where none are asked for the kernel hears nothing', async () => {
    const { keeper, calls } = lab();
    await keeper.hold(undefined);
    await keeper.release();
    assert.equal(calls(), 0);
  });

  test('after a death of the process those before the first one come back', async () => {
    const { keeper, now } = lab({ now: { ...kernels, udpSecs: 31 }, before: kernels });
    await keeper.hold({ udpSecs: 31 });
    await keeper.release();
    assert.deepEqual(now(), kernels);
  });

  test('are set also where the kernel does not say what it has', async () => {
    const { keeper, now, lines } = lab({ mute: true });
    await keeper.hold({ udpSecs: 31 });
    await keeper.release();
    assert.equal(now().udpSecs, 31);
    assert.deepEqual(lines, ['error: read: EPERM; they will not be put back']);
  });
});
