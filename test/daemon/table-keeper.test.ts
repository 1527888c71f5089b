import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { VirtualServer } from '../../src/config/index.ts';
import type { IpvsOperation, IpvsTableEntry } from '../../src/core/index.ts';
import { TableKeeper } from '../../src/daemon/table-keeper.ts';
import { desiredTable, formatPlan, newLvsState } from '../../src/lvs/index.ts';
import { ip, lvsConfig, realServer, virtualServer } from '../lvs/configs.ts';
import { FakeTable } from './fake-table.ts';

const web = virtualServer();
const dns = virtualServer({ key: { kind: 'address', address: ip('192.168.0.174'), port: 53 }, protocol: 'UDP' });
const tableOf = (...servers: readonly VirtualServer[]) => desiredTable(newLvsState(lvsConfig(...servers), false));

/** A keeper, the kernel under it, what it logs, and the tries that it asked for. */
function lab(desired: readonly IpvsTableEntry[] = tableOf(web, dns)) {
  const kernel = new FakeTable();
  const lines: string[] = [];
  const tries: { readonly delayMs: number; readonly again: () => void }[] = [];
  const wanted = { desired };
  const modules: (readonly string[])[] = [];
  const host = { loads: () => false };
  const keeper = new TableKeeper({
    loadModules: (names) => {
      modules.push(names);
      return Promise.resolve(host.loads());
    },
    client: kernel.client,
    log: (level, text) => lines.push(`${level}: ${text}`),
    desired: () => wanted.desired,
    desiredOf: (virtualServer) => wanted.desired.slice(virtualServer, virtualServer + 1),
    retry: (delayMs, again) => tries.push({ delayMs, again }),
  });
  const text = (): string => formatPlan(kernel.applied.splice(0), []).join('\n');
  return { kernel, keeper, lines, tries, wanted, text, modules, host };
}

const full = tableOf(web, dns);

describe('what somebody else changes', () => {
  test('is undone at the next look, with one line that says what it was, and counted', async () => {
    const { kernel, keeper, lines, text } = lab();
    await keeper.adopt();
    text();
    const [first] = full;
    assert.ok(first !== undefined);
    const [server] = first.destinations;
    assert.ok(server !== undefined);
    kernel.table = [{ service: first.service, destinations: [{ ...server, weight: 9 }] }];
    await keeper.check();
    assert.deepEqual(lines, [
      'warning: Somebody else changed our IPVS entries, undoing it: ' +
        '~ [192.168.0.174]:tcp:80 -> [192.168.170.25]:80 masq weight 9 => masq weight 1; ' +
        '+ [192.168.0.174]:tcp:80 -> [192.168.170.35]:80 masq weight 1; + [192.168.0.174]:udp:53 rr; ' +
        '+ [192.168.0.174]:udp:53 -> [192.168.170.25]:80 masq weight 1; and 1 more (5 since the start)',
    ]);
    assert.deepEqual([...kernel.table], full);
    assert.equal(keeper.mended, 5);
    text();
    await keeper.check();
    assert.deepEqual([lines.length, text()], [1, ''], 'the next look finds all well');
  });

  test("is left alone where it is not ours, also a service of others' that was there before us", async () => {
    const { kernel, keeper, lines, text } = lab();
    const theirs = tableOf(virtualServer({ key: { kind: 'address', address: ip('10.9.9.9'), port: 99 } }));
    kernel.table = theirs;
    await keeper.adopt();
    text();
    kernel.table = full;
    await keeper.check();
    kernel.table = [
      ...full,
      ...theirs,
      ...tableOf(virtualServer({ key: { kind: 'fwmark', fwmark: 3, family: 'ipv4' } })),
    ];
    await keeper.check();
    assert.deepEqual([lines, text()], [[], '']);
  });

  test('is not confused with what we changed ourselves a moment ago', async () => {
    const { keeper, lines, wanted } = lab();
    await keeper.adopt();
    wanted.desired = tableOf(virtualServer({ realServers: [realServer('192.168.170.35')] }));
    await Promise.all([keeper.check(), keeper.updateAll(), keeper.check()]);
    assert.deepEqual(lines, []);
  });

  test('a table that cannot be read is told once, and again after it could be', async () => {
    const { kernel, keeper, lines } = lab();
    await keeper.adopt();
    for (const unreadable of ['ENOBUFS', 'ENOBUFS', undefined, 'ENOBUFS']) {
      kernel.unreadable = unreadable;
      await keeper.check();
    }
    assert.deepEqual(lines, ['error: read IPVS services: ENOBUFS', 'error: read IPVS services: ENOBUFS']);
  });

  test('nothing is looked for where there is nothing of ours', async () => {
    const { kernel, keeper } = lab([]);
    await keeper.adopt();
    await keeper.check();
    assert.equal(kernel.dumps, 1, 'the one at the start');
  });

  test('is not looked for any more once everything is taken back', async () => {
    const { kernel, keeper, lines } = lab();
    await keeper.adopt();
    kernel.table = [];
    const looked = keeper.check();
    await Promise.all([keeper.release('ours'), looked]);
    assert.deepEqual([lines, kernel.table], [[], []]);
  });
});

