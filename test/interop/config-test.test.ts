import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { verdicts } from '../config/verdicts.ts';

const version = spawnSync('keepalived', ['--version'], { encoding: 'utf8' }).stderr;
const namespaces = spawnSync('unshare', ['-n', 'true']).status === 0;
const skip = !version.includes('v2.2.7')
  ? 'keepalived 2.2.7 is not installed'
  : !namespaces && 'network namespaces cannot be made here';

const folder = mkdtempSync(path.join(tmpdir(), 'watchkeeper-verdicts-'));
after(() => {
  rmSync(folder, { recursive: true });
});

const script = `
ip link add eth0 type veth peer name eth0p
ip link add eth1 type veth peer name eth1p
ip link set eth0 up; ip link set eth1 up
ip addr add 10.0.0.5/24 dev eth0
cd "$1"
for file in *.conf; do
  timeout 10 keepalived -t -f "$1/$file" >"$file.out" 2>&1 </dev/null
  echo $? >"$file.status"
done`;

test('keepalived 2.2.7 gives the exit statuses that Watchkeeper is held to', { skip }, () => {
  const cases = verdicts.filter(({ crashes }) => crashes !== true);
  for (const [i, { text }] of cases.entries()) writeFileSync(path.join(folder, `${String(i)}.conf`), text);
  const { status, stderr } = spawnSync('unshare', ['-n', 'sh', '-c', script, 'sh', folder], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const read = (i: number, what: string): string =>
    readFileSync(path.join(folder, `${String(i)}.conf.${what}`), 'utf8');
  const wrong = cases.flatMap(({ name, exit }, i) =>
    Number(read(i, 'status')) === exit
      ? []
      : [`${name}: expected ${String(exit)}, got ${read(i, 'status')}${read(i, 'out')}`],
  );
  assert.deepEqual(wrong, []);
});
