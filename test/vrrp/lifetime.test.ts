import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { VrrpInstance } from '../../src/config/index.ts';
import {
  statistics,
  successorFacts,
  successorNews,
  type InterfaceFacts,
  type VrrpEffect,
} from '../../src/vrrp/index.ts';
import { engineConfig, instance, ip, script, track } from './configuration.ts';
import { Director } from './director.ts';

/** One process leaves its work, the next goes on with it. */

const vip = ip('192.0.2.100');
const eth0 = (held: boolean): InterfaceFacts => ({
  ifname: 'eth0',
  ifindex: 2,
  up: true,
  addresses: held ? [ip('192.0.2.10'), vip] : [ip('192.0.2.10')],
});

function director(
  held: boolean,
  change: Partial<VrrpInstance> = {},
  scripts = [script('check', { weight: 20 })],
): Director {
  const config = engineConfig([instance('VI_1', { trackScript: [track('check', { weight: 20 })], ...change })]);
  return new Director({ ...config, vrrp: { ...config.vrrp, scripts } }, [eth0(held)]);
}

function master(): Director {
  const made = director(false);
  made.start(0);
  made.step({ type: 'script-result', script: 'check', ok: true, reason: '' }, 100);
  made.run(9999);
  assert.equal(made.stateOf('VI_1'), 'MASTER');
  return made;
}

const kinds = (effects: readonly VrrpEffect[]): string[] =>
  effects.filter(({ type }) => type !== 'log').map(({ type }) => type);
const priorities = (effects: readonly VrrpEffect[]): (number | undefined)[] =>
  effects.flatMap((effect) => (effect.type === 'send-advert' ? [effect.pdu[2]] : []));

function goOn(before: Director, after: Director, sinceLeftMs: number): readonly VrrpEffect[] {
  const { states: resume, ahSequences, scripts } = successorFacts(before.state);
  const [interfaces, stats] = [[...after.interfaces.values()], statistics(before.state)];
  return after.step({ type: 'start', interfaces, resume, ahSequences, scripts, stats, sinceLeftMs }, 0);
}

describe('a process that leaves its work to the next', () => {
  test('has news for it exactly when a state, a result or a sequence number to be told is another', () => {
    const made = director(false, {
      version: 2,
      authentication: { authType: 'AH', authPass: 'secret' },
    });
    const states = [made.state];
    const keep = (): void => void states.push(made.state);
    made.start(0);
    keep();
    for (const [ok, atMs] of [
      [true, 100],
      [false, 5000],
      [true, 300_000],
    ] as const) {
      made.step({ type: 'script-result', script: 'check', ok, reason: '' }, atMs);
      keep();
      for (let k = 1; k <= 5; k++) {
        made.run(atMs + 900 * k);
        keep();
      }
    }
    const same = states.flatMap((a) => states.map((b) => isDeepStrictEqual(successorFacts(a), successorFacts(b))));
    assert.ok(same.includes(true) && same.includes(false));
    assert.deepEqual(
      states.flatMap((a) => states.map((b) => successorNews(a, b) === undefined)),
      same,
    );
  });

  test('tells everything at first and after a reload, and then what changed alone', () => {
    const config = engineConfig([instance('A'), instance('B', { virtualRouterId: 52, priority: 50 })]);
    const made = new Director(config, [eth0(false)]);
    made.start(0);
    const before = made.state;
    assert.deepEqual(successorNews(undefined, before), { whole: true, ...successorFacts(before) });
    made.run(3650);
    assert.deepEqual(successorNews(before, made.state), {
      whole: false,
      states: { A: 'MASTER' },
      ahSequences: {},
      scripts: {},
    });
    const last = made.state;
    made.step({ type: 'reload', config: engineConfig([instance('A')]) }, 4000);
    assert.deepEqual(successorNews(last, made.state), {
      whole: true,
      states: { A: 'MASTER' },
      ahSequences: {},
      scripts: {},
    });
  });

  test('sends one more advert as ever, takes nothing back and tells nobody', () => {
    const made = master();
    const left = made.step({ type: 'leave' }, 10_000);
    assert.deepEqual([kinds(left), priorities(left)], [['send-advert'], [120]]);
    assert.equal(made.holds('eth0', vip), true);
    assert.deepEqual([made.deadline, kinds(made.step({ type: 'timer' }, 20_000))], [undefined, []]);
  });

  test('a backup leaves without a word', () => {
    const made = director(false);
    made.start(0);
    assert.deepEqual(kinds(made.step({ type: 'leave' }, 10)), []);
  });

  test('the next goes on as MASTER at once with the same priority and the same counters', () => {
    const before = master();
    before.step({ type: 'leave' }, 10_000);
    const after = director(true);
    const effects = goOn(before, after, 2999);
    assert.equal(after.stateOf('VI_1'), 'MASTER');
    assert.equal(priorities(effects)[0], 120);
    assert.ok(
      !kinds(effects).includes('remove-addresses') && !kinds(effects).includes('notify'),
      kinds(effects).join(),
    );
    const [was, is] = [statistics(before.state)['VI_1'], statistics(after.state)['VI_1']];
    assert.deepEqual([is?.advert_sent, is?.become_master], [(was?.advert_sent ?? 0) + 1, 1]);
  });

  const rows: readonly [string, Partial<VrrpInstance>, number, boolean][] = [
    ['just in time', {}, 2999, true],
    ['when the peers may have had enough', {}, 3000, false],
    ['as many adverts as may be missed', { downTimerAdverts: 5 }, 4999, true],
    ['as often as they come', { version: 3, advertIntMs: 200 }, 600, false],
  ];
  for (const [name, change, sinceLeftMs, isMaster] of rows) {
    test(`MASTER is taken up in time only: ${name}`, () => {
      const after = director(true, change);
      const effects = goOn(master(), after, sinceLeftMs);
      assert.equal(after.stateOf('VI_1'), isMaster ? 'MASTER' : 'BACKUP');
      assert.equal(after.holds('eth0', vip), isMaster);
      assert.equal(kinds(effects).includes('notify'), !isMaster);
    });
  }

  test('the result of a script that is not configured any more means nothing, and one that is new is waited for', () => {
    const after = director(true, { trackScript: [track('other', { weight: 0 })] }, [script('other')]);
    goOn(master(), after, 100);
    assert.deepEqual(successorFacts(after.state).scripts, {});
    assert.equal(after.stateOf('VI_1'), 'MASTER');
  });

  test('FAULT is found anew', () => {
    const after = new Director(engineConfig([instance('VI_1')]), [{ ...eth0(true), up: false }]);
    goOn(master(), after, 100);
    assert.equal(after.stateOf('VI_1'), 'FAULT');
  });
});
