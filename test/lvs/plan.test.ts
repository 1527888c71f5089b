import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { IpvsDestination, IpvsService, IpvsTableEntry } from '../../src/core/index.ts';
import { applied, desiredTable, formatPlan, newLvsState, plan, serviceId } from '../../src/lvs/index.ts';
import { ip, lvsConfig, realServer, virtualServer } from './configs.ts';

function service(port: number, change: Partial<IpvsService> = {}): IpvsService {
  return {
    key: { kind: 'address', protocol: 'tcp', address: ip('192.168.0.174'), port },
    scheduler: 'rr',
    flags: 0,
    timeoutSecs: 0,
    netmask: 0xffffffff,
    ...change,
  };
}

function server(last: number, change: Partial<IpvsDestination> = {}): IpvsDestination {
  return {
    address: ip(`192.168.170.${String(last)}`),
    port: 80,
    forwarding: 'masq',
    weight: 1,
    upperThreshold: 0,
    lowerThreshold: 0,
    ...change,
  };
}

function entry(port: number, ...destinations: readonly IpvsDestination[]): IpvsTableEntry {
  return { service: service(port), destinations };
}

const ours = new Set([80, 81, 82, 83].map((port) => serviceId(service(port).key)));

describe('the plan from one table to another', () => {
  const cases: readonly {
    readonly name: string;
    readonly actual: readonly IpvsTableEntry[];
    readonly desired: readonly IpvsTableEntry[];
    readonly lines: readonly string[];
  }[] = [
    { name: 'equal tables: nothing', actual: [entry(80, server(25))], desired: [entry(80, server(25))], lines: [] },
    {
      name: 'a service comes before its servers',
      actual: [],
      desired: [entry(80, server(25))],
      lines: ['+ [192.168.0.174]:tcp:80 rr', '+ [192.168.0.174]:tcp:80 -> [192.168.170.25]:80 masq weight 1'],
    },
    {
      name: 'a service goes with its servers in one operation',
      actual: [entry(80, server(25), server(35))],
      desired: [],
      lines: ['- [192.168.0.174]:tcp:80 with its 2 servers'],
    },
    {
      name: 'one changed weight is one operation',
      actual: [entry(80, server(25), server(35)), entry(81, server(25))],
      desired: [entry(80, server(25), server(35, { weight: 7 })), entry(81, server(25))],
      lines: ['~ [192.168.0.174]:tcp:80 -> [192.168.170.35]:80 masq weight 1 => masq weight 7'],
    },
    {
      name: 'the new server is there before the old one goes',
      actual: [entry(80, server(25))],
      desired: [entry(80, server(35))],
      lines: [
        '+ [192.168.0.174]:tcp:80 -> [192.168.170.35]:80 masq weight 1',
        '- [192.168.0.174]:tcp:80 -> [192.168.170.25]:80',
      ],
    },
    {
      name: 'a changed scheduler keeps the service and its servers',
      actual: [entry(80, server(25))],
      desired: [{ service: service(80, { scheduler: 'sh', flags: 8 }), destinations: [server(25)] }],
      lines: ['~ [192.168.0.174]:tcp:80 rr => sh flags 8'],
    },
    {
      name: 'persistence',
      actual: [entry(80)],
      desired: [{ service: service(80, { flags: 1, timeoutSecs: 360, netmask: 0xffffff00 }), destinations: [] }],
      lines: ['~ [192.168.0.174]:tcp:80 rr => rr persistent 360 s /24'],
    },
    {
      name: 'services of others stay',
      actual: [entry(8080, server(99))],
      desired: [],
      lines: [],
    },
    {
      name: 'a server that is there twice in the file is there once in the kernel',
      actual: [],
      desired: [entry(80, server(25), server(25, { weight: 9 })), entry(80, server(35))],
      lines: ['+ [192.168.0.174]:tcp:80 rr', '+ [192.168.0.174]:tcp:80 -> [192.168.170.25]:80 masq weight 1'],
    },
    {
      name: 'a tunnel that changes its type',
      actual: [entry(80, server(25, { forwarding: 'tunnel', tunnel: { type: 'ipip', port: 0, flags: 0 } }))],
      desired: [entry(80, server(25, { forwarding: 'tunnel', tunnel: { type: 'gue', port: 6080, flags: 0 } }))],
      lines: ['~ [192.168.0.174]:tcp:80 -> [192.168.170.25]:80 tunnel ipip 0 0 weight 1 => tunnel gue 6080 0 weight 1'],
    },
  ];
  for (const { name, actual, desired, lines } of cases) {
    test(name, () => {
      assert.deepEqual(formatPlan(plan(desired, actual, ours), actual), lines);
    });
  }
});

