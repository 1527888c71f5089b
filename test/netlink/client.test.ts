import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ByteWriter } from '../../src/core/index.ts';
import {
  messageFlag,
  messageType,
  NetlinkClient,
  resolveFamily,
  type NetlinkMessage,
  type Reply,
  type Request,
} from '../../src/netlink/index.ts';
import {
  acknowledged,
  datagram,
  doneMessage,
  errorMessage,
  fakeAlarm,
  fakeKernel,
  join,
  type Answer,
} from './fake-kernel.ts';

const family = 28;

function change(n: number, length = 4): Request {
  return {
    operation: `change ${String(n)}`,
    type: family,
    flags: 0,
    body: (writer) => writer.u32le(n).zeros(length - 4),
  };
}

const dump: Request = {
  operation: 'read all',
  type: family,
  flags: messageFlag.dump,
  body: (writer) => writer.zeros(4),
};

function numberOf(request: NetlinkMessage): number {
  return request.payload[0] ?? 0;
}

function setUp(answer: (request: NetlinkMessage, at: number) => Answer) {
  const kernel = fakeKernel(answer);
  const time = fakeAlarm();
  return { kernel, time, client: new NetlinkClient(kernel.transport, time.alarm) };
}

function texts(replies: readonly Reply[]): readonly string[] {
  return replies.map((reply) => (reply.ok ? 'ok' : `${reply.error.code}: ${reply.error.text}`));
}

describe('requests', () => {
  test('each has its own result, and one that fails stops no other', async () => {
    const errnos = [0, 17, 0, 2, 11];
    const { client } = setUp((request) => acknowledged(request, errnos[numberOf(request)]));
    assert.deepEqual(texts(await client.requestAll([0, 1, 2, 3, 4].map((n) => change(n)))), [
      'ok',
      'EEXIST: change 1: EEXIST',
      'ok',
      'ENOENT: change 3: ENOENT',
      'EAGAIN: change 4: EAGAIN',
    ]);
  });

  test('travel in order, many in a datagram, with no more in flight than the receive buffer holds refusals of', async () => {
    const { client, kernel } = setUp((request) => acknowledged(request));
    const replies = await client.requestAll(Array.from({ length: 1000 }, (_, n) => change(n, 100)));
    assert.ok(replies.every((reply) => reply.ok));
    const order = kernel.datagrams.flat().map(({ payload }) => (payload[0] ?? 0) | ((payload[1] ?? 0) << 8));
    assert.deepEqual(
      order,
      Array.from({ length: 1000 }, (_, n) => n),
    );
    assert.ok(kernel.datagrams.length < 20, `${String(kernel.datagrams.length)} datagrams`);
    for (const messages of kernel.datagrams) assert.ok(messages.length <= 128);
  });

  test('fewer travel in a datagram where that is asked for', async () => {
    const kernel = fakeKernel((request) => acknowledged(request));
    const client = new NetlinkClient(kernel.transport, fakeAlarm().alarm, { requestsAtOnce: 3 });
    await client.requestAll([0, 1, 2, 3, 4, 5, 6].map((n) => change(n)));
    assert.deepEqual(
      kernel.datagrams.map(({ length }) => length),
      [3, 3, 1],
    );
  });

  test('the next datagram waits for the answer of the last', () => {
    const { client, kernel } = setUp(() => []);
    void client.requestAll(Array.from({ length: 300 }, (_, n) => change(n)));
    assert.equal(kernel.datagrams.length, 1);
    const last = kernel.datagrams[0]?.at(-1);
    assert.ok(last !== undefined && (last.flags & messageFlag.ack) !== 0);
    kernel.deliver(errorMessage(last, 0));
    assert.equal(kernel.datagrams.length, 2);
  });

  test('the kernel says why in its own words', async () => {
    const words = 'Invalid prefix for given prefix length';
    const { client } = setUp((request) => {
      const tlv = new ByteWriter().u16le(5 + words.length).u16le(1);
      for (const letter of words) tlv.u8(letter.charCodeAt(0));
      const payload = new ByteWriter()
        .u32le(-22 >>> 0)
        .u32le(20)
        .zeros(12)
        .bytes(tlv.u8(0).finish());
      const flags = messageFlag.capped | messageFlag.acksTlvs;
      return [datagram({ type: messageType.error, flags, sequence: request.sequence }, payload.finish())];
    });
    assert.deepEqual(texts([await client.request(change(1))]), [`EINVAL: change 1: EINVAL (${words})`]);
  });
});

