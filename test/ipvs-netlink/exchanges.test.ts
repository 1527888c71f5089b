import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Result } from '../../src/core/index.ts';
import { IpvsClient } from '../../src/ipvs-netlink/index.ts';
import { parseDestination, parseService } from '../../src/ipvs-netlink/codec.ts';
import { parseDaemon } from '../../src/ipvs-netlink/sync-daemon.ts';
import {
  attributeU32,
  messageFlag,
  NetlinkClient,
  parseAttributes,
  parseMessages,
  type NetlinkMessage,
} from '../../src/netlink/index.ts';
import { readCapture, renumbered } from '../netlink/capture.ts';
import {
  acknowledged,
  datagram,
  doneMessage,
  errorMessage,
  fakeAlarm,
  fakeKernel,
  type Answer,
  type FakeAlarm,
} from '../netlink/fake-kernel.ts';
import { captures, differences, kinds, named, reasons } from './captured.ts';

/** Whole captured messages through the client: what ipvsadm and keepalived asked, and what the kernel answered. */

const familyId = 28;
const getService = 4;
const getDestinations = 8;

interface Exchange {
  readonly capture: string;
  readonly request: NetlinkMessage;
  readonly answers: readonly Uint8Array[];
}

const exchanges: readonly Exchange[] = captures.flatMap((capture) =>
  readCapture(`ipvs/${capture}`).flatMap(({ request, answers }) => {
    const [message] = parseMessages(request).messages;
    return message === undefined ? [] : [{ capture, request: message, answers }];
  }),
);

function isDump({ flags }: NetlinkMessage): boolean {
  return (flags & messageFlag.dump) === messageFlag.dump;
}

async function open(answer: (request: NetlinkMessage) => Answer) {
  const kernel = fakeKernel((request) => {
    if (request.type !== 16) return answer(request);
    const found = datagram(
      { type: 16, sequence: request.sequence },
      Uint8Array.of(1, 2, 0, 0, 6, 0, 1, 0, familyId, 0, 0, 0),
    );
    return [found, errorMessage(request, 0)];
  });
  const time = fakeAlarm();
  const opened = await IpvsClient.open(new NetlinkClient(kernel.transport, time.alarm));
  assert.ok(opened.ok);
  return { client: opened.value, kernel, time };
}

/** The call of ours that asks for the same; undefined: we never ask for that. */
function ourCall({ payload, flags }: NetlinkMessage): ((client: IpvsClient) => Promise<unknown>) | undefined {
  const [command] = payload;
  const objects = parseAttributes(payload.subarray(4));
  const [serviceBytes, destBytes, daemonBytes] = [1, 2, 3].map((type) => objects.get(type));
  const service = serviceBytes && parseService(named(serviceBytes));
  const destination = destBytes && parseDestination(destBytes, 'ipv4');
  const daemon = daemonBytes && parseDaemon(daemonBytes);
  if (command === 16) return (client) => client.zero(service?.key);
  if (command === 17) return (client) => client.flush();
  if (command === 12) {
    const [tcpSecs = 0, tcpFinSecs = 0, udpSecs = 0] = [4, 5, 6].map((type) => attributeU32(objects, type));
    return (client) => client.setTimeouts({ tcpSecs, tcpFinSecs, udpSecs });
  }
  if (command === 13) return (client) => client.getTimeouts();
  if (command === 15) return (client) => client.getInfo();
  if (command === 11) return (client) => client.daemons();
  if (command === getService && (flags & messageFlag.dump) === messageFlag.dump) return (client) => client.dump();
  if (daemon !== undefined && command === 9) return (client) => client.newDaemon(daemon);
  if (daemon !== undefined && command === 10) return (client) => client.delDaemon(daemon.role);
  if (service === undefined) return undefined;
  const { key } = service;
  if (command === 1) return (client) => client.apply([{ op: 'new-service', service }]);
  if (command === 2) return (client) => client.apply([{ op: 'set-service', service }]);
  if (command === 3) return (client) => client.apply([{ op: 'del-service', service: key }]);
  if (command === getDestinations) return (client) => client.destinationsOf(key);
  if (destination === undefined) return undefined;
  const { address, port } = destination;
  if (command === 5) return (client) => client.apply([{ op: 'new-dest', service: key, destination }]);
  if (command === 6) return (client) => client.apply([{ op: 'set-dest', service: key, destination }]);
  if (command === 7) return (client) => client.apply([{ op: 'del-dest', service: key, address, port }]);
  return undefined;
}

function commandOf({ payload }: NetlinkMessage): number {
  return payload[0] ?? 0;
}

