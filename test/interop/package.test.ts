import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { buildDeb } from '../../scripts/package/build.ts';
import { whyNoLab } from '../lab/available.ts';
import { projectRoot } from '../lab/machine.ts';
import { partsOf } from '../lab/parts.ts';

/** The package takes the place of Debian's keepalived and gives it back, in a copy of this system that nobody else sees. */

function whyNot(): string | undefined {
  const lab = whyNoLab('namespaces');
  if (lab !== undefined) return lab;
  if (!readFileSync('/proc/filesystems', 'utf8').includes('\toverlay\n')) return 'the kernel has no overlayfs';
  const status = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status}', 'keepalived'], { encoding: 'utf8' });
  if (status.error !== undefined) return 'this is not a Debian';
  return status.stdout === 'installed' ? undefined : "Debian's keepalived is not installed";
}

const trouble = whyNot();
if (trouble !== undefined) console.log(`skipped: the package in place of keepalived: ${trouble}`);

/** What package-root.sh prints, by its parts. */
async function lifeOf(deb: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const root = mkdtempSync(path.join(tmpdir(), 'watchkeeper-root-'));
  const script = path.join(projectRoot, 'test', 'interop', 'package-root.sh');
  const own = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const child = spawn('unshare', [...own, 'bash', script, deb, root], { stdio: ['ignore', 'pipe', 'pipe'] });
  process.once('exit', () => child.kill('SIGKILL'));
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  const code = await new Promise((resolve) => child.once('close', resolve));
  rmdirSync(root);
  assert.equal(code, 0, text);
  return partsOf(text);
}

describe('the Debian package', { skip: trouble ?? false, timeout: 900_000 }, () => {
  let parts: ReadonlyMap<string, readonly string[]> = new Map();
  const scratch = trouble === undefined ? mkdtempSync(path.join(tmpdir(), 'watchkeeper-package-')) : '';
  after(() => {
    if (existsSync(scratch)) rmSync(scratch, { recursive: true });
  });
  const has = (part: string, ...lines: readonly (string | RegExp)[]): void => {
    const said = parts.get(part) ?? [];
    for (const line of lines) {
      const found = said.some((each) => (typeof line === 'string' ? each === line : line.test(each)));
      assert.ok(found, `no line ${String(line)} in part ${part}:\n${said.join('\n')}`);
    }
  };

  test('is built, and lives to its end', async () => {
    const built = buildDeb({
      project: projectRoot,
      scratch,
      architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
      out: scratch,
      compression: 'none',
      epochSecs: 1_000_000_000,
    });
    assert.ok(built.ok, built.ok ? '' : built.error);
    parts = await lifeOf(built.value);
    assert.ok(parts.has('end'), [...parts.keys()].join(', '));
  });

  test('replaces a running keepalived and starts in its place', () => {
    has('running', 'address before');
    has('replaced', 'stop keepalived.service', 'start keepalived.service', 'watchkeeper ii ', 'address after');
    has('replaced', 'runs /usr/lib/watchkeeper/bin/node', 'sums are right', /^\.TH "keepalived" 8/);
    has('replaced', '/lib/systemd/system/keepalived.service');
  });

  test('has the names of keepalived', () => {
    has('replaced', /^Watchkeeper v/, '-t says 0', /^Usage: genhash -s/);
  });

  test('is started again at an upgrade', () => {
    has('upgraded', 'restart keepalived.service', 'address after');
  });

  test('stops and takes its address away when it is removed', () => {
    has('removed', 'stop keepalived.service', 'stopped', '0', '2');
  });

  test('leaves nothing behind when keepalived is back', () => {
    has('back', /^Keepalived v/, 'address back');
    assert.equal(parts.get('left')?.join('').trim(), '');
  });

  test('keeps its unit where that of keepalived was in the same folder by another name', () => {
    has('unit', '1', 'it is ours');
  });

  test('keeps its unit when keepalived is purged later', () => {
    has('purged', 'the unit stays');
  });
});
