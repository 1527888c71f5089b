import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  bfdStep,
  decodeControl,
  encodeControl,
  nextBfdDeadline,
  noSessions,
  type BfdEvent,
  type BfdState,
  type ControlPacket,
} from '../../src/bfd/index.ts';
import type { BfdInstance } from '../../src/config/index.ts';
import { parseIp, type IpAddress } from '../../src/core/index.ts';

function ip(text: string): IpAddress {
  const address = parseIp(text);
  assert.ok(address.ok);
  return address.value;
}

const [a, b] = [ip('10.9.0.1'), ip('10.9.0.2')];

function instance(change: Partial<BfdInstance> = {}): BfdInstance {
  return {
    name: 'peer',
    span: { file: 'test.conf', line: 1, column: 1, endLine: 1, endColumn: 2 },
    neighborIp: b,
    sourceIp: a,
    minRxMs: 50,
    minTxMs: 60,
    idleTxMs: 1000,
    multiplier: 4,
    passive: false,
    ttl: 255,
    maxHops: 0,
    multihop: false,
    weight: 0,
    reverse: false,
    vrrp: true,
    checker: true,
    ...change,
  };
}

/** What a neighbour says; its discriminator is 9. */
function said(state: ControlPacket['state'], change: Partial<ControlPacket> = {}): ControlPacket {
  return {
    diagnostic: 0,
    state,
    poll: false,
    final: false,
    demand: false,
    authenticated: false,
    detectMult: 3,
    myDiscriminator: 9,
    yourDiscriminator: 0,
    desiredMinTxUs: 100_000,
    requiredMinRxUs: 80_000,
    requiredMinEchoRxUs: 0,
    ...change,
  };
}

/** One end with a clock. Lines: `time state[,P][,F]` of what is sent, `time UP|DOWN` of what is told, logs apart. */
class End {
  state: BfdState = noSessions;
  nowMs = 0;
  lines: string[] = [];
  logs: string[] = [];
  sent: { atMs: number; packet: ControlPacket }[] = [];
  readonly #random: () => number;

  constructor(config: BfdInstance = instance(), random: () => number = () => 0.999_999) {
    this.#random = random;
    this.step({ type: 'start', instances: [config] });
  }

