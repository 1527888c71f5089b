import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { dependsOf, isPortable } from '../../scripts/package/depends.ts';
import { isElf, readElf } from '../../scripts/package/elf.ts';

const module = (arch: string): Buffer => readFileSync(`node_modules/netlink/prebuilds/linux-${arch}/node.napi.node`);

test('the libraries that a program links are read for both architectures', () => {
  for (const [arch, machine, loader] of [
    ['x64', 'x86-64', 'libc.so.6'],
    ['arm64', 'aarch64', 'libc.so.6'],
  ] as const) {
    const facts = readElf(module(arch));
    assert.ok(facts.ok);
    assert.equal(facts.value.machine, machine);
    assert.ok(facts.value.needed.includes(loader), facts.value.needed.join(' '));
    assert.ok(
      facts.value.versions.some((version) => version.startsWith('GLIBC_2.')),
      facts.value.versions.join(' '),
    );
  }
});

test('another architecture or another kind of file is an error', () => {
  for (const bytes of [module('arm'), module('ia32'), Buffer.from('#!/bin/sh\n'), Buffer.alloc(0)])
    assert.equal(readElf(bytes).ok, false);
  assert.equal(isElf(Buffer.from('#!/bin/sh\n')), false);
});

test('a damaged file is an error or has some facts, and never more', () => {
  const whole = module('x64');
  fc.assert(
    fc.property(fc.nat(whole.length), fc.nat(4096), fc.nat(255), (length, at, value) => {
      const damaged = Buffer.from(whole.subarray(0, length));
      if (at < damaged.length) damaged[at] = value;
      const facts = readElf(damaged);
      if (facts.ok) assert.ok(Array.isArray(facts.value.needed));
      else assert.notEqual(facts.error, '');
    }),
    { numRuns: 300 },
  );
});

test('what is linked becomes packages of Debian with the oldest version that has the symbols', () => {
  const elf = (needed: readonly string[], versions: readonly string[]) =>
    ({ machine: 'x86-64', needed, versions }) as const;
  const node = elf(
    ['libc.so.6', 'libm.so.6', 'libstdc++.so.6', 'libgcc_s.so.1'],
    ['GLIBC_2.9', 'GLIBC_2.28', 'GLIBC_PRIVATE', 'GLIBCXX_3.4.9', 'GLIBCXX_3.4.21', 'GCC_3.0'],
  );
  const other = elf(['libc.so.6'], ['GLIBC_2.14']);
  assert.deepEqual(dependsOf([node, other]), {
    ok: true,
    value: ['libc6 (>= 2.28)', 'libgcc-s1', 'libstdc++6 (>= 5)'],
  });
  assert.equal(isPortable(node), true);
  const shared = elf(['libnode.so.108'], []);
  assert.equal(isPortable(shared), false);
  assert.match(JSON.stringify(dependsOf([shared])), /libnode\.so\.108 is needed/);
  assert.match(JSON.stringify(dependsOf([elf(['libstdc++.so.6'], ['GLIBCXX_3.4.99'])])), /newer than every GCC/);
});
