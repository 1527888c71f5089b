import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ipProtocolNumber, iprouteNames } from '../../src/platform/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-iproute-'));
const [usr, etc] = [join(folder, 'usr'), join(folder, 'etc')];
mkdirSync(usr);
mkdirSync(join(etc, 'rt_tables.d'), { recursive: true });
writeFileSync(join(usr, 'rt_tables'), '# known\n255\tlocal\n0x64 blue # hexadecimal\n7 seven\n');
writeFileSync(join(etc, 'rt_tables'), '8 seven\nnonsense\n99999999999 long\n');
writeFileSync(join(etc, 'rt_tables.d', 'a.conf'), '300 red\n');
writeFileSync(join(etc, 'rt_tables.d', 'b.txt'), '301 green\n');
after(() => {
  rmSync(folder, { recursive: true });
});

test('names of iproute2 come from all its files, and the later folder counts', () => {
  assert.deepEqual(
    [...iprouteNames('rt_tables', [usr, etc])],
    [
      ['local', 255],
      ['blue', 100],
      ['seven', 8],
      ['red', 300],
    ],
  );
});

test('a folder that is not there has no names', () => {
  assert.equal(iprouteNames('rt_realms', [join(folder, 'nowhere'), usr]).size, 0);
});

test('IP protocols have the names of /etc/protocols', () => {
  assert.equal(ipProtocolNumber('no-such-protocol'), undefined);
});
