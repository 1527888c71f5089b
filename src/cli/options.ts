import { Command } from 'commander';
import { parseTarget, type Target } from '../config/index.ts';
import type { DaemonOptions } from '../daemon/index.ts';
import { err, ok, type Result } from '../core/index.ts';
import { getoptWords, type GetoptOption } from './getopt.ts';

/** The command line: what it asks of the daemon, and the requests that are answered without one. */
export interface CommandLine extends DaemonOptions {
  readonly signum?: string;
  /** '' without a log file. */
  readonly configTest?: string;
  readonly target?: Target;
  readonly version: boolean;
  readonly help: boolean;
  /** What is wrong with it, but not enough to refuse it: keepalived goes on as well. */
  readonly complaints: readonly string[];
}

export const defaultConfigFile = '/etc/keepalived/keepalived.conf';

interface OptionRow {
  readonly flags: string;
  readonly text: string;
}

/** One row an option: the parser, the help text, the manual page and the completion of shells are made from it. */
export const optionRows: readonly OptionRow[] = [
  { flags: '-f, --use-file <FILE>', text: `configuration file (default ${defaultConfigFile})` },
  { flags: '-P, --vrrp', text: 'run only the VRRP part' },
  { flags: '-C, --check', text: 'run only the checkers part' },
  { flags: '-B, --no_bfd', text: 'run no BFD part' },
  { flags: '--all', text: 'run all parts, also those without configuration' },
  { flags: '-l, --log-console', text: 'log to the standard error output' },
  { flags: '-D, --log-detail', text: 'log in detail' },
  { flags: '-S, --log-facility <FACILITY>', text: 'syslog facility: 0-7, local0-local7, user, daemon (default)' },
  { flags: '-g, --log-file <FILE>', text: 'log also to FILE (one file for each part)' },
  { flags: '--flush-log-file', text: 'write each line of the log file at once' },
  { flags: '-G, --no-syslog', text: 'do not log to syslog' },
  { flags: '--log-format <FORMAT>', text: 'text (default) or json' },
  { flags: '-u, --umask <MASK>', text: 'umask for the files that are made' },
  { flags: '-X, --release-vips', text: 'release the addresses at a signal' },
  { flags: '-V, --dont-release-vrrp', text: 'keep the addresses at stop' },
  { flags: '-I, --dont-release-ipvs', text: 'keep the IPVS table at stop' },
  {
    flags: '--table-check <SECS>',
    text: 'look every SECS seconds whether somebody else changed the IPVS table, and undo it; default 5, 0: never',
  },
  {
    flags: '--keep',
    text: 'at SIGTERM leave addresses, table and states to the next process, which goes on with them',
  },
  {
    flags: '--on-supervisor-death <WHAT>',
    text: 'what the parts do when the process that started them is killed: clean-up (default), or keep all for the next process',
  },
  { flags: '-R, --dont-respawn', text: 'stop when a part ends, instead of starting it again' },
  { flags: '-n, --dont-fork', text: 'stay in the foreground' },
  { flags: '-d, --dump-conf', text: 'log the configuration at start' },
  { flags: '-p, --pid <FILE>', text: 'pid file of the supervisor' },
  { flags: '-r, --vrrp_pid <FILE>', text: 'pid file of the VRRP part' },
  { flags: '-T, --genhash', text: 'be genhash; must be the first option' },
  { flags: '-c, --checkers_pid <FILE>', text: 'pid file of the checkers part' },
  { flags: '-a, --address-monitoring', text: 'log each change of an address' },
  { flags: '-b, --bfd_pid <FILE>', text: 'pid file of the BFD part' },
  { flags: '-x, --snmp', text: 'SNMP (not available: a warning)' },
  { flags: '-A, --snmp-agent-socket <FILE>', text: 'SNMP master agent (not available: a warning)' },
  { flags: '-s, --namespace <NAME>', text: 'run in network namespace NAME' },
  { flags: '-m, --core-dump', text: 'let core dumps be of any size' },
  {
    flags: '-M, --core-dump-pattern [PATTERN]',
    text: "also set kernel.core_pattern to PATTERN (default 'core') while it runs",
  },
  { flags: '-e, --all-config', text: 'a configuration file that is missing is an error' },
  {
    flags: '-i, --config-id <ID>',
    text: "use lines that begin '@ID' and skip those that begin '@^ID'; default: the host's name",
  },
  { flags: '--ignore-sigint', text: 'SIGINT does not stop' },
  {
    flags: '--signum <SIGFUNC>',
    text: 'print the number of signal STOP, RELOAD, DATA, STATS, STATS_CLEAR, JSON or HANDOVER',
  },
  {
    flags: '-t, --config-test [LOG_FILE]',
    text: 'check the configuration; findings go to LOG_FILE or the standard error output',
  },
  { flags: '--target <VERSION>', text: 'the keepalived version to be equal to with -t: 2.0.20 to 2.4.3 (default)' },
  { flags: '-v, --version', text: 'print the version' },
  { flags: '-h, --help', text: 'print this help' },
];

export const commandRows = [
  ['lint [FILES]', 'find mistakes in configurations, on any machine'],
  ['fmt [FILES]', 'bring configurations into one form'],
  ['plan', "show what a start or reload would change in the kernel's IPVS table"],
  ['check [FILE]', 'run the checks of a configuration once and show what they find'],
  ['simulate CONFIGS', 'play VRRP between directors on a virtual network, with faults'],
  ['facts', "write what this host knows, for 'lint --facts'"],
] as const;