  step(event: BfdEvent): void {
    const { state, effects } = bfdStep(this.state, event, this.nowMs, this.#random);
    this.state = state;
    const at = String(Math.round(this.nowMs));
    for (const effect of effects) {
      if (effect.type === 'log') this.logs.push(effect.text);
      else if (effect.type === 'state') this.lines.push(`${at} ${effect.up ? 'UP' : 'DOWN'}`);
      else {
        const packet = decodeControl(effect.payload);
        assert.ok(packet.ok, 'what is sent is valid');
        this.sent.push({ atMs: this.nowMs, packet: packet.value });
        const { state: name, poll, final } = packet.value;
        this.lines.push(`${at} ${[name, ...(poll ? ['P'] : []), ...(final ? ['F'] : [])].join()}`);
      }
    }
  }

  /** Lets time pass, with all timers on time. */
  until(nowMs: number): this {
    for (let due = nextBfdDeadline(this.state); due !== undefined && due <= nowMs; due = nextBfdDeadline(this.state)) {
      this.nowMs = Math.max(this.nowMs, due);
      this.step({ type: 'timer' });
    }
    this.nowMs = nowMs;
    return this;
  }

  hear(packet: ControlPacket, change: { ttl?: number; source?: IpAddress; multihop?: boolean } = {}): this {
    const on = { source: b, destination: a, ttl: 255, multihop: false, ...change };
    this.step({ type: 'packet', ...on, payload: encodeControl(packet) });
    return this;
  }

  /** Up at time 0, and the neighbour has answered the poll. */
  static up(change: Partial<BfdInstance> = {}): End {
    const end = new End(instance(change)).until(0).hear(said('Init', { yourDiscriminator: discriminator() }));
    end.hear(said('Up', { yourDiscriminator: discriminator(), final: true }));
    end.lines.length = 0;
    return end;
  }

  did(): readonly string[] {
    return this.lines.splice(0);
  }
}

/** With the random number of these tests. */
function discriminator(): number {
  const [session] = new End().state.sessions;
  return session?.localDiscriminator ?? 0;
}

const ours = { yourDiscriminator: discriminator() };

describe('the state machine (RFC 5880 section 6.2)', () => {
  test('the neighbour is Down as well: Init, then Up when it is Init', () => {
    const end = new End().until(0);
    assert.deepEqual(end.did(), ['0 DOWN', '0 Down']);
    end.hear(said('Down'));
    assert.deepEqual(end.did(), ['0 Init']);
    end.until(10).hear(said('Init', ours));
    assert.deepEqual(end.did(), ['10 UP', '10 Up,P']);
  });

  const rows: readonly [from: string, heard: ControlPacket['state'], to: string][] = [
    ['Down', 'AdminDown', 'Down'],
    ['Down', 'Down', 'Init'],
    ['Down', 'Init', 'Up'],
    ['Down', 'Up', 'Down'],
    ['Init', 'AdminDown', 'Down'],
    ['Init', 'Down', 'Init'],
    ['Init', 'Init', 'Up'],
    ['Init', 'Up', 'Up'],
    ['Up', 'AdminDown', 'Down'],
    ['Up', 'Down', 'Down'],
    ['Up', 'Init', 'Up'],
    ['Up', 'Up', 'Up'],
  ];
  for (const [from, heard, to] of rows) {
    test(`${from}, hears ${heard}: ${to}`, () => {
      const end = from === 'Up' ? End.up() : new End().until(0);
      if (from === 'Init') end.hear(said('Down'));
      end.hear(said(heard, ours));
      assert.equal(end.state.sessions[0]?.state, to);
    });
  }

  test('a neighbour that says Down or AdminDown takes a session down at once, with diagnostic 3', () => {
    for (const state of ['Down', 'AdminDown'] as const) {
      const end = End.up().until(30).hear(said(state, ours));
      assert.deepEqual(end.did(), ['30 DOWN', '30 Down']);
      assert.equal(end.sent.at(-1)?.packet.diagnostic, 3);
    }
  });

  test('at the end the neighbour is told that this was meant', () => {
    const end = End.up();
    end.step({ type: 'stop' });
    assert.deepEqual(end.did(), ['0 AdminDown', '0 DOWN']);
    assert.equal(end.sent.at(-1)?.packet.diagnostic, 7);
    assert.equal(nextBfdDeadline(end.state), undefined);
  });
});

describe('timers', () => {
  test('while it is not up, a packet goes once a second at most', () => {
    const end = new End().until(3500);
    assert.deepEqual(end.did(), ['0 DOWN', '0 Down', '1000 Down', '2000 Down', '3000 Down']);
    assert.equal(end.sent[0]?.packet.desiredMinTxUs, 1_000_000);
  });

  test('while it is up, as often as both want', () => {
    const end = End.up();
    end.until(250);
    assert.deepEqual(end.did(), ['80 Up', '160 Up', '240 Up']);
    assert.equal(end.sent.at(-1)?.packet.desiredMinTxUs, 60_000);
  });

  test('down after its multiplier times the slower of what it sends and we take, and back', () => {
    const end = End.up();
    end.until(1000);
    assert.ok(end.did().includes('300 DOWN'));
    assert.equal(end.sent.at(-1)?.packet.diagnostic, 1);
    assert.equal(end.sent.at(-1)?.packet.yourDiscriminator, 0, 'it may be another one now');
    end.hear(said('Down')).hear(said('Up', ours));
    assert.equal(end.state.sessions[0]?.state, 'Up');
  });

  test('each packet gives it as long again', () => {
    const end = End.up();
    for (let atMs = 100; atMs <= 2000; atMs += 100) end.until(atMs).hear(said('Up', ours));
    assert.ok(!end.did().some((line) => line.endsWith('DOWN')));
    assert.ok(end.until(2300).did().includes('2300 DOWN'));
  });

  test('jitter takes up to a quarter, with multiplier 1 at least a tenth (RFC 5880 section 6.8.7)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (multiplier, n) => {
        const end = new End(instance({ multiplier }), () => n).until(20_000);
        const gaps = end.sent.slice(1).map(({ atMs }, i) => atMs - (end.sent[i]?.atMs ?? 0));
        for (const gap of gaps) assert.ok(gap >= 749.9 && gap <= (multiplier === 1 ? 900.1 : 1000.1), String(gap));
      }),
    );
  });

  test('none are sent to a neighbour that wants none', () => {
    const end = End.up();
    end.hear(said('Up', { ...ours, requiredMinRxUs: 0 }));
    assert.deepEqual(end.until(299).did(), []);
  });

  test('none are sent by themselves while the neighbour is in demand mode and both are up', () => {
    const end = End.up().hear(said('Up', { ...ours, demand: true }));
    assert.deepEqual(end.until(299).did(), []);
  });

  test('passive waits for the first packet', () => {
    const end = new End(instance({ passive: true })).until(5000);
    assert.deepEqual(end.did(), ['0 DOWN']);
    end.hear(said('Down'));
    assert.deepEqual(end.did(), ['5000 Init']);
  });
});

