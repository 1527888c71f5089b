import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { VrrpTrackProcess } from '../../src/config/index.ts';
import { ProcessWatcher } from '../../src/daemon/process-watcher.ts';
import type { ProcessFacts } from '../../src/platform/index.ts';
import { span } from '../vrrp/configuration.ts';

const web: VrrpTrackProcess = {
  name: 'web',
  span,
  process: ['web'],
  weight: 0,
  reverse: false,
  quorum: 1,
  forkDelayMs: 0,
  terminateDelayMs: 3000,
  fullCommand: false,
};

/** A kernel with processes, whose connector does what the test says. */
class FakeKernel {
  readonly running = new Map<number, ProcessFacts>();
  readonly said: string[] = [];
  nowMs = 0;
  looks = 0;
  open = 0;
  /** What becomes of the subscription. */
  answer: 'yes' | 'refused' | 'nothing' | 'no socket' = 'yes';
  #alarms: { readonly atMs: number; readonly expired: () => void }[] = [];
  #datagram: (datagram: Uint8Array, sender: number, multicast: boolean) => void = () => undefined;
  #lost: (reason: string) => void = () => undefined;

  readonly watcher = new ProcessWatcher({
    onChange: (name, ok) => this.said.push(`${name} ${ok ? 'up' : 'down'} at ${String(this.nowMs)}`),
    log: (level, text) => {
      if (level === 'warning') this.said.push(text);
    },
    openConnector: () => {
      if (this.answer === 'no socket') return { ok: false, error: 'EPROTONOSUPPORT' };
      this.open++;
      return {
        ok: true,
        value: {
          send: () => {
            if (this.answer === 'yes') this.tell(0, [0, 0]);
            if (this.answer === 'refused') this.#lost('ECONNREFUSED');
            return { ok: true };
          },
          onDatagram: (listener) => {
            this.#datagram = listener;
          },
          onLost: (listener) => {
            this.#lost = listener;
          },
          close: () => {
            this.open--;
          },
        },
      };
    },
    allProcesses: () => {
      this.looks++;
      return [...this.running].map(([pid, facts]) => ({ pid, ...facts }));
    },
    processFacts: (pid) => this.running.get(pid),
    alarm: {
      after: (ms, expired) => {
        const alarm = { atMs: this.nowMs + ms, expired };
        this.#alarms.push(alarm);
        return () => {
          this.#alarms = this.#alarms.filter((other) => other !== alarm);
        };
      },
    },
    nowMs: () => this.nowMs,
  });

  until(endMs: number): this {
    for (;;) {
      const [next] = this.#alarms.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.#alarms = this.#alarms.filter((other) => other !== next);
      this.nowMs = next.atMs;
      next.expired();
    }
    this.nowMs = endMs;
    return this;
  }

  exec(pid: number, comm = 'web'): void {
    this.running.set(pid, { comm, argv: [] });
    this.tell(2, [pid, pid]);
  }

  exit(pid: number): void {
    this.running.delete(pid);
    this.tell(0x80000000, [pid, pid]);
  }

  /** A datagram of the connector, from the kernel unless a `sender` is given. */
  tell(what: number, words: readonly number[], sender = 0): void {
    const bytes = new Uint8Array(76);
    const view = new DataView(bytes.buffer);
    for (const [at, value] of [
      [0, 76],
      [4, 3],
      [16, 1],
      [20, 1],
      [32, 40],
      [36, what],
    ] as const)
      view.setUint32(at, value, true);
    for (const [i, word] of words.entries()) view.setUint32(52 + 4 * i, word, true);
    this.#datagram(bytes, sender, true);
  }

  lose(reason: string): void {
    this.#lost(reason);
  }
}

describe('with the events of the kernel', () => {
  test('what runs already is known at once, and then all that starts and ends', () => {
    const kernel = new FakeKernel();
    kernel.running.set(5, { comm: 'web', argv: [] });
    kernel.watcher.follow([web]);
    assert.deepEqual(kernel.watcher.values, { web: true });
    kernel.until(100).exit(5);
    kernel.until(5000).exec(6);
    kernel.until(100_000);
    assert.deepEqual(kernel.said, ['web down at 3100', 'web up at 5000']);
    assert.equal(kernel.looks, 1, 'nobody looks at all processes without need');
  });

  test('events that were lost are made good by one look, however many are lost', () => {
    const kernel = new FakeKernel();
    kernel.watcher.follow([web]);
    kernel.until(100);
    kernel.running.set(7, { comm: 'web', argv: [] });
    for (let i = 0; i < 1000; i++) kernel.lose('ENOBUFS');
    kernel.until(10_000);
    assert.deepEqual(kernel.said, ['web up at 600']);
    assert.equal(kernel.looks, 2);
  });

  test('what somebody else sends is not believed', () => {
    const kernel = new FakeKernel();
    kernel.watcher.follow([web]);
    kernel.running.set(7, { comm: 'web', argv: [] });
    kernel.tell(2, [7, 7], 4711);
    kernel.until(10_000);
    assert.deepEqual(kernel.said, []);
  });

  test('a reload with none closes the socket and forgets all', () => {
    const kernel = new FakeKernel();
    kernel.watcher.follow([web]);
    kernel.watcher.follow([]);
    assert.equal(kernel.open, 0);
    kernel.exec(7);
    kernel.until(10_000);
    assert.deepEqual([kernel.said, kernel.watcher.values], [[], {}]);
  });
});

describe('without them it says so and looks every second', () => {
  for (const [answer, fromMs, reason] of [
    ['refused', 0, 'ECONNREFUSED'],
    ['nothing', 1000, 'it gives no answer, as to programs in a container'],
    ['no socket', 0, 'EPROTONOSUPPORT'],
  ] as const) {
    test(reason, () => {
      const kernel = new FakeKernel();
      kernel.answer = answer;
      kernel.watcher.follow([web]);
      kernel.until(2500);
      kernel.running.set(7, { comm: 'web', argv: [] });
      kernel.until(20_500);
      kernel.running.clear();
      kernel.until(30_000);
      const text = `The kernel does not tell of processes (${reason}): vrrp_track_process looks every second instead`;
      assert.deepEqual(kernel.said, [text, 'web up at 3000', 'web down at 24000']);
      assert.equal(kernel.open, 0);
      assert.equal(kernel.looks, 1 + (30_000 - fromMs) / 1000);
    });
  }
});
