import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { buildDeb } from '../../scripts/package/build.ts';
import { whyNoLab } from '../lab/available.ts';
import { projectRoot } from '../lab/machine.ts';
import { partsOf } from '../lab/parts.ts';

/** The unit of the package under systemd itself, the first process of a guest kernel: what it is told, its sandbox, and that an upgrade moves nothing. */

function whyNot(): string | undefined {
  const lab = whyNoLab('guest');
  if (lab !== undefined) return lab;
  const missing = ['/lib/systemd/systemd', '/usr/bin/dpkg-deb', '/usr/sbin/switch_root'].filter(
    (file) => !existsSync(file),
  );
  return missing.length > 0 ? `not installed: ${missing.join(', ')}` : undefined;
}

const trouble = whyNot();
if (trouble !== undefined) console.log(`skipped: the unit under systemd: ${trouble}`);

// Adverts so far apart that a start of the slowest machine is in time.
const configuration = `vrrp_instance A {
  interface eth0
  virtual_router_id 51
  priority 255
  advert_int 30
  virtual_ipaddress {
    10.1.0.100/24
  }
  notify_master /etc/keepalived/told.sh
}
virtual_server 10.1.0.100 80 {
  lb_algo rr
  lb_kind NAT
  protocol TCP
  real_server 10.1.0.3 80 {
    weight 2
  }
}
`;

const told = `#!/bin/sh
{
  echo "told by $(id -un)"
  touch /usr/written 2>/dev/null || echo "/usr is for reading"
} >/tmp/told
`;

const guestLimitMs = 600_000;
const init = path.join(projectRoot, 'test', 'lab', 'systemd-init.sh');

async function lifeIn(folder: string): Promise<string> {
  const words = ['mem=1200M', 'rootfstype=hostfs', 'rootflags=/', 'rw', 'quiet', `init=${init}`, `folder=${folder}`];
  const guest = spawn('linux.uml', [...words, 'con0=fd:0,fd:1', 'con=null'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const kill = (): void => {
    guest.kill('SIGKILL');
  };
  process.once('exit', kill);
  // What was printed says where it hangs.
  const limit = setTimeout(kill, guestLimitMs);
  let text = '';
  guest.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  await new Promise((resolve) => guest.once('close', resolve));
  clearTimeout(limit);
  process.off('exit', kill);
  return text.replaceAll('\r', '');
}

describe('the service under systemd', { skip: trouble ?? false, timeout: 900_000 }, () => {
  let text = '';
  let parts: ReadonlyMap<string, readonly string[]> = new Map();
  const folder = trouble === undefined ? mkdtempSync(path.join(tmpdir(), 'watchkeeper-systemd-')) : '';
  after(() => {
    if (existsSync(folder)) rmSync(folder, { recursive: true });
  });
  const says = (part: string, ...lines: readonly string[]): void => {
    const missing = lines.filter((line) => !parts.get(part)?.includes(line));
    assert.deepEqual(missing, [], `in part ${part} of\n${text}`);
  };

  test('begins and ends', async () => {
    const built = buildDeb({
      project: projectRoot,
      scratch: mkdtempSync(path.join(folder, 'scratch-')),
      architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
      out: folder,
      compression: 'none',
      epochSecs: 1_000_000_000,
    });
    assert.ok(built.ok, built.ok ? '' : built.error);
    copyFileSync(built.value, path.join(folder, 'package.deb'));
    writeFileSync(path.join(folder, 'keepalived.conf'), configuration);
    writeFileSync(path.join(folder, 'told.sh'), told, { mode: 0o755 });
    copyFileSync(path.join(projectRoot, 'test', 'interop', 'systemd-steps.sh'), path.join(folder, 'steps.sh'));
    text = await lifeIn(folder);
    parts = partsOf(text);
    assert.ok(parts.has('end'), text);
  });

  test('is started when it is ready, with its state in words', () => {
    says('start', 'started', 'address', 'table');
    assert.match(parts.get('start')?.find((line) => line.startsWith('status: ')) ?? '', /^status: \S/);
  });

  test('runs scripts as their user, to whom /usr is for reading', () => {
    says('start', 'told by root', '/usr is for reading');
  });

  test('reloads', () => {
    says('reload', 'reloaded', 'finished');
  });

  test('hands over at a restart, which an upgrade is: no address moves, the table is never empty, nobody is told', () => {
    says('restart', 'restarted', 'another process', 'handed over', 'and reloaded', 'address', 'nobody is told');
    says('restart', 'addresses gone: 0', 'table empty: 0', 'other director: 0');
  });

  test('is started again after its death', () => {
    says('crash', 'started again', 'address');
  });

  test('is started again when one of its parts stands still', () => {
    assert.ok(
      parts.get('watchdog')?.some((line) => line.includes('Watchdog timeout')),
      text,
    );
    says('watchdog', 'started again', 'address');
  });

  test('takes all back when it is stopped, and ends well', () => {
    says('stop', 'stopped', 'no address', 'no table', 'the other director is master', 'no process', 'result: success');
  });
});
