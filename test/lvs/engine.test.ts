import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { VirtualServer } from '../../src/config/index.ts';
import { checkerId, desiredTable, lvsStep, newLvsState, startEffects } from '../../src/lvs/index.ts';
import type { Finding, LvsEffect, LvsState } from '../../src/lvs/index.ts';
import { ip, lvsConfig, miscCheck, realServer, sorry, tcpCheck, virtualServer } from './configs.ts';

/** A state that is driven by server and checker number of the first virtual server, and what it did, as lines. */
class Director {
  state: LvsState;
  lines: string[] = [];

  constructor(virtual: VirtualServer, rsInitNotifies = false) {
    this.state = newLvsState(lvsConfig(virtual), rsInitNotifies);
  }

  start(): this {
    return this.#take(startEffects(this.state));
  }

  check(server: number, up: boolean, options: { checker?: number; weight?: number } = {}): this {
    const { config } = this.#virtual();
    const real = config.realServers[server];
    const checker = real?.checkers[options.checker ?? 0];
    assert.ok(real !== undefined && checker !== undefined);
    const id = checkerId(config, real, checker);
    const weight = options.weight === undefined ? {} : { weight: options.weight };
    const { state, effects } = lvsStep(this.state, { type: 'checker', id, up, ...weight });
    this.state = state;
    return this.#take(effects);
  }

  reload(...virtualServers: readonly VirtualServer[]): this {
    const event = { type: 'reload', config: lvsConfig(...virtualServers), rsInitNotifies: false } as const;
    const { state, effects } = lvsStep(this.state, event);
    this.state = state;
    return this.#take(effects);
  }

  stop(): this {
    return this.#take(lvsStep(this.state, { type: 'stop' }).effects);
  }

  /** The lines since the last call. */
  did(): readonly string[] {
    const { lines } = this;
    this.lines = [];
    return lines;
  }

  /** `25:1 35:1`: last byte and weight of what the first service should hold. */
  table(): string {
    const [entry] = desiredTable(this.state);
    return (entry?.destinations ?? [])
      .map(({ address, weight }) => `${address.split('.').at(-1) ?? ''}:${String(weight)}`)
      .join(' ');
  }

  #virtual() {
    const [virtual] = this.state.virtualServers;
    assert.ok(virtual !== undefined);
    return virtual;
  }

  #take(effects: readonly LvsEffect[]): this {
    for (const effect of effects) this.lines.push(...lineOf(effect));
    return this;
  }
}

function lineOf(effect: LvsEffect): readonly string[] {
  switch (effect.type) {
    case 'reconcile':
      return [];
    case 'log':
      return [effect.text];
    case 'notify': {
      const names = [effect.object, effect.realServer, effect.virtualServer, effect.state];
      return [`> ${names.filter((name) => name !== undefined).join(' ')}`];
    }
  }
}

const vs = '[192.168.0.174]:tcp:80';
const rs25 = '[192.168.170.25]:tcp:80';
const rs35 = '[192.168.170.35]:tcp:80';

