import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { helpText, optionRows, parseCommandLine, type CommandLine } from '../../src/cli/options.ts';

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
    {
      name: 'abbreviated',
      words: ['--dont-f', '--use', '/x', '--vrrp_p=/r'],
      expected: { dontFork: true, useFile: '/x', vrrpPid: '/r' },
    },
    { name: 'a name that begins others', words: ['--vrrp'], expected: { vrrp: true } },
    { name: 'a value that looks like an option', words: ['-f', '-n'], expected: { useFile: '-n', dontFork: false } },
    { name: 'words after --', words: ['-l', '--', '-n'], expected: { logConsole: true, dontFork: false } },
    { name: '-M', words: ['-M', '-n'], expected: { coreDumpPattern: '', dontFork: true } },
    { name: '-M with its pattern', words: ['-Mcore.%p'], expected: { coreDumpPattern: 'core.%p' } },
    { name: '--core-dump-pattern=', words: ['--core-dump-pattern=/tmp/c'], expected: { coreDumpPattern: '/tmp/c' } },
    { name: '-G', words: ['-G'], expected: { noSyslog: true } },
    { name: 'umask in octal', words: ['-u', '022'], expected: { umask: 0o22 } },
    { name: 'umask in decimal', words: ['-u', '18'], expected: { umask: 0o22 } },
    {
      name: 'other words are told, and ignored as the reference ignores them',
      words: ['foo', '-n', '--', '-l'],
      expected: { dontFork: true, logConsole: false, complaints: ['Unexpected argument(s): foo -l'] },
    },
    {
      name: 'a facility that is none, as the reference goes on',
      words: ['-S', '9'],
      expected: {
        logFacility: 'daemon',
        complaints: ["Invalid log facility '9': 0-7, local0-local7, user or daemon; daemon is used"],
      },
    },
    {
      name: 'a umask that is none',
      words: ['-u', '01000'],
      expected: { complaints: ['Invalid --umask option 01000: 0 to 0777; it is ignored'] },
    },
    {
      name: 'another one',
      words: ['-u', 'x'],
      expected: { complaints: ['Invalid --umask option x: 0 to 0777; it is ignored'] },
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
    [['--pid'], /option '--pid' needs a value/],
    [['-nZ'], /unknown option '-Z'/],
    [['--dont'], /option '--dont' is ambiguous: --dont-release-vrrp, --dont-release-ipvs, --dont-respawn, --dont-fork/],
    [['--vrrp=1'], /option '--vrrp' takes no value/],
    [['--target-'], /unknown option '--target-'/],
    [['--targ', '2.2.7'], /unknown option '--targ'/],
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

  test('the page on options has them all', () => {
    const page = readFileSync(new URL('../../docs/options.md', import.meta.url), 'utf8');
    for (const { flags } of optionRows)
      for (const name of flags.match(/(?<![\w-])--?[\w-]+/g) ?? [])
        assert.match(page, new RegExp('`' + name + '(?![\\w-])'), name);
  });

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