describe('polls (RFC 5880 section 6.5)', () => {
  test('one is answered at once, without a poll in the answer', () => {
    const end = End.up()
      .until(30)
      .hear(said('Up', { ...ours, poll: true }));
    assert.deepEqual(end.did(), ['30 Up,F']);
  });

  test('a session that comes up polls until it is answered', () => {
    const end = new End().until(0).hear(said('Init', ours));
    end.until(90);
    assert.deepEqual(end.did().slice(-2), ['0 Up,P', '80 Up,P']);
    end.hear(said('Up', { ...ours, final: true })).until(170);
    assert.deepEqual(end.did(), ['160 Up']);
  });

  test('new timers of a session that is up are announced, and the slower ones count when they are agreed on', () => {
    const end = End.up();
    end.step({ type: 'reload', instances: [instance({ minTxMs: 200, minRxMs: 500 })] });
    end.until(90);
    assert.deepEqual(end.did(), ['0 UP', '0 Up,P', '80 Up,P']);
    assert.deepEqual([end.sent.at(-1)?.packet.desiredMinTxUs, end.sent.at(-1)?.packet.requiredMinRxUs], [2e5, 5e5]);
    end.hear(said('Up', { ...ours, final: true })).until(1000);
    assert.deepEqual(end.did(), ['160 Up', '360 Up', '560 Up', '760 Up', '960 Up']);
  });
});