describe('from checks to the table', () => {
  test('all servers serve from the start, and the quorum is told', () => {
    const director = new Director(virtualServer()).start();
    assert.equal(director.table(), '25:1 35:1');
    assert.deepEqual(director.did(), [`Gained quorum 1+0=1 <= 2 for VS ${vs}`, `> VS ${vs} UP`]);
  });

  test('rs_init_notifies tells of the servers that start up, each before its quorum', () => {
    const alpha = realServer('192.168.170.35', { checkers: [tcpCheck({ alpha: true })] });
    const director = new Director(virtualServer({ realServers: [realServer('192.168.170.25'), alpha] }), true).start();
    assert.deepEqual(director.did(), [
      `> RS ${rs25} ${vs} UP`,
      `Gained quorum 1+0=1 <= 1 for VS ${vs}`,
      `> VS ${vs} UP`,
    ]);
  });

  test('a failed server leaves, the last one takes the quorum with it, and both return', () => {
    const director = new Director(virtualServer());
    assert.deepEqual(director.check(0, false).did(), [
      `Removing service ${rs25} from VS ${vs}`,
      `> RS ${rs25} ${vs} DOWN`,
    ]);
    assert.equal(director.table(), '35:1');
    assert.deepEqual(director.check(1, false).did(), [
      `Removing service ${rs35} from VS ${vs}`,
      `> RS ${rs35} ${vs} DOWN`,
      `Lost quorum 1-0=1 > 0 for VS ${vs}`,
      `> VS ${vs} DOWN`,
    ]);
    assert.equal(director.table(), '');
    assert.deepEqual(director.check(0, true).did(), [
      `Adding service ${rs25} to VS ${vs}`,
      `> RS ${rs25} ${vs} UP`,
      `Gained quorum 1+0=1 <= 1 for VS ${vs}`,
      `> VS ${vs} UP`,
    ]);
    assert.equal(director.table(), '25:1');
  });

  test('what was known already says nothing and changes nothing', () => {
    const director = new Director(virtualServer());
    const before = director.state;
    assert.deepEqual(director.check(0, true).did(), []);
    assert.equal(director.state, before);
    const unknown = lvsStep(before, { type: 'checker', id: 'removed long ago', up: false });
    assert.deepEqual(unknown, { state: before, effects: [] });
  });

  test('a server with two checks serves only while both succeed', () => {
    const two = realServer('192.168.170.25', { checkers: [tcpCheck(), tcpCheck({ connectPort: 81 })] });
    const director = new Director(virtualServer({ realServers: [two] }));
    director.check(0, false, { checker: 1 });
    assert.equal(director.table(), '');
    assert.deepEqual(director.check(0, false).check(0, true, { checker: 1 }).table(), '');
    assert.equal(director.check(0, true).table(), '25:1');
  });

  test('alpha: down until the first success; a first failure is told all the same, once', () => {
    const alpha = realServer('192.168.170.25', { checkers: [tcpCheck({ alpha: true })] });
    const director = new Director(virtualServer({ realServers: [alpha] })).start();
    assert.equal(director.table(), '');
    assert.deepEqual(director.did(), [`Starting with quorum down 1+0=1 > 0 for VS ${vs}`, `> VS ${vs} DOWN`]);
    assert.deepEqual(director.check(0, false).check(0, false).did(), [`> RS ${rs25} ${vs} DOWN`]);
    assert.equal(director.check(0, true).table(), '25:1');
  });

  test('a server without checks always serves', () => {
    assert.equal(
      new Director(virtualServer({ realServers: [realServer('192.168.170.25', { checkers: [] })] })).table(),
      '25:1',
    );
  });

  test('inhibit_on_failure keeps a failed server with weight 0', () => {
    const inhibited = realServer('192.168.170.25', { inhibitOnFailure: true, weight: 3 });
    const director = new Director(virtualServer({ realServers: [inhibited, realServer('192.168.170.35')] }));
    assert.deepEqual(director.check(0, false).did()[0], `Disabling service ${rs25} of VS ${vs}`);
    assert.equal(director.table(), '25:0 35:1');
    assert.deepEqual(director.check(0, true).did()[0], `Enabling service ${rs25} of VS ${vs}`);
    assert.equal(director.table(), '25:3 35:1');
  });
});

