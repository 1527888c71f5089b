import { test } from 'node:test';
import { directors, holds, instance } from './setup.ts';

test('VMACs are no obstacle: who is master is as without them', () => {
  const setups = directors(instance(150, 'use_vmac foo'), instance(100, 'use_vmac'));
  holds(setups, 'expect d1 master within 5s\nat 6s: d1 kill\nexpect d2 master within 5s\nend at 13s');
});
