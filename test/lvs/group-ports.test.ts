import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadConfig, type Forwarding, type GroupEntry, type LvsConfig } from '../../src/config/index.ts';
import { desiredTable, formatPlan, newLvsState, plan } from '../../src/lvs/index.ts';
import { ip, realServer, sorry, virtualServer } from './configs.ts';

const entries: readonly GroupEntry[] = [
  { kind: 'range', first: ip('10.0.0.1'), last: ip('10.0.0.1'), port: 80 },
  { kind: 'range', first: ip('10.0.0.9'), last: ip('10.0.0.9'), port: 81 },
  { kind: 'fwmark', fwmark: 5 },
];

function serversOf(forwarding: Forwarding): readonly string[] {
  const span = sorry.span;
  const virtual = virtualServer({
    key: { kind: 'group', group: 'G' },
    sorryServer: { ...sorry, forwarding, inhibit: true },
    realServers: [realServer('10.1.0.1', { forwarding })],
  });
  const config: LvsConfig = { virtualServers: [virtual], groups: [{ span, name: 'G', entries }] };
  const table = desiredTable(newLvsState(config, false));
  return formatPlan(plan(table, [], new Set()), []).filter((line) => line.includes('->'));
}

describe('the port of a server of a group, as keepalived 2.2.7 gives it to the kernel', () => {
  test('NAT: its own', () => {
    assert.deepEqual(serversOf({ lbKind: 'NAT' }), [
      '+ [10.0.0.1]:tcp:80 -> [10.1.0.1]:80 masq weight 1',
      '+ [10.0.0.1]:tcp:80 -> [192.168.170.99]:80 masq weight 0',
      '+ [10.0.0.9]:tcp:81 -> [10.1.0.1]:80 masq weight 1',
      '+ [10.0.0.9]:tcp:81 -> [192.168.170.99]:80 masq weight 0',
      '+ FWM 5 -> [10.1.0.1]:80 masq weight 1',
      '+ FWM 5 -> [192.168.170.99]:80 masq weight 0',
    ]);
  });

  test('DR and tunnels: that of each service, none for a mark', () => {
    assert.deepEqual(serversOf({ lbKind: 'DR' }), [
      '+ [10.0.0.1]:tcp:80 -> [10.1.0.1]:80 direct-route weight 1',
      '+ [10.0.0.1]:tcp:80 -> [192.168.170.99]:80 direct-route weight 0',
      '+ [10.0.0.9]:tcp:81 -> [10.1.0.1]:81 direct-route weight 1',
      '+ [10.0.0.9]:tcp:81 -> [192.168.170.99]:81 direct-route weight 0',
      '+ FWM 5 -> [10.1.0.1]:0 direct-route weight 1',
      '+ FWM 5 -> [192.168.170.99]:0 direct-route weight 0',
    ]);
  });
});

test("'ops' is for UDP, in a group as well", () => {
  const text = `virtual_server_group G {\n 10.0.0.1 80\n}\n${['TCP', 'UDP']
    .map((protocol) => `virtual_server group G {\n ops\n protocol ${protocol}\n real_server 10.1.0.1 80 {\n }\n}\n`)
    .join('')}`;
  const { config } = loadConfig({
    file: 'k.conf',
    files: { read: () => ({ ok: true, value: new TextEncoder().encode(text) }), glob: (pattern) => [pattern] },
    configId: 'lab',
    hostName: 'lab',
    random: () => 0.5,
  });
  assert.deepEqual(
    config.lvs.virtualServers.map(({ protocol, flags }) => [protocol, flags]),
    [
      ['TCP', []],
      ['UDP', ['ops']],
    ],
  );
});