describe('quorum and sorry server', () => {
  const servers = [realServer('192.168.170.25'), realServer('192.168.170.35', { weight: 2 })];
  const guarded = virtualServer({ quorum: 2, hysteresis: 1, sorryServer: sorry, realServers: servers });

  test('the sorry server stands in from lost to gained quorum, with hysteresis', () => {
    const director = new Director(guarded);
    assert.equal(director.check(0, false).table(), '35:2');
    director.did();
    assert.deepEqual(director.check(1, false).did(), [
      `Removing service ${rs35} from VS ${vs}`,
      `> RS ${rs35} ${vs} DOWN`,
      `Lost quorum 2-1=1 > 0 for VS ${vs}`,
      `Adding sorry server [192.168.170.99]:tcp:80 to VS ${vs}`,
      `Removing alive servers from the pool for VS ${vs}`,
      `> VS ${vs} DOWN`,
    ]);
    assert.equal(director.table(), '99:1');
    director.check(1, true).did();
    assert.equal(director.table(), '99:1', 'weight 2 is not 2 + 1: not yet');
    assert.deepEqual(director.check(0, true).did(), [
      `Adding service ${rs25} to VS ${vs}`,
      `> RS ${rs25} ${vs} UP`,
      `Gained quorum 2+1=3 <= 3 for VS ${vs}`,
      `Removing sorry server [192.168.170.99]:tcp:80 from VS ${vs}`,
      `Adding alive servers to the pool for VS ${vs}`,
      `> VS ${vs} UP`,
    ]);
    assert.equal(director.table(), '25:1 35:2');
  });

  test('without a sorry server those that live go on serving below the quorum', () => {
    const director = new Director(virtualServer({ quorum: 3, realServers: servers }));
    assert.equal(director.check(1, false).table(), '25:1');
    assert.ok(director.did().includes(`> VS ${vs} DOWN`));
  });

  test('sorry_server_inhibit keeps it with weight 0 instead of removing it', () => {
    const director = new Director({ ...guarded, sorryServer: { ...sorry, inhibit: true } });
    assert.equal(director.table(), '25:1 35:2 99:0');
    director.check(0, false).check(1, false);
    assert.ok(director.did().includes(`Enabling sorry server [192.168.170.99]:tcp:80 to VS ${vs}`));
    assert.equal(director.table(), '99:1');
  });

  test('servers with inhibit_on_failure stay with weight 0 while the sorry server serves', () => {
    const realServers = servers.map((server) => ({ ...server, inhibitOnFailure: true }));
    const director = new Director({ ...guarded, realServers });
    director.check(0, false).check(1, false).check(1, true);
    assert.equal(director.table(), '25:0 35:0 99:1');
  });

  test('a real server that is the sorry server too serves in its place, inhibited or not', () => {
    const [first, ...others] = servers.map((server) => ({ ...server, inhibitOnFailure: true }));
    assert.ok(first !== undefined);
    const director = new Director({
      ...guarded,
      realServers: [{ ...first, address: sorry.address }, ...others],
    });
    director.check(0, false).check(1, false);
    assert.equal(director.table(), '35:0 99:1');
  });

  test('omega tells at stop that all are down; without it nothing is told', () => {
    assert.deepEqual(new Director(virtualServer({ omega: true })).check(0, false).stop().did().slice(2), [
      `Shutting down service ${rs35} from VS ${vs}`,
      `> RS ${rs35} ${vs} DOWN`,
      `> VS ${vs} DOWN`,
    ]);
    assert.deepEqual(new Director(virtualServer()).stop().did(), [
      `Shutting down service ${rs25} from VS ${vs}`,
      `Shutting down service ${rs35} from VS ${vs}`,
    ]);
  });
});

describe('dynamic weights', () => {
  const misc = realServer('192.168.170.25', { weight: 2, checkers: [miscCheck(), tcpCheck()] });

  test('a MISC_CHECK sets the weight in place of the configured one until it says nothing of it', () => {
    const director = new Director(virtualServer({ realServers: [misc] }));
    assert.deepEqual(director.check(0, true, { weight: 10 }).did(), [
      `Changing weight from 2 to 10 for active service ${rs25} of VS ${vs}`,
    ]);
    assert.equal(director.check(0, true, { weight: 20 }).table(), '25:20');
    assert.equal(director.check(0, true).table(), '25:2');
  });

  test('weight 0 takes the quorum away, as no server would get a connection', () => {
    const director = new Director(virtualServer({ realServers: [misc] })).check(0, true, { weight: 0 });
    assert.equal(director.table(), '25:0');
    assert.ok(director.did().includes(`Lost quorum 1-0=1 > 0 for VS ${vs}`));
  });

  test('a weight found while another check fails is there when the server returns', () => {
    const director = new Director(virtualServer({ realServers: [misc] })).check(0, false, { checker: 1 });
    assert.match(director.check(0, true, { weight: 7 }).did().at(-1) ?? '', /from 2 to 7 for inactive service/);
    assert.equal(director.check(0, true, { checker: 1 }).table(), '25:7');
  });

  test('a FILE_CHECK adds, and the sum stays between 0 and what the kernel takes', () => {
    const file = { type: 'FILE_CHECK', span: misc.span, trackFile: 'f', reverse: false } as const;
    const server = realServer('192.168.170.25', { weight: 5, checkers: [file] });
    const director = new Director(virtualServer({ realServers: [server] }));
    assert.equal(director.check(0, true, { weight: 4 }).table(), '25:9');
    assert.equal(director.check(0, true, { weight: -100 }).table(), '25:0');
    assert.equal(director.check(0, true, { weight: 2 ** 31 - 1 }).table(), '25:2147483647');
  });
});

