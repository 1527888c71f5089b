import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIp } from '../../src/core/index.ts';
import { AddressTable } from '../../src/daemon/address-table.ts';
import type { InterfaceAddress } from '../../src/rtnetlink/index.ts';

function at(ifindex: number, text: string, prefixLength = 24): InterfaceAddress {
  const address = parseIp(text);
  assert.ok(address.ok);
  return { ifindex, address: address.value, prefixLength, scope: 0, flags: 0 };
}

function table(...addresses: readonly InterfaceAddress[]): AddressTable {
  const made = new AddressTable();
  for (const address of addresses) made.add(address);
  return made;
}

test('addresses stay in the order in which they came, and each is there once', () => {
  const made = table(at(2, '10.0.0.9'), at(2, '10.0.0.1'), at(3, '10.0.0.5'), at(2, '10.0.0.9'));
  assert.deepEqual(made.of(2), ['10.0.0.9', '10.0.0.1']);
  assert.deepEqual(made.of(4), []);
});

test('one with two prefix lengths is there until both are gone', () => {
  const made = table(at(2, '10.0.0.1', 24), at(2, '10.0.0.1', 32));
  made.remove(at(2, '10.0.0.1', 32));
  assert.deepEqual(made.of(2), ['10.0.0.1']);
  made.remove(at(2, '10.0.0.1', 24));
  made.remove(at(2, '10.0.0.1', 24));
  assert.deepEqual(made.of(2), []);
});

test('the description does not depend on the order, but on the prefix lengths', () => {
  const [a, b] = [at(2, '10.0.0.1'), at(2, '10.0.0.2')];
  assert.equal(table(a, b).described(2), table(b, a).described(2));
  assert.notEqual(table(a).described(2), table(at(2, '10.0.0.1', 32)).described(2));
});

test('with an interface its addresses are forgotten', () => {
  const made = table(at(2, '10.0.0.1'), at(3, '10.0.0.1'));
  made.forget(2);
  assert.deepEqual([made.of(2), made.of(3)], [[], ['10.0.0.1']]);
});