describe('changes of single virtual servers', () => {
  const shortened = (server: VirtualServer): VirtualServer => ({
    ...server,
    realServers: [realServer('192.168.170.35')],
  });

  test('are made at once, and those that come before the answer together', async () => {
    const { kernel, keeper, wanted } = lab(tableOf(web, dns));
    const batches: (readonly string[])[] = [];
    const { apply } = kernel.client;
    const answers: (() => void)[] = [];
    await keeper.adopt();
    Object.assign(kernel.client, {
      apply: async (operations: readonly IpvsOperation[]) => {
        batches.push(formatPlan(operations, []));
        await new Promise<void>((resolve) => answers.push(resolve));
        return apply(operations);
      },
    });
    wanted.desired = tableOf(shortened(web), dns);
    const first = keeper.update(0);
    await Promise.resolve();
    assert.deepEqual(batches, [['- [192.168.0.174]:tcp:80 -> [192.168.170.25]:80']], 'the first waits for nothing');
    wanted.desired = tableOf(shortened(web), shortened(dns));
    const second = keeper.update(1);
    wanted.desired = tableOf({ ...web, realServers: [] }, shortened(dns));
    const third = keeper.update(0);
    answers.shift()?.();
    await first;
    await new Promise(setImmediate);
    assert.deepEqual(batches.slice(1), [
      ['- [192.168.0.174]:udp:53 -> [192.168.170.25]:80', '- [192.168.0.174]:tcp:80 -> [192.168.170.35]:80'],
    ]);
    answers.shift()?.();
    await Promise.all([second, third]);
    assert.deepEqual(new Set(kernel.table), new Set(wanted.desired));
  });

  test('of a virtual server that a reload took away change nothing', async () => {
    const { kernel, keeper, wanted, lines } = lab(tableOf(web, dns));
    await keeper.adopt();
    wanted.desired = tableOf(web);
    await Promise.all([keeper.updateAll(), keeper.update(1)]);
    assert.deepEqual([kernel.table, lines], [tableOf(web), []]);
  });
});

describe('what the kernel refuses', () => {
  const maglev = { ...web, lbAlgo: 'mh' };
  const noModule = (operation: IpvsOperation): string | undefined =>
    operation.op === 'new-service' && operation.service.scheduler === 'mh' ? 'ENOENT' : undefined;

  test('stops nothing else, is told once for its servers too, and tried again later each time', async () => {
    const { kernel, keeper, lines, tries } = lab(tableOf(maglev, dns));
    kernel.refuse = noModule;
    await keeper.adopt();
    assert.deepEqual(kernel.table, tableOf(dns));
    assert.deepEqual(lines, [
      'error: new-service: ENOENT',
      'warning: 3 changes of the IPVS table failed: reading it and trying again in 1 s',
    ]);
    tries.shift()?.again();
    await keeper.updateAll();
    assert.equal(tries[0]?.delayMs, 2000);
    kernel.refuse = () => undefined;
    tries.shift()?.again();
    await keeper.updateAll();
    assert.deepEqual(new Set(kernel.table), new Set(tableOf(maglev, dns)));
    assert.equal(tries.length, 0);
  });

  test('for want of memory is made when there is some again, and what fitted stays', async () => {
    const { kernel, keeper, lines, tries } = lab(full);
    let room = 2;
    kernel.refuse = () => (room-- > 0 ? undefined : 'ENOMEM');
    await keeper.adopt();
    assert.equal(kernel.table.length, 1);
    assert.deepEqual(
      lines.filter((line) => !line.includes('ENOMEM')),
      ['warning: 4 changes of the IPVS table failed: reading it and trying again in 1 s'],
    );
    kernel.refuse = () => undefined;
    tries.shift()?.again();
    await keeper.updateAll();
    assert.deepEqual(new Set(kernel.table), new Set(full));
    assert.equal(tries.length, 0);
  });

  test('of one kind is asked for again only once at a time', async () => {
    const { kernel, keeper, tries } = lab(tableOf(maglev));
    kernel.refuse = noModule;
    await keeper.adopt();
    await keeper.updateAll();
    await keeper.updateAll();
    assert.equal(tries.length, 1);
  });

  test('for want of a scheduler or engine has their modules loaded, once, and is sent again at once', async () => {
    const sip = virtualServer({ protocol: 'UDP', lbAlgo: 'mh', persistenceTimeoutSecs: 60, persistenceEngine: 'sip' });
    const { kernel, keeper, lines, tries, modules, host } = lab(tableOf(sip, dns));
    kernel.refuse = noModule;
    host.loads = () => {
      kernel.refuse = () => undefined;
      return true;
    };
    await keeper.adopt();
    assert.deepEqual(modules, [['ip_vs_mh', 'ip_vs_pe_sip']]);
    assert.deepEqual([lines, tries], [[], []]);
    assert.deepEqual(new Set(kernel.table), new Set(tableOf(sip, dns)));
  });

  test('although its module was asked for does not have it asked for each time', async () => {
    const { kernel, keeper, tries, modules } = lab(tableOf(maglev));
    kernel.refuse = noModule;
    await keeper.adopt();
    tries.shift()?.again();
    await keeper.updateAll();
    assert.equal(modules.length, 1);
  });
});

describe('the end', () => {
  const theirs = tableOf(virtualServer({ key: { kind: 'address', address: ip('10.9.9.9'), port: 99 } }));

  for (const [what, left, operations] of [
    ['ours', theirs, ['del-service', 'del-service']],
    ['everything', [], []],
  ] as const) {
    test(`takes ${what}, in one operation each`, async () => {
      const { kernel, keeper } = lab();
      kernel.table = theirs;
      await keeper.adopt();
      kernel.applied.length = 0;
      await keeper.release(what);
      assert.deepEqual(kernel.table, left);
      assert.equal(kernel.flushed, what === 'everything');
      assert.deepEqual(
        kernel.applied.map(({ op }) => op),
        operations,
      );
      await keeper.updateAll();
      assert.deepEqual(kernel.table, left, 'nothing comes back');
    });
  }
});
