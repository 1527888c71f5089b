import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { manPages } from '../../scripts/man-pages.ts';
import { roff } from '../../scripts/package/roff.ts';
import { commandRows, optionRows } from '../../src/cli/options.ts';
import { allKeywords } from '../../src/config/index.ts';

const pages = manPages('1.2.3');
/** What a reader would see, where groff is there; else its source. */
const hasGroff = spawnSync('groff', ['--version']).status === 0;
if (!hasGroff) console.log('skipped: manual pages through groff: it is not installed');

function shown(name: string): string {
  const { stdout, stderr } = spawnSync(
    'groff',
    ['-man', '-ww', '-Tascii', '-P-cbou', '-rLL=200n', '-rHY=0', '-dAD=l'],
    {
      input: pages.get(name) ?? '',
      encoding: 'utf8',
    },
  );
  assert.equal(stderr, '', name);
  return stdout;
}

test('each command has a page, and each page a name', () => {
  for (const [words] of commandRows) assert.ok(pages.has(`watchkeeper-${words.split(' ')[0] ?? ''}.1`), words);
  for (const [name, text] of pages) assert.match(text, /^\.TH .*\n\.SH "NAME"\n\S+.* \\- \S/, name);
});

test('groff has no complaint, and the pages have all options and keywords', { skip: !hasGroff }, () => {
  for (const name of pages.keys()) assert.match(shown(name), /Watchkeeper 1\.2\.3/, name);
  const daemon = shown('keepalived.8');
  for (const { flags, text } of optionRows) {
    assert.ok(daemon.includes(flags), flags);
    assert.ok(daemon.replaceAll(/\s+/g, ' ').includes(text), text);
  }
  const configuration = shown('keepalived.conf.5');
  for (const { name } of allKeywords()) assert.ok(configuration.includes(name), name);
  assert.match(configuration, / {4}real_server 192\.168\.170\.25 80 \{\n +TCP_CHECK \{/, 'an example keeps its form');
});

test('text stands in a page as it is', { skip: !hasGroff }, () => {
  for (const text of [".SH 'x'", "'tis", 'a\\nb', '--x ~y ^z `w`', '"quoted"']) {
    const { stdout } = spawnSync('groff', ['-man', '-Tascii', '-P-cbou'], {
      input: `.TH x 1\n.PP\n${roff(text)}\n`,
      encoding: 'utf8',
    });
    assert.ok(stdout.includes(text), `${text}: ${stdout}`);
  }
});