describe('packets that are not for it', () => {
  const rows: readonly [string, ControlPacket, Parameters<End['hear']>[1], RegExp | undefined][] = [
    ['from somebody else', said('Down', ours), { source: ip('10.9.0.3') }, undefined],
    ['from further away than one hop', said('Down', ours), { ttl: 254 }, /TTL 254/],
    ['of the other port', said('Down', ours), { multihop: true }, undefined],
    ['for a session that is not there', said('Down', { yourDiscriminator: 77 }), {}, /not there/],
  ];
  for (const [name, packet, change, reason] of rows) {
    test(`${name}: nothing happens, and it is logged once`, () => {
      const end = End.up();
      end.logs.length = 0;
      for (let i = 0; i < 3; i++) end.hear(packet, change);
      assert.deepEqual(end.did(), []);
      assert.equal(end.logs.length, reason === undefined ? 0 : 1);
      if (reason !== undefined) assert.match(end.logs[0] ?? '', reason);
    });
  }

  const refusedOnce = (end: End, payload: Uint8Array, reason: RegExp): void => {
    end.logs.length = 0;
    for (let i = 0; i < 3; i++)
      end.step({ type: 'packet', source: b, destination: a, ttl: 255, multihop: false, payload });
    assert.deepEqual(end.did(), []);
    assert.equal(end.logs.length, 1);
    assert.match(end.logs[0] ?? '', reason);
  };

  test('with authentication: nothing happens, and it is logged once', () => {
    // A simple password of one character (RFC 5880 section 4.2).
    const payload = Uint8Array.of(...encodeControl(said('Down', { ...ours, authenticated: true })), 1, 4, 1, 0x61);
    payload[3] = payload.length;
    refusedOnce(End.up(), payload, /it is authenticated/);
  });

  test('for the session of another neighbour: nothing happens to either, and it is logged once', () => {
    let number = 0;
    const end = new End(instance(), () => (number += 0.07) % 1);
    end.step({ type: 'reload', instances: [instance(), instance({ name: 'other', neighborIp: ip('10.9.0.3') })] });
    end.until(0).did();
    const other = end.state.sessions[1]?.localDiscriminator ?? 0;
    refusedOnce(end, encodeControl(said('Init', { yourDiscriminator: other })), /of another neighbour/);
    assert.deepEqual(
      end.state.sessions.map(({ state }) => state),
      ['Down', 'Down'],
    );
  });

  test('max_hops allows some, -1 any', () => {
    for (const [maxHops, ttl, state] of [
      [1, 254, 'Down'],
      [1, 253, 'Up'],
      [-1, 1, 'Down'],
    ] as const) {
      assert.equal(End.up({ maxHops }).hear(said('Down', ours), { ttl }).state.sessions[0]?.state, state);
    }
  });
});

test('two ends find each other, lose each other and find each other again, whatever is lost on the way', () => {
  const numbers = fc.infiniteStream(fc.double({ min: 0, max: 0.999_999, noNaN: true }));
  fc.assert(
    fc.property(numbers, numbers, fc.integer({ min: 0, max: 400 }), (forA, forB, cutMs) => {
      const random = (from: typeof forA) => (): number => Number(from.next().value);
      const ends = [
        new End(instance({ name: 'a' }), random(forA)),
        new End(instance({ name: 'b', neighborIp: a, sourceIp: b }), random(forB)),
      ] as const;
      const run = (fromMs: number, toMs: number, connected: boolean): void => {
        for (let nowMs = fromMs; nowMs <= toMs; nowMs += 5) {
          for (const [i, end] of ends.entries()) {
            const before = end.sent.length;
            end.until(nowMs);
            if (!connected) continue;
            const other = ends[1 - i];
            for (const { packet } of end.sent.slice(before)) {
              if (other !== undefined) other.hear(packet, i === 0 ? { source: a } : {});
            }
          }
        }
      };
      const states = (): string => ends.map(({ state }) => state.sessions[0]?.state).join();
      const bound = ends[1];
      bound.hear = (packet) => {
        bound.step({
          type: 'packet',
          source: a,
          destination: b,
          ttl: 255,
          multihop: false,
          payload: encodeControl(packet),
        });
        return bound;
      };
      run(0, 3000, true);
      assert.equal(states(), 'Up,Up');
      run(3005, 4000 + cutMs, false);
      assert.equal(states(), 'Down,Down');
      run(4005 + cutMs, 9000, true);
      assert.equal(states(), 'Up,Up');
    }),
    { numRuns: 20 },
  );
});

test('nothing that arrives makes it throw or speak more than once for a packet', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 20, maxLength: 30 }), { maxLength: 50 }), (payloads) => {
      const end = End.up();
      for (const payload of payloads) {
        const before = end.sent.length;
        end.step({ type: 'packet', source: b, destination: a, ttl: 255, multihop: false, payload });
        assert.ok(end.sent.length - before <= 1);
      }
    }),
  );
});
