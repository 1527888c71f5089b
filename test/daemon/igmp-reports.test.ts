import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IgmpReports } from '../../src/daemon/igmp-reports.ts';

function host(kernel: { value: string }, before: Readonly<Record<string, string>> = {}) {
  let known = before;
  const sysctls = {
    read: () => ({ ok: true, value: kernel.value }) as const,
    write: (key: readonly string[], value: string) => {
      assert.deepEqual(key, ['net', 'ipv4', 'igmp_link_local_mcast_reports']);
      kernel.value = value;
      return { ok: true, value: undefined } as const;
    },
  };
  const learn = (now: Readonly<Record<string, string>>): void => {
    known = now;
  };
  const igmp = new IgmpReports(() => assert.fail('trouble'), sysctls, learn, before);
  return { igmp, learned: () => known };
}

test('the kernel is told to be silent, and at the stop that it may report again', () => {
  const kernel = { value: '1' };
  const { igmp } = host(kernel);
  igmp.disable();
  assert.equal(kernel.value, '0');
  igmp.stop();
  assert.equal(kernel.value, '1');
});

test('what was so before stays so', () => {
  const kernel = { value: '0' };
  const { igmp } = host(kernel);
  igmp.disable();
  igmp.stop();
  assert.equal(kernel.value, '0');
});

test('the death of the part: its successor puts back what was before', () => {
  const kernel = { value: '1' };
  const first = host(kernel);
  first.igmp.disable();
  const successor = host(kernel, first.learned());
  successor.igmp.disable();
  successor.igmp.stop();
  assert.equal(kernel.value, '1');
});
