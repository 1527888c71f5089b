import assert from 'node:assert/strict';
import { test } from 'node:test';
import { desiredOf, desiredTable, newLvsState, serviceId } from '../../src/lvs/index.ts';
import type { LvsConfig } from '../../src/config/index.ts';
import { ip, virtualServer } from './configs.ts';

const span = virtualServer().span;
const range = (first: string, last: string) => ({ kind: 'range', first: ip(first), last: ip(last), port: 80 }) as const;
const config: LvsConfig = {
  virtualServers: [
    virtualServer({ key: { kind: 'address', address: ip('10.0.0.2'), port: 80 } }),
    virtualServer({ key: { kind: 'group', group: 'A' } }),
    virtualServer({ key: { kind: 'group', group: 'B' } }),
  ],
  groups: [
    { span, name: 'A', entries: [range('10.0.0.1', '10.0.0.3'), { kind: 'fwmark', fwmark: 5 }] },
    {
      span,
      name: 'B',
      entries: [range('10.0.0.3', '10.0.0.4'), { kind: 'fwmark', fwmark: 5 }],
    },
  ],
};

test('a service that two virtual servers name is the first one’s, also when only the other changes', () => {
  const state = newLvsState(config, false);
  const of = (v: number): readonly string[] => desiredOf(state, v).map(({ service }) => serviceId(service.key));
  assert.deepEqual(of(0), ['tcp 10.0.0.2 80']);
  assert.deepEqual(of(1), ['tcp 10.0.0.1 80', 'tcp 10.0.0.3 80', 'fwm 5 ipv4']);
  assert.deepEqual(of(2), ['tcp 10.0.0.4 80']);
  const all = new Set(desiredTable(state).map(({ service }) => serviceId(service.key)));
  assert.equal(all.size, 5, 'together they are the whole table');
});
