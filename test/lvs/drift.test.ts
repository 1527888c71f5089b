import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { IpvsDestination, IpvsTableEntry } from '../../src/core/index.ts';
import { applied, findDrift, plan } from '../../src/lvs/index.ts';
import { ip } from './configs.ts';

function server(last: number, change: Partial<IpvsDestination> = {}): IpvsDestination {
  const address = ip(`192.168.170.${String(last)}`);
  return { address, port: 80, forwarding: 'masq', weight: 1, upperThreshold: 0, lowerThreshold: 0, ...change };
}

function entry(port: number, destinations: readonly IpvsDestination[], scheduler = 'rr'): IpvsTableEntry {
  const key = { kind: 'address', protocol: 'tcp', address: ip('192.168.0.174'), port } as const;
  return { service: { key, scheduler, flags: 0, timeoutSecs: 0, netmask: 0xffffffff }, destinations };
}

const told = [entry(80, [server(25), server(35)])];
const vs = '[192.168.0.174]:tcp:80';

describe('what somebody else did', () => {
  for (const [name, actual, text] of [
    ['nothing', told, undefined],
    ['nothing to ours: a service that is not in the configuration', [...told, entry(99, [server(1)])], undefined],
    ['nothing: the order of servers', [entry(80, [server(35), server(25)])], undefined],
    [
      'a weight was changed',
      [entry(80, [server(25, { weight: 7 }), server(35)])],
      `~ ${vs} -> [192.168.170.25]:80 masq weight 7 => masq weight 1`,
    ],
    ['a server was removed', [entry(80, [server(35)])], `+ ${vs} -> [192.168.170.25]:80 masq weight 1`],
    [
      'a server was added to a service of ours',
      [entry(80, [server(25), server(35), server(66)])],
      `- ${vs} -> [192.168.170.66]:80`,
    ],
    ['the scheduler was changed', [entry(80, [server(25), server(35)], 'wlc')], `~ ${vs} wlc => rr`],
    [
      'the whole table was emptied',
      [],
      `+ ${vs} rr; + ${vs} -> [192.168.170.25]:80 masq weight 1; + ${vs} -> [192.168.170.35]:80 masq weight 1`,
    ],
    [
      'forwarding of a server that is this host: the kernel says local',
      [entry(80, [server(25, { forwarding: 'local' }), server(35)])],
      undefined,
    ],
  ] as const) {
    test(name, () => {
      assert.equal(findDrift(told, actual)?.text, text);
    });
  }

  test('one line tells of any number of changes', () => {
    const many = [
      entry(
        80,
        [1, 2, 3, 4, 5, 6, 7, 8, 9].map((last) => server(last)),
      ),
    ];
    const drift = findDrift(many, []);
    assert.equal(drift?.operations.length, 10);
    assert.match(drift.text, /^\+ .* rr; \+ .*1; \+ .*1; \+ .*1; and 6 more$/);
  });

  test('undoing it makes our entries what they were and touches no others', () => {
    const servers = fc.uniqueArray(
      fc.record({ last: fc.integer({ min: 1, max: 5 }), weight: fc.integer({ min: 0, max: 2 }) }),
      { selector: ({ last }) => last, maxLength: 4 },
    );
    const table = fc
      .uniqueArray(
        fc.record({ port: fc.integer({ min: 80, max: 84 }), servers, scheduler: fc.constantFrom('rr', 'wlc') }),
        { selector: ({ port }) => port, maxLength: 4 },
      )
      .map((entries) =>
        entries.map(({ port, servers: list, scheduler }) =>
          entry(
            port,
            list.map(({ last, weight }) => server(last, { weight })),
            scheduler,
          ),
        ),
      );
    fc.assert(
      fc.property(table, table, (ours, actual) => {
        const ports = (entries: readonly IpvsTableEntry[]): Set<string> =>
          new Set(entries.map(({ service }) => JSON.stringify(service.key)));
        const mended = applied(actual, findDrift(ours, actual)?.operations ?? []);
        assert.equal(findDrift(ours, mended), undefined);
        const theirs = ({ service }: IpvsTableEntry): boolean => !ports(ours).has(JSON.stringify(service.key));
        assert.deepEqual(plan(actual.filter(theirs), mended.filter(theirs), new Set()), []);
        assert.deepEqual(ports(mended.filter(theirs)), ports(actual.filter(theirs)));
      }),
    );
  });
});
