import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { helpText, parseCommandLine, type CommandLine } from '../../src/cli/options.ts';

function parsed(...words: string[]): Partial<CommandLine> {
  const result = parseCommandLine(words);
  assert.ok(result.ok, result.ok ? '' : result.error);
  return result.value;
}

describe('the command line', () => {
  const table: readonly { name: string; words: string[]; expected: Partial<CommandLine> }[] = [
    {
      name: 'nothing',
      words: [],
      expected: { useFile: '/etc/keepalived/keepalived.conf', dontFork: false, logDetail: 0 },
    },
    {
      name: 'the usual',
      words: ['-n', '-l', '-f', '/tmp/d1.conf'],
      expected: { dontFork: true, logConsole: true, useFile: '/tmp/d1.conf' },
    },
    {
      name: 'a cluster of short options',
      words: ['-nlDDf/x'],
      expected: { dontFork: true, logConsole: true, logDetail: 2, useFile: '/x' },
    },
    {
      name: 'long options',
      words: ['--dont-fork', '--use-file=/x', '--vrrp_pid', '/r', '--checkers_pid=/c', '--pid=/p'],
      expected: { dontFork: true, useFile: '/x', vrrpPid: '/r', checkersPid: '/c', pid: '/p' },
    },
    { name: 'parts', words: ['-P', '-C', '-B'], expected: { vrrp: true, check: true, noBfd: true } },
    { name: '-t takes no word of its own', words: ['-t', '-f', '/x'], expected: { configTest: '', useFile: '/x' } },
    { name: 'a word after -t is not its file', words: ['-t', 'out.log'], expected: { configTest: '' } },
    { name: '--config-test=FILE', words: ['--config-test=/tmp/log'], expected: { configTest: '/tmp/log' } },
    { name: '-tFILE', words: ['-t/tmp/log'], expected: { configTest: '/tmp/log' } },
    { name: 'the table is looked at every 5 s', words: [], expected: { tableCheckSecs: 5 } },
    { name: '--table-check', words: ['--table-check', '0'], expected: { tableCheckSecs: 0 } },
    { name: '-G', words: ['-G'], expected: { noSyslog: true } },
    { name: 'umask in octal', words: ['-u', '022'], expected: { umask: 0o22 } },
    { name: 'umask in decimal', words: ['-u', '18'], expected: { umask: 0o22 } },
    {
      name: 'other words are ignored, as the reference ignores them',
      words: ['foo', '-n'],
      expected: { dontFork: true },
    },
  ];
  for (const { name, words, expected } of table) {
    test(name, () => {
      const got = parsed(...words);
      assert.deepEqual(
        Object.fromEntries(Object.keys(expected).map((key) => [key, got[key as keyof CommandLine]])),
        expected,
      );
    });
  }

  const bad: readonly (readonly [string[], RegExp])[] = [
    [['--bogus'], /unknown option '--bogus'/],
    [['-f'], /argument missing/],
    [['-S', '9'], /-S '9' is not a log facility: 0-7/],
    [['-u', 'x'], /-u 'x' is not a umask/],
    [['-u', '01000'], /-u '01000' is not a umask/],
    [['--target', '1.0'], /--target '1\.0' is not a version of keepalived that is known: it takes 2\.0\.20 to 2\.4\.3/],
    [['--table-check', 'x'], /--table-check 'x' is not a number of seconds: 0 to 86400/],
    [['--log-format', 'xml'], /--log-format 'xml' is not known/],
  ];
  for (const [words, message] of bad) {
    test(`refused: ${words.join(' ')}`, () => {
      const result = parseCommandLine(words);
      assert.ok(!result.ok);
      assert.match(result.error, message);
    });
  }

  test('the help names every option that keepalived has', () => {
    const help = helpText('watchkeeper');
    for (const option of [
      '-f, --use-file',
      '-P, --vrrp',
      '-C, --check',
      '-B, --no_bfd',
      '--all',
      '-l, --log-console',
      '-D, --log-detail',
      '-S, --log-facility',
      '-g, --log-file',
      '--flush-log-file',
      '-G, --no-syslog',
      '-u, --umask',
      '-X, --release-vips',
      '-V, --dont-release-vrrp',
      '-I, --dont-release-ipvs',
      '-R, --dont-respawn',
      '-n, --dont-fork',
      '-d, --dump-conf',
      '-p, --pid',
      '-r, --vrrp_pid',
      '-T, --genhash',
      '-c, --checkers_pid',
      '-a, --address-monitoring',
      '-b, --bfd_pid',
      '-x, --snmp',
      '-A, --snmp-agent-socket',
      '-s, --namespace',
      '-m, --core-dump',
      '-M, --core-dump-pattern',
      '-e, --all-config',
      '-i, --config-id',
      '--ignore-sigint',
      '--signum',
      '-t, --config-test',
      '-v, --version',
      '-h, --help',
    ]) {
      assert.ok(help.includes(option), option);
    }
  });
});
