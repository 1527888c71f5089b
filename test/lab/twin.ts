import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig, type Checker, type LoadedConfig } from '../../src/config/index.ts';
import { ipFamily, type IpAddress } from '../../src/core/index.ts';
import { diskFiles } from '../../src/platform/index.ts';
import { makeCertificate } from './cluster.ts';
import { projectRoot, type Machine } from './machine.ts';

/** One configuration under keepalived and under Watchkeeper, in twin namespaces: what the kernel holds in each state. */

export interface TwinCase {
  readonly name: string;
  /** The texts by path; the first is the main file. Included files have paths relative to it. */
  readonly files: ReadonlyMap<string, string>;
  /** Shell commands that run in the namespace before the daemon does. */
  readonly before?: readonly string[];
  /** With VRRP too; without, only what serves and checks is started. */
  readonly whole?: boolean;
}

export const parts = ['table', 'thresholds', 'daemon', 'timeouts', 'sysctls'] as const;
export type KernelState = Readonly<Record<(typeof parts)[number], readonly string[]>>;
/** All checked servers answer, every second one, none, all again; and the daemon has ended. */
export const states = ['alive', 'half', 'dead', 'again', 'stopped'] as const;
export type StateName = (typeof states)[number];

export interface TwinResult {
  readonly name: string;
  readonly loaded: LoadedConfig;
  readonly before?: readonly string[];
  /** keepalived's and Watchkeeper's kernel; nothing where the case could not be run. */
  readonly states?: Readonly<Record<StateName, readonly [KernelState, KernelState]>>;
  /** Exit statuses of both before they were stopped ('runs': none yet) and after. */
  readonly alreadyEnded?: readonly [number | string, number | string];
  readonly exits?: readonly [number | string, number | string];
  readonly failure?: string;
}

const page = 'alive\n';
const digest = createHash('md5').update(page).digest('hex');

/** As many as the guest can start beside the rest. */
const programsPerSec = 20;

/** How far apart checks are. */
function paceSecs(text: string): number {
  return Math.max(1, Math.ceil([...text.matchAll(/\bmisc_path\b/g)].length / programsPerSec));
}

