import type { Config } from '../../config/index.ts';
import type { Result } from '../../core/index.ts';
import type { Log } from '../messages.ts';
import type { PartName } from '../supervision.ts';
import { bfdData } from './bfd-data.ts';
import { dumpPath, fileMode, type DumpFile } from './file-names.ts';
import { globalData } from './global-data.ts';
import type { DumpHost, DumpSource, VrrpReport } from './report.ts';
import { statsText } from './stats.ts';
import { vrrpData } from './vrrp-data.ts';
import { vrrpJson } from './vrrp-json.ts';

/** What a signal asks for. */
export type DumpOrder = 'data' | 'stats' | 'stats-clear' | 'json';

export interface DumpEdges {
  readonly log: Log;
  readonly write: (path: string, text: string, mode: number) => Promise<Result<void>>;
  /** Asks a part for its report; false: it does not run. With `clear`, its counters begin at 0 afterwards. */
  readonly ask: (part: 'vrrp' | 'checkers', clear: boolean) => boolean;
  readonly pid: (part: PartName | 'parent') => number | undefined;
  /** The configuration as it was read, and what the supervisor knows besides. */
  readonly source: () => Omit<DumpSource, 'host'>;
  readonly host: (config: Config) => DumpHost;
  /** $TMPDIR or /tmp. */
  readonly folder: string;
  /** -u and -s of the command line. */
  readonly umask: number | undefined;
  readonly namespace: string | undefined;
}

/** Answers the signals that ask for data: parts report, the supervisor writes, so that no part waits for a disk. */
export class Dumps {
  readonly #edges: DumpEdges;
  /** The files that the next report of the vrrp process goes to. */
  readonly #vrrpFiles = new Set<'data' | 'stats' | 'json'>();
  /** Whether that of the checkers process does. */
  #checkersFile = false;
  /** Whose next report goes to the log. */
  readonly #logged = new Set<PartName>();
  /** Writing is in order: of two dumps the later one stays. */
  #writing: Promise<void> = Promise.resolve();

  constructor(edges: DumpEdges) {
    this.#edges = edges;
  }

  order(order: DumpOrder): void {
    if (order === 'data') this.#ownData();
    const what = order === 'stats-clear' ? 'stats' : order;
    const { ask, log, pid } = this.#edges;
    if (!ask('vrrp', order === 'stats-clear')) return;
    this.#vrrpFiles.add(what);
    const [begin, name] = [
      order === 'stats-clear' ? 'Printing and clearing' : 'Printing',
      { data: 'data', stats: 'stats', json: 'as json' }[what],
    ];
    log('info', `${begin} VRRP ${name} for process(${String(pid('vrrp') ?? 0)}) on signal`);
  }

  /** -d: what a part that is ready now makes of the configuration goes to the log. */
  log(part: PartName): void {
    const source = this.#source();
    if (part === 'bfd') this.#toLog(this.#withGlobals(source, bfdData(source)));
    else if (this.#edges.ask(part, false)) this.#logged.add(part);
  }

  /** What the vrrp process answered. */
  vrrp(report: VrrpReport): void {
    const source = this.#source();
    if (this.#logged.delete('vrrp')) this.#toLog(this.#withGlobals(source, vrrpData(report, source)));
    for (const what of this.#vrrpFiles) {
      const text = {
        data: () => this.#withGlobals(source, vrrpData(report, source)),
        stats: () => statsText(report.view),
        json: () => vrrpJson(report, source),
      }[what]();
      if (text !== undefined) this.#write(what, text);
    }
    this.#vrrpFiles.clear();
  }

  /** What the checkers process answered. */
  checkers(lines: readonly string[]): void {
    const text = this.#withGlobals(this.#source(), lines);
    if (this.#logged.delete('checkers')) this.#toLog(text);
    if (this.#checkersFile) this.#write('check-data', text);
    this.#checkersFile = false;
  }

  /** The part is gone, and with it what it was asked for. */
  gone(part: PartName): void {
    this.#logged.delete(part);
    if (part === 'vrrp') this.#vrrpFiles.clear();
    if (part === 'checkers') this.#checkersFile = false;
  }

  #ownData(): void {
    const { log, pid, ask } = this.#edges;
    const source = this.#source();
    log('info', `Printing parent data for process(${String(pid('parent') ?? 0)}) on signal`);
    this.#write('parent-data', this.#withGlobals(source, []));
    const bfd = pid('bfd');
    if (bfd !== undefined) {
      log('info', `Printing BFD data for process(${String(bfd)}) on signal`);
      this.#write('bfd-data', this.#withGlobals(source, bfdData(source)));
    }
    if (!ask('checkers', false)) return;
    this.#checkersFile = true;
    log('info', `Printing Healthchecker data for process(${String(pid('checkers') ?? 0)}) on signal`);
  }

  #toLog(text: string): void {
    for (const line of text.trimEnd().split('\n')) this.#edges.log('info', line);
  }

  #source(): DumpSource {
    const source = this.#edges.source();
    return { ...source, host: this.#edges.host(source.config) };
  }

  #withGlobals({ config, host }: DumpSource, lines: readonly string[]): string {
    const umask = this.#edges.umask ?? config.global.umask ?? 0o177;
    return [...globalData(config.global, host, umask), ...lines, ''].join('\n');
  }

  #write(file: DumpFile, text: string): void {
    const { global } = this.#edges.source().config;
    const { folder, umask, namespace } = this.#edges;
    const path = dumpPath(file, namespace === undefined ? global : { ...global, netNamespace: namespace }, folder);
    const mode = fileMode(umask, global);
    this.#writing = this.#writing
      .then(() => this.#edges.write(path, text, mode))
      .then((written) => {
        if (!written.ok) this.#edges.log('error', written.error);
      });
  }
}