describe('each captured request', () => {
  test('is one that we make too, but for the list of one service', () => {
    const unknown = exchanges.filter(({ request }) => ourCall(request) === undefined);
    assert.deepEqual(
      unknown.map(({ request }) => [commandOf(request), isDump(request)]),
      unknown.map(() => [getService, false]),
    );
    const commands = new Set(exchanges.map(({ request }) => commandOf(request)));
    assert.deepEqual(
      [...commands].sort((a, b) => a - b),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17],
    );
  });

  test('is sent by us with the same bytes, or less where it only names an object', async () => {
    /** Of a service whose servers change, of what is removed and of a daemon that stops, the rest is not looked at. */
    const names: Readonly<Record<string, readonly number[]>> = {
      service: [1, 2, 3, 4, 5],
      destination: [1, 2, 11],
      daemon: [1],
    };
    const onlyNamed = new Set([
      '3 service',
      '5 service',
      '6 service',
      '7 service',
      '7 destination',
      '10 daemon',
      '16 service',
    ]);
    for (const { capture, request } of exchanges) {
      const call = ourCall(request);
      if (call === undefined) continue;
      const { client, kernel } = await open((asked) => (isDump(asked) ? [doneMessage(asked)] : acknowledged(asked)));
      await call(client);
      const ours = kernel.datagrams.at(-1)?.[0];
      assert.ok(ours !== undefined);
      const command = commandOf(request);
      const where = `${capture}: command ${String(command)}`;
      assert.deepEqual(ours.payload.subarray(0, 4), request.payload.subarray(0, 4), where);
      assert.equal(isDump(ours), isDump(request), where);
      const [mine, theirs] = [ours, request].map(({ payload }) => parseAttributes(payload.subarray(4)));
      assert.deepEqual([...(mine?.keys() ?? [])], [...(theirs?.keys() ?? [])], where);
      for (const [type, bytes] of theirs ?? []) {
        const sent = mine?.get(type) ?? assert.fail(where);
        const kind = kinds[type - 1];
        if (kind === undefined) {
          assert.deepEqual(sent, bytes, where);
          continue;
        }
        const named = onlyNamed.has(`${String(command)} ${kind}`);
        const different = differences(kind, bytes, sent).filter((difference) => {
          const attribute = /^attribute (\d+)$/.exec(difference)?.[1];
          if (attribute === undefined) return !(difference in reasons);
          return !named || names[kind]?.includes(Number(attribute)) === true;
        });
        assert.deepEqual(different, [], `${where}: ${kind}`);
      }
    }
  });
});

const answered = exchanges.filter(({ request, answers }) => {
  const command = commandOf(request);
  return (answers.length > 1 && [11, 13, 15].includes(command)) || (isDump(request) && answers.length > 1);
});

const told = /^read (IPVS \w|destinations of ).*: the (answer was (cut short|lost)$|kernel did not answer within )/;

describe('each captured list and value', () => {
  test('is there: services, destinations, daemons, timeouts and the version', () => {
    const commands = new Set(answered.map(({ request }) => commandOf(request)));
    assert.deepEqual(
      [...commands].sort((a, b) => a - b),
      [getService, getDestinations, 11, 13, 15],
    );
  });

  test('cut at any byte is an error that says so, or a shorter list where a whole message is missing', async () => {
    for (const { capture, request, answers } of answered) {
      const call = ourCall(request) ?? assert.fail(capture);
      const full = await ask(call, request, answers);
      assert.ok(full.ok, capture);
      for (const [i, answer] of answers.entries())
        for (let length = 0; length < answer.length; length++) {
          const cut = answers.map((each, at) => (at === i ? each.subarray(0, length) : each));
          const found = await ask(call, request, cut);
          const where = `${capture}: command ${String(commandOf(request))}, ${String(length)} bytes`;
          const { complete } = parseMessages(answer.subarray(0, length));
          if (isDump(request) && complete && i < answers.length - 1) {
            assert.ok(found.ok, where);
            assert.ok(sizeOf(found.value) < sizeOf(full.value), where);
          } else {
            assert.ok(!found.ok, where);
            assert.match(found.error.text, told, where);
          }
        }
    }
  });
});

type Found = Result<unknown, { readonly text: string }>;

/** Asks a kernel that has these answers to the request, and nothing for any other. */
async function ask(
  call: (client: IpvsClient) => Promise<unknown>,
  request: NetlinkMessage,
  answers: readonly Uint8Array[],
): Promise<Found> {
  const { client, time } = await open((asked) =>
    commandOf(asked) === commandOf(request)
      ? answers.map((answer) => renumbered(answer, asked.sequence))
      : [doneMessage(asked)],
  );
  const found = await Promise.race([call(client), passing(time)]);
  return (found as Found | undefined) ?? assert.fail('it waits without an end');
}

/** Ends when so much time has passed that nobody may still wait. */
async function passing(time: FakeAlarm): Promise<undefined> {
  for (let round = 0; round < 5; round++) {
    await new Promise(setImmediate);
    time.expire();
  }
}

/** How much a list says. */
function sizeOf(value: unknown): number {
  return JSON.stringify(value).length;
}
