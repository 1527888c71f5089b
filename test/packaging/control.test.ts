import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { changelogText, controlText, md5sumsText } from '../../scripts/package/control.ts';
import { copyrightText } from '../../scripts/package/copyright.ts';
import { writeEntries } from '../../scripts/package/entries.ts';
import { systemEntries } from '../../scripts/package/contents.ts';

const project = path.join(import.meta.dirname, '../..');
const maintainer = 'Somebody <somebody@example.org>';

test('the control file says what it takes the place of', () => {
  const text = controlText({
    version: '1.2.3',
    architecture: 'arm64',
    depends: ['libc6'],
    installedKib: 7,
    maintainer,
  });
  for (const line of [
    'Package: watchkeeper',
    'Version: 1.2.3',
    'Architecture: arm64',
    'Depends: libc6, libpcre2-8-0',
    'Provides: keepalived (= 1:2.4.3)',
    'Conflicts: keepalived',
    'Replaces: keepalived',
    'Installed-Size: 7',
  ])
    assert.ok(text.split('\n').includes(line), line);
  assert.ok(text.endsWith('\n') && !/^\s*$/m.test(text.trimEnd()), 'a stanza has no empty line');
});

test('the changelog has the newest notes in the form of Debian', () => {
  const notes = '# Changelog\n\n## 2.0.0\n\nWords.\n\n- One that is\n  on two lines.\n- Two.\n\n## 1.0.0\n\n- Old.\n';
  assert.equal(
    changelogText(notes, '2.0.0', maintainer, 1_000_000_000),
    'watchkeeper (2.0.0) unstable; urgency=medium\n\n  * One that is on two lines.\n  * Two.\n\n' +
      ` -- ${maintainer}  Sun, 09 Sep 2001 01:46:40 +0000\n`,
  );
});

test('sums are as md5sum prints them', () => {
  assert.equal(md5sumsText([['usr/a', Buffer.from('')]]), 'd41d8cd98f00b204e9800998ecf8427e  usr/a\n');
});

test('the copyright file names what is bundled', () => {
  const text = copyrightText(project, path.join(project, 'LICENSE'));
  for (const name of [
    'chevrotain',
    'commander',
    'koffi',
    'netlink',
    'node-gyp-build',
    'nodemailer',
    'winston',
    'Node.js',
  ])
    assert.match(text, new RegExp(`^(?:.*, )?${name.replace('.', '\\.')} `, 'm'), name);
  assert.doesNotMatch(text, /esbuild|@types/);
});

test('entries have their modes and one time', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'watchkeeper-entries-'));
  try {
    writeEntries(root, systemEntries(project), 1_000_000_000);
    const listed = spawnSync('find', ['.', '-mindepth', '1', '-printf', '%m %Ts %p %l\n'], {
      cwd: root,
      encoding: 'utf8',
    });
    const lines = listed.stdout.trim().split('\n');
    assert.ok(
      lines.every((line) => line.split(' ')[1] === '1000000000'),
      listed.stdout,
    );
    assert.ok(
      lines.some((line) => line === '777 1000000000 ./usr/sbin/keepalived watchkeeper'),
      listed.stdout,
    );
    assert.ok(lines.some((line) => line.startsWith('755 1000000000 ./usr/bin/genhash')));
    assert.ok(lines.some((line) => line.startsWith('644 1000000000 ./lib/systemd/system/keepalived.service')));
  } finally {
    rmSync(root, { recursive: true });
  }
});

test('the maintainer scripts are right for sh', () => {
  for (const name of ['postinst', 'prerm', 'postrm', 'watchkeeper', 'genhash']) {
    const file = path.join(project, 'packaging', name);
    assert.match(readFileSync(file, 'utf8'), /^#!\/bin\/sh\n/);
    assert.deepEqual(spawnSync('sh', ['-n', file], { encoding: 'utf8' }).stderr, '');
  }
});
