import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { monotonicMicros, serviceManager, watchdogMs } from '../../src/platform/index.ts';
import { libc } from '../../src/platform/libc.ts';
import { addressFamily, socketType } from '../../src/platform/socket-abi.ts';

const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-notify-'));
after(() => {
  rmSync(folder, { recursive: true });
});

/** A service manager that listens at `name`, the way that the kernel has it. */
function listen(name: Buffer, length: number): number {
  const fd = libc().socket(addressFamily.unix, socketType.datagram | socketType.nonBlocking, 0);
  const address = Buffer.alloc(110);
  address.writeUInt16LE(addressFamily.unix, 0);
  address.set(name, 2);
  assert.equal(libc().bind(fd, address, length), 0);
  return fd;
}

describe('the service manager', () => {
  for (const [kind, path, name, length] of [
    ['a path', join(folder, 'notify'), Buffer.from(join(folder, 'notify')), 110],
    ['an abstract name', `@wk-${String(process.pid)}`, Buffer.from(`\0wk-${String(process.pid)}`), undefined],
  ] as const) {
    test(`is told at ${kind}, in one datagram`, () => {
      const fd = listen(name, length ?? 2 + name.length);
      serviceManager(path)?.('READY=1', 'STATUS=all\nwell');
      const datagram = Buffer.alloc(200);
      assert.equal(datagram.toString('utf8', 0, readSync(fd, datagram)), 'READY=1\nSTATUS=all well\n');
      closeSync(fd);
    });
  }

  test('that is not there, does not read or is not named right costs nothing', () => {
    serviceManager(join(folder, 'nobody'))?.('READY=1');
    const path = join(folder, 'full');
    const fd = listen(Buffer.from(path), 110);
    const tell = serviceManager(path);
    for (let i = 0; i < 10_000; i++) tell?.('WATCHDOG=1');
    closeSync(fd);
    assert.deepEqual(
      [undefined, '', 'notify', '@', `/${'x'.repeat(200)}`].map((name) => serviceManager(name ?? '')),
      [undefined, undefined, undefined, undefined, undefined],
    );
  });

  test('asks for signs of life, or somebody else', () => {
    assert.deepEqual(
      [
        watchdogMs({ WATCHDOG_USEC: '3000000' }, 7),
        watchdogMs({ WATCHDOG_USEC: '3000000', WATCHDOG_PID: '7' }, 7),
        watchdogMs({ WATCHDOG_USEC: '3000000', WATCHDOG_PID: '8' }, 7),
        watchdogMs({ WATCHDOG_USEC: '0' }, 7),
        watchdogMs({}, 7),
      ],
      [3000, 3000, undefined, undefined, undefined],
    );
  });

  test('has the same clock', () => {
    const before = process.hrtime.bigint();
    const now = monotonicMicros();
    assert.ok(now >= before / 1000n && now <= process.hrtime.bigint() / 1000n);
  });
});
