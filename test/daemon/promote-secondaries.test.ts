import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PromoteSecondaries, type Sysctls } from '../../src/daemon/promote-secondaries.ts';
import { instance } from '../vrrp/configuration.ts';

/** Interfaces with the setting, and the trouble that was told. */
function host(
  settings: Record<string, string>,
  before: Readonly<Record<string, string>> = {},
): {
  readonly settings: Record<string, string>;
  readonly told: string[];
  /** What a successor would be told. */
  readonly learned: () => Readonly<Record<string, string>>;
  readonly promotion: PromoteSecondaries;
} {
  const told: string[] = [];
  const nameOf = (key: readonly string[]): string => {
    assert.deepEqual([...key.slice(0, 3), key[4]], ['net', 'ipv4', 'conf', 'promote_secondaries']);
    return key[3] ?? '';
  };
  const missing = { ok: false, error: 'it cannot be opened: ENOENT' } as const;
  let known = before;
  const sysctls: Sysctls = {
    read: (key) => {
      const value = settings[nameOf(key)];
      return value === undefined ? missing : { ok: true, value };
    },
    write: (key, value) => {
      const name = nameOf(key);
      if (settings[name] === undefined) return missing;
      settings[name] = value;
      return { ok: true, value: undefined };
    },
  };
  const learn = (now: Readonly<Record<string, string>>): void => {
    known = now;
  };
  const promotion = new PromoteSecondaries((_, text) => told.push(text), sysctls, learn, before);
  return { settings, told, learned: () => known, promotion };
}

const asking = [instance('A', { promoteSecondaries: true }), instance('B', { interface: 'eth1' })];

test('it is set where an instance asks for it, and put back at stop', () => {
  const { settings, promotion } = host({ eth0: '0', eth1: '0' });
  promotion.set(asking, () => 2);
  assert.deepEqual(settings, { eth0: '1', eth1: '0' });
  promotion.stop();
  assert.deepEqual(settings, { eth0: '0', eth1: '0' });
});

test('a reload that does not ask any more puts it back', () => {
  const { settings, promotion } = host({ eth0: '0' });
  promotion.set(asking, () => 2);
  promotion.set([], () => 2);
  assert.deepEqual(settings, { eth0: '0' });
});

test('what was set before stays set', () => {
  const { settings, promotion } = host({ eth0: '1' });
  promotion.set(asking, () => 2);
  promotion.stop();
  assert.deepEqual(settings, { eth0: '1' });
});

test('an interface that comes, goes and comes anew gets it each time, and its going is no trouble', () => {
  const { settings, told, promotion } = host({});
  promotion.set(asking, () => undefined);
  settings['eth0'] = '0';
  promotion.set(asking, () => 2);
  assert.equal(settings['eth0'], '1');
  settings['eth0'] = '0';
  promotion.set(asking, () => 3);
  assert.equal(settings['eth0'], '1');
  delete settings['eth0'];
  promotion.stop();
  assert.deepEqual(told, []);
});

test('the death of the part: its successor knows what was before, and puts that back', () => {
  const { settings, promotion, learned } = host({ eth0: '0' });
  promotion.set(asking, () => 2);
  const successor = host(settings, learned());
  successor.promotion.set(asking, () => 2);
  assert.deepEqual(settings, { eth0: '1' });
  successor.promotion.stop();
  assert.deepEqual(settings, { eth0: '0' });
  assert.deepEqual(successor.learned(), {});
});