describe('reload', () => {
  const both = virtualServer();
  const [first, second] = both.realServers;
  assert.ok(first !== undefined && second !== undefined);

  test('a failed server is not enabled again', () => {
    const director = new Director(both).check(0, false);
    assert.equal(director.reload(both).table(), '35:1');
    assert.equal(director.check(0, true).table(), '25:1 35:1');
  });

  test('a failed server is not enabled again when its check is changed, and returns at the first success', () => {
    const changed = { ...first, checkers: [tcpCheck({ connectPort: 8080 })] };
    const director = new Director(both).check(0, false).reload({ ...both, realServers: [changed, second] });
    assert.equal(director.table(), '35:1');
    assert.equal(director.check(0, true).table(), '25:1 35:1');
  });

  test('a good server stays when its check is changed to alpha', () => {
    const changed = { ...first, checkers: [tcpCheck({ alpha: true })] };
    assert.equal(new Director(both).reload({ ...both, realServers: [changed, second] }).table(), '25:1 35:1');
  });

  test('a new weight counts at once, also for the server that is down', () => {
    const director = new Director(both).check(0, false);
    director.did();
    const heavier = both.realServers.map((server) => ({ ...server, weight: 5 }));
    assert.deepEqual(director.reload({ ...both, realServers: heavier }).did(), [
      `Changing weight from 1 to 5 for inactive service ${rs25} of VS ${vs}`,
      `Changing weight from 1 to 5 for active service ${rs35} of VS ${vs}`,
    ]);
    assert.equal(director.check(0, true).table(), '25:5 35:5');
  });

  test('a weight that a check set survives, also a new configured weight', () => {
    const misc = { ...first, checkers: [miscCheck()] };
    const director = new Director({ ...both, realServers: [misc] }).check(0, true, { weight: 10 });
    assert.equal(director.reload({ ...both, realServers: [{ ...misc, weight: 4 }] }).table(), '25:10');
  });

  test('weight 0 in the old file does not stay', () => {
    const zero = { ...both, realServers: [{ ...first, weight: 0 }, second] };
    assert.equal(new Director(zero).reload(both).table(), '25:1 35:1');
  });

  test('an inhibited failed server that is taken out of the file leaves the table', () => {
    const inhibited = { ...first, inhibitOnFailure: true };
    const director = new Director({ ...both, realServers: [inhibited, second] }).check(0, false);
    assert.equal(director.table(), '25:0 35:1');
    director.did();
    assert.deepEqual(director.reload({ ...both, realServers: [second] }).did(), [`service ${rs25} no longer exist`]);
    assert.equal(director.table(), '35:1');
  });

  test('a removed server that served is told to be down', () => {
    assert.deepEqual(new Director(both).reload({ ...both, realServers: [first] }).did(), [
      `service ${rs35} no longer exist`,
      `Removing service ${rs35} from VS ${vs}`,
      `> RS ${rs35} ${vs} DOWN`,
    ]);
  });

  test('a new server serves silently, with alpha only after its first success', () => {
    const third = realServer('192.168.170.45');
    const director = new Director(both).reload({ ...both, realServers: [first, second, third] });
    assert.deepEqual([director.did(), director.table()], [[], '25:1 35:1 45:1']);
    const alpha = { ...third, checkers: [tcpCheck({ alpha: true })] };
    assert.equal(new Director(both).reload({ ...both, realServers: [first, second, alpha] }).table(), '25:1 35:1');
  });

  test('the sorry server that serves goes on serving', () => {
    const guarded = { ...both, sorryServer: sorry };
    const director = new Director(guarded).check(0, false).check(1, false);
    director.did();
    assert.deepEqual([director.reload(guarded).did(), director.table()], [[], '99:1']);
  });

  test('a sorry server that is new serves at once where the quorum is lost', () => {
    const director = new Director(both).check(0, false).check(1, false);
    director.did();
    director.reload({ ...both, sorryServer: sorry });
    assert.equal(director.table(), '99:1');
    assert.ok(director.did().includes(`Adding sorry server [192.168.170.99]:tcp:80 to VS ${vs}`));
  });

  test('the failing check of a server is taken out of the file: the server is back', () => {
    const checked = { ...first, checkers: [tcpCheck(), tcpCheck({ connectPort: 81 })] };
    const director = new Director({ ...both, realServers: [checked] }).check(0, false, { checker: 1 });
    director.did();
    assert.deepEqual(
      director
        .reload({ ...both, realServers: [first] })
        .did()
        .slice(0, 2),
      [`Adding service ${rs25} to VS ${vs}`, `> RS ${rs25} ${vs} UP`],
    );
  });

  test('a virtual server that goes and one that comes are told of', () => {
    const other = virtualServer({ key: { kind: 'address', address: ip('192.168.0.174'), port: 81 } });
    assert.deepEqual(new Director(both).reload(other).did(), [
      `Gained quorum 1+0=1 <= 2 for VS [192.168.0.174]:tcp:81`,
      `> VS [192.168.0.174]:tcp:81 UP`,
      `Removing Virtual Server ${vs}`,
      `Removing service ${rs25} from VS ${vs}`,
      `> RS ${rs25} ${vs} DOWN`,
      `Removing service ${rs35} from VS ${vs}`,
      `> RS ${rs35} ${vs} DOWN`,
      `> VS ${vs} DOWN`,
    ]);
  });

  test('a service that changes its protocol is another service', () => {
    const director = new Director(both).check(0, false).reload({ ...both, protocol: 'UDP' });
    assert.equal(director.table(), '25:1 35:1');
  });
});

