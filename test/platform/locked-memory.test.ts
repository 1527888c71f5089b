import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lockable, mayBeSwapped } from '../../src/platform/locked-memory.ts';

test('what is locked: files, the native heap and the stack, and nothing that V8 could give back', () => {
  const maps = `00400000-00401000 r--p 00000000 fe:00 1234                               /usr/bin/node
00401000-00402000 ---p 00001000 fe:00 1234                               /usr/bin/node
00402000-00404000 rw-p 00002000 fe:00 1234                               /usr/lib/with space.so (deleted)
00404000-00405000 rw-p 00000000 00:00 0
1f000000-1f010000 rw-p 00000000 00:00 0                                  [heap]
2a0000000000-2a0000040000 rw-p 00000000 00:00 0
7f0000000000-7f0000001000 rw-p 00000000 00:00 0                          [anon:stack]
7ffd00000000-7ffd00021000 rw-p 00000000 00:00 0                          [stack]
7ffd00100000-7ffd00104000 r--p 00000000 00:00 0                          [vvar]
no line of maps
`;
  assert.deepEqual(
    lockable(maps).map(({ start, bytes }) => [start.toString(16), Number(bytes)]),
    [
      ['400000', 0x1000],
      ['402000', 0x2000],
      ['1f000000', 0x10000],
      ['7ffd00000000', 0x21000],
    ],
  );
});

describe('whether other memory can be swapped out', () => {
  const titles = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n';
  const swaps = `${titles}/dev/sda2\tpartition\t1000\t0\t-2\n`;
  const cgroup = '0::/system.slice/keepalived.service\n';
  const limit = (folder: string, text: string) => ({ [`/sys/fs/cgroup/${folder}/memory.swap.max`]: text });
  const rows: readonly (readonly [name: string, files: Readonly<Record<string, string>>, expected: boolean])[] = [
    ['no swap area', { '/proc/swaps': titles, '/proc/self/cgroup': cgroup }, false],
    ['nothing to be read', {}, false],
    ['a swap area', { '/proc/swaps': swaps, '/proc/self/cgroup': cgroup }, true],
    [
      'no limit of the service',
      { '/proc/swaps': swaps, '/proc/self/cgroup': cgroup, ...limit('system.slice/keepalived.service', 'max\n') },
      true,
    ],
    [
      'MemorySwapMax=0 of the service',
      { '/proc/swaps': swaps, '/proc/self/cgroup': cgroup, ...limit('system.slice/keepalived.service', '0\n') },
      false,
    ],
    [
      'MemorySwapMax=0 of its slice',
      { '/proc/swaps': swaps, '/proc/self/cgroup': cgroup, ...limit('system.slice', '0\n') },
      false,
    ],
    [
      'control groups of version 1',
      { '/proc/swaps': swaps, '/proc/self/cgroup': '4:memory:/a\n', ...limit('a', '0') },
      true,
    ],
  ];
  for (const [name, files, expected] of rows)
    test(name, () => {
      assert.equal(
        mayBeSwapped((path) => files[path]),
        expected,
      );
    });
});
