import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseIp } from '../../src/core/index.ts';
import type { NetlinkMessage } from '../../src/netlink/index.ts';
import {
  NftablesClient,
  noTables,
  vrrpTableChanges,
  vrrpTableRemoval,
  type VrrpTableContent,
} from '../../src/nftables-netlink/index.ts';
import { acknowledged, errorMessage, fakeAlarm, fakeKernel, type Answer } from '../netlink/fake-kernel.ts';

const options = { name: 'keepalived', priority: -1, counters: false };
const nothing: VrrpTableContent = { vmacs4: [], vmacs6: [], blocked: [] };
const vmac = { ifindex: 6, parentIfindex: 3 };

function ip(text: string) {
  const address = parseIp(text);
  assert.ok(address.ok);
  return address.value;
}

function open(answer: (request: NetlinkMessage) => Answer = (request) => acknowledged(request)) {
  const kernel = fakeKernel(answer);
  const clock = fakeAlarm();
  return { kernel, clock, client: new NftablesClient(kernel.transport, clock.alarm) };
}

/** What the changes do, in order. */
function texts(content: VrrpTableContent, held = noTables): readonly string[] {
  return vrrpTableChanges(held, content, options).changes.map(({ what }) => what);
}

describe('what is changed', () => {
  test('nothing for nothing', () => {
    assert.deepEqual(texts(nothing), []);
  });

  test('a VMAC of IPv4 has a table with its reports', () => {
    assert.deepEqual(
      texts({ ...nothing, vmacs4: [vmac] }),
      ['creation', 'chain out', 'set vmac_map', 'rule in out', 'elements in vmac_map'].map(
        (what) => `${what} of table ip keepalived`,
      ),
    );
  });

  test('afterwards only elements change, and sets stay', () => {
    const blocked = [{ address: ip('192.0.2.1') }, { address: ip('fe80::1'), at: { ifindex: 6 } }];
    const { held } = vrrpTableChanges(noTables, { ...nothing, vmacs4: [vmac], blocked }, options);
    assert.deepEqual(texts({ ...nothing, vmacs4: [vmac], blocked }, held), []);
    assert.deepEqual(texts({ ...nothing, vmacs4: [{ ...vmac, ifindex: 9 }] }, held), [
      'elements in vmac_map of table ip keepalived',
      'elements in vmac_map of table ip keepalived',
      'elements in vips of table ip keepalived',
      'elements in vips_link_local of table ip6 keepalived',
    ]);
  });

  test('many elements go in several messages, each below what an attribute holds', () => {
    const blocked = Array.from({ length: 4000 }, (_, i) => ({
      address: ip(`fe80::${i.toString(16)}`),
      at: { ifname: 'averylongname.1' },
    }));
    const { changes } = vrrpTableChanges(noTables, { ...nothing, blocked }, options);
    assert.equal(changes.filter(({ what }) => what.startsWith('elements in vips_link_local_name')).length, 8);
  });
});

describe('a transaction', () => {
  const removal = vrrpTableRemoval(options);
  const seen = ({ datagrams }: ReturnType<typeof open>['kernel']): readonly (readonly number[])[] =>
    datagrams.map((messages) => messages.map(({ type }) => type));

  test('is one datagram, in brackets, of which the last change is answered', async () => {
    const { kernel, client } = open();
    assert.deepEqual(await client.commit(removal), { ok: true, value: null });
    assert.deepEqual(seen(kernel), [[16, 0xa00, 0xa02, 0xa00, 0xa02, 17]]);
    assert.deepEqual(
      kernel.datagrams[0]?.map(({ flags }) => (flags & 4) !== 0),
      [false, false, false, false, true, false],
    );
  });

  test('that is refused names the change and the reason', async () => {
    const { client } = open((request) => acknowledged(request, request.type === 0xa02 ? 2 : 0));
    const done = await client.commit(removal);
    assert.deepEqual(done, {
      ok: false,
      error: { code: 'ENOENT', text: 'nftables: removal of table ip keepalived: ENOENT' },
    });
  });

  test('that is refused as a whole ends', async () => {
    const { client } = open((request) => (request.type === 16 ? [errorMessage(request, 1)] : []));
    const done = await client.commit(removal);
    assert.deepEqual(done, { ok: false, error: { code: 'EPERM', text: 'nftables: EPERM' } });
  });

  test('that is not answered ends, and the next one begins', async () => {
    let silent = true;
    const { client, clock } = open((request) => (silent ? [] : acknowledged(request)));
    const [first, second] = [client.commit(removal), client.commit(removal)];
    silent = false;
    clock.expireOnce();
    assert.deepEqual((await first).ok, false);
    assert.deepEqual(await second, { ok: true, value: null });
  });

  test('of nothing is done at once', async () => {
    const { kernel, client } = open();
    assert.deepEqual(await client.commit([]), { ok: true, value: null });
    assert.deepEqual(kernel.datagrams, []);
  });
});
