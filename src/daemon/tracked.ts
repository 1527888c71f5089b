import type { Config } from '../config/index.ts';
import {
  allProcesses,
  monotonicMs,
  openProcessConnector,
  processFacts,
  realAlarm,
  TrackFiles,
} from '../platform/index.ts';
import type { Log, ToVrrp } from './messages.ts';
import { ProcessWatcher } from './process-watcher.ts';
import { startScript, trackOutcome } from './script-runner.ts';

/** What is found out about things that instances and checks track. */
export type Finding = Extract<ToVrrp, { type: 'file-value' | 'process-state' | 'script-result' }>;

interface Edges {
  readonly log: Log;
  readonly config: () => Config;
  readonly found: (finding: Finding) => void;
}

/** Follows files and processes and runs scripts for the parts, which are told values: they read and start nothing themselves. */
export class Tracked {
  readonly #edges: Edges;
  readonly #files: TrackFiles;
  readonly #processes: ProcessWatcher;

  constructor(edges: Edges) {
    this.#edges = edges;
    const { log, config, found } = edges;
    this.#files = new TrackFiles({
      onValue: (trackFile, value) => {
        found({ type: 'file-value', trackFile, value });
      },
      onTrouble: (name, text) => {
        log('warning', `track_file ${name}: ${text}`);
      },
    });
    this.#processes = new ProcessWatcher({
      onChange: (trackProcess, ok) => {
        found({ type: 'process-state', trackProcess, ok });
      },
      log,
      openConnector: () => openProcessConnector(config().global.processMonitorRcvBufs),
      allProcesses,
      processFacts,
      alarm: realAlarm,
      nowMs: monotonicMs,
    });
  }

  /** What the files hold, by name. */
  get files(): Readonly<Record<string, number>> {
    return this.#files.values();
  }

  /** Whether the quorum of each track_process runs, by name. */
  get processes(): Readonly<Record<string, boolean>> {
    return this.#processes.values;
  }

  /** Goes by the configuration as it is now; processes concern `vrrp` alone. */
  follow(vrrp: boolean): void {
    const config = this.#edges.config();
    this.#files.follow(config.trackFiles);
    this.#processes.follow(vrrp ? config.vrrp.trackProcesses : []);
  }

  stop(): void {
    this.#files.stop();
    this.#processes.stop();
  }

  /** Its result is found when it ends. */
  run(script: string, timeoutMs: number): void {
    const { config, found } = this.#edges;
    const { vrrp, global } = config();
    const configured = vrrp.scripts.find(({ name }) => name === script);
    if (configured === undefined) {
      found({ type: 'script-result', script, ok: false, reason: 'is no longer configured' });
      return;
    }
    void startScript(configured.script, timeoutMs, global).outcome.then((outcome) => {
      found({ type: 'script-result', script, ...trackOutcome(outcome) });
    });
  }
}
