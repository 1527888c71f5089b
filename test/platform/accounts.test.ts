import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { resolveAccount } from '../../src/platform/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-accounts-'));
const files = { passwd: join(folder, 'passwd'), group: join(folder, 'group') };
writeFileSync(
  files.passwd,
  'root:x:0:0:root:/root:/bin/sh\nkeepalived_script:x:990:980::/:/bin/false\nbad:x:abc:1::/:\n',
);
writeFileSync(files.group, 'root:x:0:\nadm:x:4:syslog\n');
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('users and groups', () => {
  const rows: readonly [name: string, user: string, group: string | undefined, expected: string][] = [
    ['a user with his own group', 'keepalived_script', undefined, '990:980'],
    ['a user with another group', 'keepalived_script', 'adm', '990:4'],
    ['a known number', '990', undefined, '990:980'],
    ['numbers that nobody has', '1234', '77', '1234:77'],
    [
      'a number without entry and group',
      '1234',
      undefined,
      `user '1234' has no entry in ${files.passwd}: name the group too`,
    ],
    ['an unknown user', 'nobody2', undefined, `user 'nobody2' is not in ${files.passwd}`],
    ['an unknown group', 'root', 'wheel2', `group 'wheel2' is not in ${files.group}`],
    ['a spoilt entry', 'bad', undefined, `user 'bad' is not in ${files.passwd}`],
    ['the number that means none', '4294967295', '0', `user '4294967295' is not in ${files.passwd}`],
  ];
  for (const [name, user, group, expected] of rows) {
    test(name, () => {
      const result = resolveAccount(user, group, files);
      const shown = result.ok ? `${String(result.value.uid)}:${String(result.value.gid)}` : result.error;
      assert.equal(shown, expected);
    });
  }
});
