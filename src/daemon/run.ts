import { release } from 'node:os';
import { dirname, resolve } from 'node:path';
import { loadConfig, type LoadedConfig } from '../config/index.ts';
import type { Result } from '../core/index.ts';
import {
  allowCoreDumps,
  createPidFile,
  daemonize,
  enterNetworkNamespace,
  isBackgroundProcess,
  keepYoungHeapSmall,
  makeFolder,
  openLog,
  readingHere,
  reportToStarter,
  setCorePattern,
  programName,
  showProgram,
  thisHost,
  type PidFile,
} from '../platform/index.ts';
import type { DaemonOptions } from './daemon-options.ts';
import type { Log, PartLog } from './messages.ts';
import { identSuffix, pidFilePath } from './settings.ts';
import { reportDiagnostics } from './new-configuration.ts';
import { Supervisor, type SupervisorEdges } from './supervisor.ts';
import type { PartName } from './supervision.ts';

export interface ProgramFacts {
  readonly version: string;
  /** The words of the command line, for the log. */
  readonly words: readonly string[];
  readonly scripts: Readonly<Record<PartName, string>>;
  /** The launcher, to start in the background. */
  readonly launcher: string;
}

/** Runs the daemon; resolves with its exit status. */
export async function runDaemon(given: DaemonOptions, program: ProgramFacts): Promise<number> {
  keepYoungHeapSmall();
  const options = withAbsolutePaths(given);
  if (!options.dontFork && !isBackgroundProcess()) {
    const started = await daemonize(program.launcher, program.words);
    if (started.ok) return 0;
    process.stderr.write(`watchkeeper: ${started.error.text}\n`);
    return started.error.status;
  }
  const partLog = logOptions(options);
  const opened = await openLog({ ...partLog, ident: 'Keepalived' });
  if (!opened.ok) return refuse(opened.error);
  const { write: log, rename } = opened.value;
  showProgram(program.words);
  if (options.umask !== undefined) process.umask(options.umask);
  log('info', `Starting Watchkeeper v${program.version}`);
  log('info', `Running on Linux ${release()}, Node ${process.versions.node}`);
  log('info', `Command line: '${programName()}' ${program.words.map((word) => `'${word}'`).join(' ')}`);
  if (options.snmp || options.snmpAgentSocket !== undefined) log('warning', 'SNMP (-x, -A): not available, ignored');
  const restoreCorePattern = prepareCoreDumps(options, log);
  const stopped = (status: number): number => {
    restoreCorePattern();
    log('info', `Stopped Watchkeeper v${program.version}`);
    return status;
  };
  const fail = (status: number, text: string): number => {
    log('error', text);
    reportToStarter({ type: 'failed', status, text });
    return stopped(status);
  };

  const prepared = prepare({ options, log, partLog, scripts: program.scripts }, rename);
  if ('status' in prepared) {
    if (prepared.text !== undefined) return fail(prepared.status, prepared.text);
    reportToStarter({ type: 'ready' });
    return stopped(prepared.status);
  }
  reportToStarter({ type: 'ready' });
  const status = await prepared.supervisor.run();
  prepared.pidFile.remove();
  return stopped(status);

  function refuse(text: string): number {
    process.stderr.write(`watchkeeper: ${text}\n`);
    reportToStarter({ type: 'failed', status: 1, text });
    return 1;
  }
}

/** -m, -M; the returned function puts back what concerns the whole machine. */
function prepareCoreDumps({ coreDump, coreDumpPattern }: DaemonOptions, log: Log): () => void {
  const told = (result: Result<unknown>): void => {
    if (!result.ok) log('warning', result.error);
  };
  if (coreDump || coreDumpPattern !== undefined) told(allowCoreDumps());
  if (coreDumpPattern === undefined) return () => undefined;
  const set = setCorePattern(coreDumpPattern === '' ? 'core' : coreDumpPattern);
  told(set);
  return () => {
    if (set.ok) told(set.value());
  };
}

interface Prepared {
  readonly supervisor: Supervisor;
  readonly pidFile: PidFile;
}

/** Reads the configuration. Whoever waits for the daemon's end must not hold what was read: it would stay all the time. */
function prepare(
  edges: Omit<SupervisorEdges, 'load'>,
  rename: (ident: string) => void,
): Prepared | { readonly status: number; readonly text?: string } {
  const { options, log } = edges;
  let loaded = load(options);
  const namespace = options.namespace ?? loaded.config.global.netNamespace;
  if (namespace !== undefined) {
    const entered = enterNetworkNamespace(namespace);
    if (!entered.ok) return { status: 1, text: entered.error };
    // Interfaces can be judged only in the namespace in which they are.
    loaded = load(options);
  }
  for (const file of loaded.files.slice(0, 1)) log('info', `Configuration file ${file}`);
  reportDiagnostics(loaded, log);
  if (loaded.files.length === 0) return { status: 6, text: `No configuration: ${options.useFile} cannot be used` };
  if (!loaded.usable) return { status: 2, text: 'The configuration has errors that must be mended first: see above' };
  const suffix = identSuffix(loaded.config, options);
  if (suffix !== '') {
    log('info', `Changing syslog ident to Keepalived${suffix}`);
    rename(`Keepalived${suffix}`);
  }
  const pidPath = pidFilePath('parent', loaded.config, options);
  if (options.pid === undefined) {
    const made = makeFolder(dirname(pidPath));
    if (!made.ok) return { status: 1, text: `pid file: ${made.error}` };
  }
  const pidFile = createPidFile(pidPath);
  if (!pidFile.ok) {
    if (pidFile.error.type !== 'already-running') return { status: 1, text: pidFile.error.text };
    log('error', `daemon is already running: ${pidFile.error.text}`);
    return { status: 0 };
  }
  const supervisor = new Supervisor(
    {
      ...edges,
      load: () => load(options),
    },
    loaded.config,
  );
  return { supervisor, pidFile: pidFile.value };
}

/** In the background the working folder is another one, and files are opened again at each reload. */
function withAbsolutePaths(options: DaemonOptions): DaemonOptions {
  const paths = {
    pid: options.pid,
    vrrpPid: options.vrrpPid,
    checkersPid: options.checkersPid,
    bfdPid: options.bfdPid,
    logFile: options.logFile,
  };
  const absolute = Object.entries(paths).flatMap(([name, path]) => (path === undefined ? [] : [[name, resolve(path)]]));
  return { ...options, ...(Object.fromEntries(absolute) as Partial<DaemonOptions>), useFile: resolve(options.useFile) };
}

function logOptions(options: DaemonOptions): PartLog {
  return {
    level: options.logDetail > 0 ? 'debug' : 'info',
    format: options.logFormat,
    toStderr: options.logConsole,
    ...(options.noSyslog || options.logConsole ? {} : { syslogFacility: options.logFacility }),
    ...(options.logFile === undefined ? {} : { file: options.logFile }),
  };
}

function load(options: DaemonOptions): LoadedConfig {
  const loaded = loadConfig({
    ...readingHere(options.configId),
    file: options.useFile,
    random: Math.random,
    allConfig: options.allConfig,
    host: thisHost(),
  });
  return options.check && !options.vrrp ? { ...loaded, usable: loaded.usableForChecks } : loaded;
}