describe('answers that do not come', () => {
  const cases: readonly { name: string; answer: (request: NetlinkMessage) => Answer; expected: string }[] = [
    { name: 'an overrun', answer: () => ['lost'], expected: 'lost: change 1: the answer was lost (ENOBUFS)' },
    {
      name: 'an overrun message',
      answer: ({ sequence }) => [datagram({ type: messageType.overrun, sequence })],
      expected: 'lost: change 1: the kernel lost data',
    },
    {
      name: 'cut in the header',
      answer: (request) => [errorMessage(request, 0).subarray(0, 9)],
      expected: 'lost: change 1: the answer was cut short',
    },
    {
      name: 'cut in the message',
      answer: (request) => [errorMessage(request, 0).subarray(0, 30)],
      expected: 'lost: change 1: the answer was cut short',
    },
    {
      name: 'without a status',
      answer: ({ sequence }) => [datagram({ type: messageType.error, sequence })],
      expected: 'lost: change 1: the answer was cut short',
    },
    {
      name: 'none at all',
      answer: () => [],
      expected: 'no-answer: change 1: the kernel did not answer within 5 s',
    },
    {
      name: 'with another sequence number',
      answer: (request) => [errorMessage({ ...request, sequence: request.sequence + 7 }, 0)],
      expected: 'no-answer: change 1: the kernel did not answer within 5 s',
    },
  ];
  for (const { name, answer, expected } of cases) {
    test(name, async () => {
      const { client, time } = setUp(answer);
      const reply = client.request(change(1));
      time.expire();
      assert.deepEqual(texts([await reply]), [expected]);
      assert.equal(time.set(), 0, 'no alarm is left');
    });
  }

  test('from another process is not believed', async () => {
    const { client, kernel, time } = setUp(() => []);
    const reply = client.request(change(1));
    const sent = kernel.datagrams[0]?.[0];
    assert.ok(sent !== undefined);
    kernel.deliver(errorMessage(sent, 0), 4711);
    time.expire();
    assert.deepEqual(texts([await reply]), ['no-answer: change 1: the kernel did not answer within 5 s']);
  });

  test('after a loss the queue goes on, and late answers do no harm', async () => {
    const { client, kernel } = setUp((request) => (numberOf(request) < 2 ? [] : acknowledged(request)));
    const first = client.requestAll([change(0), change(1)]);
    const second = client.request(change(2));
    const late = kernel.datagrams[0]?.at(-1);
    kernel.lose('ENOBUFS');
    assert.ok(late !== undefined);
    kernel.deliver(errorMessage(late, 0));
    assert.deepEqual(texts([...(await first), await second]), [
      'lost: change 0: the answer was lost (ENOBUFS)',
      'lost: change 1: the answer was lost (ENOBUFS)',
      'ok',
    ]);
  });

  test('that is read right after the process was held up for long still counts', async () => {
    const { client, kernel, time } = setUp(() => []);
    const reply = client.request(change(1));
    const sent = kernel.datagrams[0]?.[0];
    assert.ok(sent !== undefined);
    time.expireOnce();
    kernel.deliver(errorMessage(sent, 0));
    assert.deepEqual(texts([await reply]), ['ok']);
    assert.equal(time.set(), 0, 'no alarm is left');
  });

  test('a closed client says so of everything, also of what comes later', async () => {
    const { client, kernel, time } = setUp(() => []);
    const early = client.requestAll(Array.from({ length: 200 }, (_, n) => change(n)));
    client.close();
    assert.ok((await early).every((reply) => !reply.ok && reply.error.code === 'closed'));
    assert.deepEqual(texts([await client.request(change(1))]), ['closed: change 1: the socket is closed']);
    assert.ok(kernel.closed());
    time.expire();
  });
});

