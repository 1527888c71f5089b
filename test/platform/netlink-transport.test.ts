import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { NetlinkClient } from '../../src/netlink/index.ts';
import { netlinkProtocol, openNetlink, realAlarm } from '../../src/platform/index.ts';

const getLinks = {
  operation: 'read links',
  type: 18,
  flags: 0x300,
  body: (writer: { zeros(n: number): unknown }) => void writer.zeros(16),
};

test('the kernel answers, and sockets are closed right behind an answer', async () => {
  for (let i = 0; i < 50; i++) {
    const client = new NetlinkClient(openNetlink(netlinkProtocol.route, [1]), realAlarm);
    const [first, second] = await client.requestAll([getLinks, getLinks]);
    client.close();
    assert.ok(first?.ok && second?.ok && first.value.length > 0);
    assert.equal(first.value.length, second.value.length);
    assert.deepEqual(await client.request(getLinks), {
      ok: false,
      error: { errno: 0, code: 'closed', text: 'read links: the socket is closed' },
    });
  }
});

test('a group that does not exist is an error, not a leak', () => {
  assert.throws(() => openNetlink(netlinkProtocol.route, [100_000]), { code: 'EINVAL' });
});

test('an overrun of the buffer is told, and the socket goes on', async () => {
  const transport = openNetlink(netlinkProtocol.route, [], { bytes: 4096, force: false });
  let [answers, losses] = [0, 0];
  const ended = new Promise<void>((resolve) => {
    transport.onLost((reason) => {
      assert.equal(reason, 'ENOBUFS');
      losses++;
    });
    transport.onDatagram((datagram) => {
      answers++;
      if (new DataView(datagram.buffer, datagram.byteOffset).getUint32(8, true) === 1000) resolve();
    });
  });
  // NLMSG_NOOP with NLM_F_ACK; all are answered before anything is read.
  const noop = (sequence: number): Uint8Array => {
    const bytes = new Uint8Array(16);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, 16, true);
    view.setUint16(4, 1, true);
    view.setUint16(6, 5, true);
    view.setUint32(8, sequence, true);
    return bytes;
  };
  for (let i = 0; i < 200; i++) transport.send(noop(i));
  await until(() => losses > 0);
  assert.ok(answers < 200, `${String(answers)} answers fit`);
  transport.send(noop(1000));
  await ended;
  transport.close();
});

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 5000 && !holds(); tries++) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(holds());
}

test('an exception in a listener is an ordinary uncaught exception', () => {
  const program = `
    import { openNetlink } from './src/platform/index.ts';
    process.on('uncaughtException', (error) => { console.log('caught', error.message); process.exit(3); });
    const transport = openNetlink(0);
    transport.onDatagram(() => { throw new Error('from the listener'); });
    const request = new Uint8Array(32);
    request.set([32, 0, 0, 0, 18, 0, 1, 3]);
    transport.send(request);
  `;
  const child = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  assert.deepEqual([child.status, child.signal, child.stdout], [3, null, 'caught from the listener\n'], child.stderr);
});