/** Makes a configuration quick, and harmless where it is somebody else's: no program of its runs, checks are a second apart. */
export function quick(text: string): string {
  const pace = String(paceSecs(text));
  const most = text
    .replaceAll(/\b(delay_before_retry|nb_get_retry|retry)(\s+)[\d.]+/g, '$1$21')
    .replaceAll(/\bdelay_loop(\s+)[\d.]+/g, `delay_loop$1${pace}`)
    // What does not answer refuses here, and a busy machine may take its time.
    .replaceAll(/\b(connect_timeout|misc_timeout)(\s+)[\d.]+/g, '$1$210')
    .replaceAll(/\b(warmup)(\s+)[\d.]+/g, '$1$20')
    .replaceAll(/\bdigest(\s+)[0-9a-fA-F]{32}/g, `digest$1${digest}`)
    .replaceAll(/\bstatus_code(\s+)\d[\d -]*/g, 'status_code$1200 ')
    .replaceAll(
      /\b(misc_path|script|quorum_(?:up|down)|notify(?:_\w+)?)(\s+)("[^"]*"|'[^']*'|(?!_)[^\s{].*)$/gm,
      '$1$2/bin/true',
    )
    .replaceAll(
      /^\s*(?:config_save_dir|startup_script|shutdown_script|\w*notify_fifo\w*|tmp_config_directory)\b.*$/gm,
      '',
    )
    .replaceAll(/^\s*(?:net_namespace\w*|smtp_server|script_user|enable_script_security)\b.*$/gm, '');
  return most.replaceAll(
    /^([ \t]*virtual_server[ \t][^{}\n]*\s*\{[ \t]*)$/gm,
    `$1\n delay_loop ${pace}\n delay_before_retry 1`,
  );
}

export function caseOf(name: string, text: string, more: Pick<TwinCase, 'before' | 'whole'> = {}): TwinCase {
  return { name, files: new Map([['keepalived.conf', quick(text)]]), ...more };
}

/** A file of the disk with those that it includes from its own folder. */
export function caseOfFile(name: string, file: string): TwinCase {
  const folder = path.dirname(file);
  const { sources } = load(file);
  const files = new Map([[path.basename(file), quick(readFileSync(file, 'utf8'))]]);
  for (const source of sources) {
    const relative = path.relative(folder, source.path);
    if (!relative.startsWith('..') && !files.has(relative)) files.set(relative, quick(source.text));
  }
  return { name, files };
}

function load(file: string): LoadedConfig {
  return loadConfig({ file, files: diskFiles, configId: 'lab', hostName: 'lab', environment: {}, random: () => 0.5 });
}

interface Programs {
  readonly keepalived: string;
  readonly watchkeeper: string;
}

const defaultPrograms: Programs = {
  keepalived: process.env['KEEPALIVED'] ?? 'keepalived',
  watchkeeper: `${process.execPath} ${path.join(projectRoot, 'bin', 'watchkeeper')}`,
};

/** Runs all cases, `parallel` at a time. A case takes about 20 s, most of it waiting for checks. */
export async function runTwins(
  machine: Machine,
  cases: readonly TwinCase[],
  options: {
    readonly parallel?: number;
    /** No case is begun after that. */
    readonly minutes?: number;
    readonly programs?: Partial<Programs>;
    readonly onDone?: (line: string) => void;
    /** Keep the folder with logs. */
    readonly keep?: boolean;
  } = {},
): Promise<readonly TwinResult[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'watchkeeper-twin-'));
  try {
    const loaded = cases.map((one, i) => writeCase(path.join(folder, 'cases', String(i)), one));
    const { certificate, key } = makeCertificate();
    writeFileSync(path.join(folder, 'cert.pem'), certificate);
    writeFileSync(path.join(folder, 'key.pem'), key);
    const job = {
      cases: loaded.map((one, i) => {
        const { before = [], whole = false } = cases[i] ?? {};
        return { ...surroundings(String(i), one), before, whole };
      }),
      programs: { ...defaultPrograms, ...options.programs },
      page,
    };
    writeFileSync(path.join(folder, 'cases.json'), JSON.stringify(job));
    const script = path.join(projectRoot, 'test', 'lab', 'twin-run.mjs');
    const running = machine.spawn(
      undefined,
      `exec ${process.execPath} ${script} ${folder} ${String(options.parallel ?? 6)} ${String(options.minutes ?? 600)}`,
    );
    running.onLine(({ text }) => options.onDone?.(text));
    await Promise.race([running.waitFor(/^all done$/, 120_000 + cases.length * 60_000), running.exited]);
    const failures = running.lines.filter(({ text }) => !text.startsWith('done')).map(({ text }) => text);
    return cases.map(({ name, before = [] }, i): TwinResult => {
      const file = path.join(folder, 'results', `${String(i)}.json`);
      const at = loaded[i];
      if (at === undefined) throw new Error(`${name} is lost`);
      if (!existsSync(file)) return { name, loaded: at.loaded, failure: failures.join('\n') || 'no time was left' };
      return { ...(JSON.parse(readFileSync(file, 'utf8')) as TwinResult), name, before, loaded: at.loaded };
    });
  } finally {
    if (options.keep === true) options.onDone?.(`kept: ${folder}`);
    else rmSync(folder, { recursive: true });
  }
}

interface LoadedCase {
  readonly conf: string;
  readonly text: string;
  readonly loaded: LoadedConfig;
}

function writeCase(folder: string, { files }: TwinCase): LoadedCase {
  let conf: string | undefined;
  for (const [name, text] of files) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    conf ??= file;
  }
  if (conf === undefined) throw new Error('a case has no file');
  return { conf, text: [...files.values()].join('\n'), loaded: load(conf) };
}

/** What a configuration asks of its host: addresses that answer, interfaces that are there. */
function surroundings(name: string, { conf, text, loaded }: LoadedCase): object {
  const checkers = loaded.config.lvs.virtualServers.flatMap(({ realServers }) =>
    realServers.flatMap((server) => server.checkers),
  );
  const ends = new Map(checkers.flatMap(checked).map((end) => [JSON.stringify(end), end]));
  const bound = checkers.flatMap((checker) => ('bindto' in checker ? [checker.bindto] : []));
  const addresses = new Set([...[...ends.values()].map(({ address }) => address), ...bound].filter(canBeOurs));
  const interfaces = [
    ...text.matchAll(/\b(?:interface|dev|lvs_sync_daemon(?:_interface)?)[ \t]+([a-z][\w.-]{0,14})\b/g),
  ];
  return {
    name,
    conf,
    addresses: [...addresses],
    listeners: [...ends.values()].filter(({ address }) => canBeOurs(address)),
    paceMs: 1000 * paceSecs(text),
    interfaces: [...new Set(interfaces.map(([, link]) => link))].filter((link) => link !== 'lo'),
  };
}

function checked(checker: Checker): readonly { readonly address: IpAddress; readonly port: number }[] {
  if (!('connectIp' in checker)) return [];
  return [{ address: checker.connectIp, port: checker.connectPort }];
}

function canBeOurs(address: IpAddress): boolean {
  if (ipFamily(address) === 'ipv6') return !/^(?:::1?|fe80:|ff)/i.test(address);
  return !/^(?:0|127|22[4-9]|2[3-5]\d)\./.test(address);
}