describe('dumps', () => {
  const part = ({ sequence }: NetlinkMessage, value: number, interrupted = false): Uint8Array => {
    const flags = messageFlag.multi | (interrupted ? messageFlag.dumpInterrupted : 0);
    return datagram({ type: family, flags, sequence }, Uint8Array.of(value, 0, 0, 0));
  };
  const values = (reply: Reply): readonly number[] | string =>
    reply.ok ? reply.value.map(({ payload }) => payload[0] ?? -1) : reply.error.text;

  test('come in many datagrams', async () => {
    const { client } = setUp((request) => [
      join(part(request, 1), part(request, 2)),
      part(request, 3),
      doneMessage(request),
    ]);
    assert.deepEqual(values(await client.request(dump)), [1, 2, 3]);
  });

  test('are read again when the table changed meanwhile', async () => {
    const { client, kernel } = setUp((request, at) =>
      at < 2
        ? [part(request, 8, true), part(request, 9), doneMessage(request)]
        : [part(request, 1), doneMessage(request)],
    );
    assert.deepEqual(values(await client.request(dump)), [1]);
    assert.equal(kernel.datagrams.length, 3);
  });

  test('of a table that never rests end all the same', async () => {
    const { client, kernel } = setUp((request) => [part(request, 8, true), doneMessage(request)]);
    assert.deepEqual(values(await client.request(dump)), [8]);
    assert.equal(kernel.datagrams.length, 5);
  });

  test('fail with the status at their end', async () => {
    const { client } = setUp((request) => [part(request, 8), doneMessage(request, 4)]);
    assert.equal(values(await client.request(dump)), 'read all: EINTR');
  });

  test('may take longer than one answer, as long as they go on', async () => {
    const { client, kernel, time } = setUp(() => []);
    const reply = client.request(dump);
    const sent = kernel.datagrams[0]?.[0];
    assert.ok(sent !== undefined);
    kernel.deliver(part(sent, 1));
    time.expire();
    kernel.deliver(part(sent, 2));
    time.expire();
    kernel.deliver(doneMessage(sent));
    assert.deepEqual(values(await reply), [1, 2]);
  });

  test('go alone in their datagram', async () => {
    const { client, kernel } = setUp((request) =>
      (request.flags & messageFlag.dump) === 0 ? acknowledged(request) : [doneMessage(request)],
    );
    await client.requestAll([change(1), dump, change(2), change(3)]);
    assert.deepEqual(
      kernel.datagrams.map((messages) => messages.length),
      [1, 1, 2],
    );
  });
});

describe('notifications', () => {
  test('are told apart from answers, even with the number of a request', async () => {
    const { client, kernel } = setUp(() => []);
    const told: number[] = [];
    client.onNotification(({ payload }) => told.push(payload[0] ?? -1));
    const reply = client.request(change(1));
    const sent = kernel.datagrams[0]?.[0];
    assert.ok(sent !== undefined);
    kernel.deliver(datagram({ type: family, sequence: sent.sequence }, Uint8Array.of(42)), 0, true);
    kernel.deliver(datagram({ type: family, sequence: 0 }, Uint8Array.of(43)), 4711, true);
    kernel.deliver(errorMessage(sent, 0));
    assert.deepEqual(await reply, { ok: true, value: [] });
    assert.deepEqual(told, [42]);
  });

  test('that were lost are told of', () => {
    const { client, kernel } = setUp(() => []);
    const lost: string[] = [];
    client.onLost((reason) => lost.push(reason));
    kernel.lose('ENOBUFS');
    kernel.deliver(datagram({ type: family, sequence: 0 }).subarray(0, 12), 0, true);
    assert.deepEqual(lost, ['ENOBUFS', 'a notification was cut short']);
  });
});

describe('generic netlink families', () => {
  test('have a number', async () => {
    const { client } = setUp((request) => [
      datagram({ type: 16, sequence: request.sequence }, Uint8Array.of(1, 2, 0, 0, 6, 0, 1, 0, 28, 0, 0, 0)),
      errorMessage(request, 0),
    ]);
    assert.deepEqual(await resolveFamily(client, 'IPVS'), { ok: true, value: 28 });
  });

  test('whose number does not come are an error', async () => {
    const { client } = setUp((request) => acknowledged(request));
    const family = await resolveFamily(client, 'IPVS');
    assert.ok(!family.ok && family.error.text.includes('IPVS'));
  });
});