describe('any two tables', () => {
  const destination = fc.record({ last: fc.integer({ min: 1, max: 6 }), weight: fc.integer({ min: 0, max: 2 }) });
  const table = (ports: readonly number[]): fc.Arbitrary<readonly IpvsTableEntry[]> =>
    fc
      .uniqueArray(
        fc.record({
          port: fc.constantFrom(...ports),
          scheduler: fc.constantFrom('rr', 'wlc'),
          destinations: fc.uniqueArray(destination, { selector: ({ last }) => last, maxLength: 5 }),
        }),
        { selector: ({ port }) => port },
      )
      .map((entries) =>
        entries.map(({ port, scheduler, destinations }) => ({
          service: service(port, { scheduler }),
          destinations: destinations.map(({ last, weight }) => server(last, { weight })),
        })),
      );

  test('the plan makes the desired one, leaves what others have, and then has nothing left to do', () => {
    fc.assert(
      fc.property(table([80, 81, 82, 83]), table([80, 81, 82, 83]), table([90, 91]), (desired, mine, foreign) => {
        const actual = [...mine, ...foreign];
        const operations = plan(desired, actual, ours);
        const after = applied(actual, operations);
        assert.deepEqual(sorted(after), sorted([...desired, ...foreign]));
        assert.deepEqual(plan(desired, after, ours), []);
      }),
    );
  });

  test('no operation touches an entry that is right', () => {
    fc.assert(
      fc.property(table([80, 81, 82]), table([80, 81, 82]), (desired, actual) => {
        const right = new Set(actual.flatMap(lines));
        const touched = plan(desired, actual, ours).flatMap((operation) => {
          if (operation.op === 'set-service')
            return [`${serviceId(operation.service.key)} ${operation.service.scheduler}`];
          if (operation.op !== 'set-dest' && operation.op !== 'new-dest') return [];
          const { address, weight } = operation.destination;
          return [`${serviceId(operation.service)} ${address} ${String(weight)}`];
        });
        assert.deepEqual(
          touched.filter((line) => right.has(line)),
          [],
        );
      }),
    );
  });

  function lines({ service: { key, scheduler }, destinations }: IpvsTableEntry): readonly string[] {
    const id = serviceId(key);
    return [`${id} ${scheduler}`, ...destinations.map(({ address, weight }) => `${id} ${address} ${String(weight)}`)];
  }

  function sorted(entries: readonly IpvsTableEntry[]): unknown {
    return entries
      .map(({ service: of, destinations }) => ({
        service: of,
        destinations: [...destinations].sort((a, b) => a.address.localeCompare(b.address)),
      }))
      .sort((a, b) => serviceId(a.service.key).localeCompare(serviceId(b.service.key)));
  }
});

test('2,277 services with 37,205 servers are planned in well under a second, and one change is one operation', () => {
  const perService = Math.ceil(37_205 / 2277);
  const virtualServers = Array.from({ length: 2277 }, (_, i) =>
    virtualServer({
      key: { kind: 'address', address: ip(`10.${String(i >> 8)}.${String(i & 255)}.1`), port: 80 },
      realServers: Array.from({ length: perService }, (__, j) =>
        realServer(`192.168.${String(i >> 8)}.${String(j + 1)}`),
      ),
    }),
  );
  const desired = desiredTable(newLvsState(lvsConfig(...virtualServers), false));
  const [first, ...rest] = desired;
  assert.ok(first !== undefined);
  const [one, ...others] = first.destinations;
  assert.ok(one !== undefined);
  const changed = [{ ...first, destinations: [{ ...one, weight: 2 }, ...others] }, ...rest];
  const began = performance.now();
  const operations = plan(changed, desired, new Set());
  const tookMs = performance.now() - began;
  assert.equal(operations.length, 1);
  assert.ok(tookMs < 1000, `${tookMs.toFixed(0)} ms`);
});
