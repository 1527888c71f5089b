import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isSuspended } from '../../src/lvs/index.ts';
import { ip, virtualServer } from './configs.ts';

const span = virtualServer().span;
const range = (first: string, last = first) => ({ kind: 'range', first: ip(first), last: ip(last), port: 80 }) as const;
const groups = {
  two: [range('192.168.0.174'), range('192.168.0.180', '192.168.0.182')],
  marks: [{ kind: 'fwmark', fwmark: 5 } as const],
  mixed: [range('192.168.0.174'), { kind: 'fwmark', fwmark: 5 } as const],
};
const findGroup = (name: string) => ({ span, name, entries: groups[name as keyof typeof groups] });
const suspending = virtualServer({ haSuspend: true });
const group = (name: string) => virtualServer({ haSuspend: true, key: { kind: 'group', group: name } });

describe('ha_suspend: checks rest', () => {
  for (const [name, virtual, addresses, rests] of [
    ['while the address is not on this host', suspending, ['192.168.0.175'], true],
    ['not while it is', suspending, ['127.0.0.1', '192.168.0.174'], false],
    ['not without ha_suspend', virtualServer(), [], false],
    ['while no address of a group is here', group('two'), ['192.168.0.175'], true],
    ['not while one of them is, also of a range', group('two'), ['192.168.0.181'], false],
    ['not for marks alone', group('marks'), [], false],
    ['not for an address with a mark', group('mixed'), [], false],
  ] as const) {
    test(name, () => {
      assert.equal(isSuspended(virtual, findGroup, new Set(addresses.map(ip))), rests);
    });
  }
});