export function helpText(command: string): string {
  const shown = optionRows.map(({ flags, text }) => [flags.startsWith('--') ? `    ${flags}` : flags, text] as const);
  const width = Math.max(...shown.map(([flags]) => flags.length));
  const lines = shown.map(([flags, text]) => `  ${flags.padEnd(width)}  ${text}`);
  const more = commandRows.map(([name, text]) => `  ${`${command} ${name}`.padEnd(width)}  ${text}`);
  return `Usage: ${command} [OPTION...]\n${lines.join('\n')}\n\nCommands (each has --help):\n${more.join('\n')}\n`;
}

/** Those that keepalived has not: its scripts may abbreviate its own names. */
const ownOptions: readonly string[] = ['--log-format', '--table-check', '--keep', '--on-supervisor-death', '--target'];

function getoptOption({ flags }: OptionRow): GetoptOption {
  const [, short, long = '', value = ''] = /^(?:(-\w), )?(--[\w-]+)(?: (.*))?$/.exec(flags) ?? [];
  return {
    long,
    ...(short === undefined ? {} : { short }),
    value: value === '' ? 'none' : value.startsWith('[') ? 'optional' : 'required',
    abbreviable: !ownOptions.includes(long),
  };
}

/** Parses the words after the command. The error is one line that says what would be right. */
export function parseCommandLine(words: readonly string[]): Result<CommandLine> {
  const plain = getoptWords(words, optionRows.map(getoptOption));
  if (!plain.ok) return plain;
  const program = new Command('watchkeeper').exitOverride().helpOption(false);
  let detail = 0;
  for (const { flags, text } of optionRows) {
    if (flags.startsWith('-D')) program.option(flags, text, () => ++detail);
    else program.option(flags, text);
  }
  program.parse(plain.value.options, { from: 'user' });
  return typed(program.opts(), detail, plain.value.others);
}

function typed(raw: Record<string, unknown>, logDetail: number, others: readonly string[]): Result<CommandLine> {
  const flag = (name: string): boolean => raw[name] === true;
  const text = (name: string): string | undefined => (typeof raw[name] === 'string' ? raw[name] : undefined);
  const targetText = text('target');
  const target = targetText === undefined ? undefined : parseTarget(targetText);
  if (target?.ok === false) return err(`--target ${target.error}`);
  const logFormat = text('logFormat') ?? 'text';
  if (logFormat !== 'text' && logFormat !== 'json')
    return err(`--log-format '${logFormat}' is not known: text or json`);
  const complaints = others.length === 0 ? [] : [`Unexpected argument(s): ${others.join(' ')}`];
  const facility = text('logFacility') ?? 'daemon';
  const knownFacility = /^(?:[0-7]|local[0-7]|user|daemon)$/.test(facility);
  if (!knownFacility)
    complaints.push(`Invalid log facility '${facility}': 0-7, local0-local7, user or daemon; daemon is used`);
  const tableCheckSecs = text('tableCheck') ?? '5';
  if (!/^\d{1,5}$/.test(tableCheckSecs) || Number(tableCheckSecs) > 86_400) {
    return err(`--table-check '${tableCheckSecs}' is not a number of seconds: 0 to 86400`);
  }
  const onSupervisorDeath = text('onSupervisorDeath') ?? 'clean-up';
  if (onSupervisorDeath !== 'clean-up' && onSupervisorDeath !== 'keep')
    return err(`--on-supervisor-death '${onSupervisorDeath}' is not known: clean-up or keep`);
  const umaskText = text('umask');
  const umask = umaskText === undefined ? undefined : parseUmask(umaskText);
  if (umaskText !== undefined && umask === undefined)
    complaints.push(`Invalid --umask option ${umaskText}: 0 to 0777; it is ignored`);
  const optional = {
    logFile: text('logFile'),
    umask,
    pid: text('pid'),
    vrrpPid: text('vrrp_pid'),
    checkersPid: text('checkers_pid'),
    bfdPid: text('bfd_pid'),
    snmpAgentSocket: text('snmpAgentSocket'),
    namespace: text('namespace'),
    coreDumpPattern: text('coreDumpPattern'),
    configId: text('configId'),
    signum: text('signum'),
    configTest: text('configTest'),
    target: target?.value,
  };
  return ok({
    useFile: text('useFile') ?? defaultConfigFile,
    vrrp: flag('vrrp'),
    check: flag('check'),
    noBfd: flag('no_bfd'),
    all: flag('all'),
    logConsole: flag('logConsole'),
    logDetail,
    logFacility: knownFacility ? facility : 'daemon',
    flushLogFile: flag('flushLogFile'),
    noSyslog: raw['syslog'] === false,
    logFormat,
    releaseVips: flag('releaseVips'),
    dontReleaseVrrp: flag('dontReleaseVrrp'),
    dontReleaseIpvs: flag('dontReleaseIpvs'),
    tableCheckSecs: Number(tableCheckSecs),
    onSupervisorDeath,
    keep: flag('keep'),
    dontRespawn: flag('dontRespawn'),
    dontFork: flag('dontFork'),
    dumpConf: flag('dumpConf'),
    addressMonitoring: flag('addressMonitoring'),
    snmp: flag('snmp'),
    coreDump: flag('coreDump'),
    allConfig: flag('allConfig'),
    ignoreSigint: flag('ignoreSigint'),
    version: flag('version'),
    help: flag('help'),
    complaints,
    ...present(optional),
  });
}

/** C's notation, as the reference reads it: 022 and 0x12 are not decimal. */
function parseUmask(text: string): number | undefined {
  if (!/^(?:0x[0-9a-f]+|0[0-7]*|[1-9]\d*)$/i.test(text)) return undefined;
  const octal = /^0[0-7]+$/.test(text);
  const value = octal ? Number.parseInt(text, 8) : Number(text);
  return value <= 0o777 ? value : undefined;
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function present<T extends object>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>;
}
