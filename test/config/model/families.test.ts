import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadText } from '../load-text.ts';

/** Which servers a service may have, by families: as keepalived 2.2.7 was seen to take them. */
function lvs(entries: readonly string[], ...lines: readonly string[]) {
  const group = entries.length === 0 ? '' : `virtual_server_group G {\n${entries.join('\n')}\n}\n`;
  const head = entries.length === 0 ? 'fwmark 3' : 'group G';
  const { config, testExitStatus } = loadText(
    `${group}virtual_server ${head} {\n  lb_algo rr\n${lines.join('\n')}\n}\n`,
  );
  return {
    exit: testExitStatus,
    services: config.lvs.virtualServers.map(({ family, realServers }) => [
      family,
      ...realServers.map(({ address }) => address),
    ]),
  };
}

const server = (address: string): string => `  real_server ${address} {\n  }`;
const [server4, server6] = [server('10.0.0.9'), server('fd00::9')];
const nat = '  lb_kind NAT\n  protocol TCP';
const tunnel = '  lb_kind TUN\n  protocol TCP';

const rows: readonly (readonly [
  name: string,
  entries: readonly string[],
  lines: readonly string[],
  services: readonly (readonly string[])[],
])[] = [
  ['NAT and a second server of the other family', ['10.0.0.1 80'], [nat, server4, server6], [['ipv4', '10.0.0.9']]],
  [
    'tunnels from both families',
    ['10.0.0.1 80', 'fd00::1 80'],
    [tunnel, server4, server6],
    [['ipv4', '10.0.0.9', 'fd00::9']],
  ],
  ['a tunnel from the other family', ['10.0.0.1 80'], [tunnel, server6], [['ipv4', 'fd00::9']]],
  [
    'marks of both families and one of neither',
    ['fwmark 5 inet', 'fwmark 6 inet6', 'fwmark 7'],
    [tunnel, server4],
    [['ipv4', '10.0.0.9']],
  ],
  [
    'a mark is of the family of a prefix length',
    [],
    ['  lb_kind TUN', '  persistence_granularity 64', server4],
    [['ipv6', '10.0.0.9']],
  ],
  [
    'a mark is of the family of a netmask',
    [],
    ['  lb_kind TUN', '  persistence_granularity 255.255.255.0', server6],
    [['ipv4', 'fd00::9']],
  ],
  [
    'ip_family that stands first',
    [],
    ['  lb_kind TUN', '  ip_family inet', '  persistence_granularity 64', server4],
    [['ipv4', '10.0.0.9']],
  ],
  ['a group of IPv6 that is called one of IPv4', ['fd00::1 80'], ['  ip_family inet', nat, server6], []],
  ['a group of IPv6 that is called so', ['fd00::1 80'], ['  ip_family inet6', nat, server6], [['ipv6', 'fd00::9']]],
];

describe('the families of a service and of its servers', () => {
  for (const [name, entries, lines, services] of rows)
    test(name, () => {
      assert.deepEqual(lvs(entries, ...lines).services, services);
    });

  test('a group of both families with a mark of neither is an error', () => {
    assert.equal(lvs(['10.0.0.1 80', 'fd00::1 80', 'fwmark 5'], nat, server4).exit, 5);
  });
});