describe('what is followed and not asked', () => {
  const file = { type: 'FILE_CHECK', span: tcpCheck().span, trackFile: 'f', reverse: false } as const;
  const server = realServer('192.168.170.25', { weight: 5, checkers: [file] });
  const virtual = virtualServer({ realServers: [server, realServer('192.168.170.26', { weight: 5 })] });
  const id = checkerId(virtual, server, file);
  const weights = (state: LvsState): string =>
    desiredTable(state)
      .flatMap(({ destinations }) =>
        destinations.map(({ address, weight }) => `${address.slice(-2)}:${String(weight)}`),
      )
      .join(' ');

  test('counts from the beginning', () => {
    const start = (finding: Finding) => newLvsState(lvsConfig(virtual), false, new Map(), new Map([[id, finding]]));
    assert.equal(weights(start({ up: true, weight: 2 })), '25:7 26:5');
    assert.equal(weights(start({ up: false })), '26:5');
  });

  test('counts for more than what a predecessor reported', () => {
    const state = newLvsState(lvsConfig(virtual), false, new Map([[id, true]]), new Map([[id, { up: false }]]));
    assert.equal(weights(state), '26:5');
  });

  test('a server that starts down is told once', () => {
    const state = newLvsState(lvsConfig(virtual), false, new Map(), new Map([[id, { up: false }]]));
    const first = lvsStep(state, { type: 'checker', id, up: false });
    assert.deepEqual(
      first.effects.map((effect) => (effect.type === 'notify' ? `${effect.object} ${effect.state}` : effect.type)),
      ['RS DOWN'],
    );
    assert.deepEqual(lvsStep(first.state, { type: 'checker', id, up: false }).effects, []);
  });

  test('counts at once at a reload, for servers that were there and for new ones', () => {
    const other = virtualServer({ realServers: virtual.realServers.slice(1) });
    for (const before of [virtual, other]) {
      const { state } = lvsStep(newLvsState(lvsConfig(before), false), {
        type: 'reload',
        config: lvsConfig(virtual),
        rsInitNotifies: false,
        followed: new Map([[id, { up: true, weight: -1 }]]),
      });
      assert.equal(weights(state), '25:4 26:5');
    }
  });
});

test('a successor that takes up known states tells nobody again', () => {
  const virtual = virtualServer({
    realServers: [realServer('192.168.170.25', { checkers: [tcpCheck({ alpha: true })] })],
  });
  const [real] = virtual.realServers;
  assert.ok(real !== undefined);
  const id = checkerId(virtual, real, tcpCheck({ alpha: true }));
  const state = newLvsState(lvsConfig(virtual), false, new Map([[id, false]]));
  assert.deepEqual(lvsStep(state, { type: 'checker', id, up: false }).effects, []);
});
