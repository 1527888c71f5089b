import type { Config } from '../config/index.ts';
import { compact, type Compact } from './compact.ts';
import type { DaemonOptions } from './daemon-options.ts';
import type { CheckersSettings, PartLog, StatePlace, ToBfd, ToCheckers, ToVrrp } from './messages.ts';
import type { PartMemory } from './part-memory.ts';
import { partLogFile } from './log-file.ts';
import {
  checkersSettings,
  engineConfig,
  identSuffix,
  partScheduling,
  stateFilePath,
  vrrpSettings,
} from './settings.ts';
import type { PartName } from './supervision.ts';

interface OrderEdges {
  readonly options: DaemonOptions;
  readonly partLog: PartLog;
  readonly memory: PartMemory;
  /** The machine's run that we are in. */
  readonly boot: string;
  /** What the track_files hold, and whether the quorum of each track_process runs. */
  readonly files: () => Readonly<Record<string, number>>;
  readonly processes: () => Readonly<Record<string, boolean>>;
}

/** What parts are told of the configuration, at their start and at a reload. */
export class PartOrders {
  readonly #edges: OrderEdges;
  #config: Config;
  /** What the checkers part is told of the configuration, once it has been told; #config then holds no servers any more. */
  #checkersSettings: Compact<CheckersSettings> | undefined;

  constructor(edges: OrderEdges, config: Config) {
    this.#edges = edges;
    this.#config = config;
  }

  /** Without the servers, once they have been told. */
  get config(): Config {
    return this.#config;
  }

  set(config: Config): void {
    this.#config = config;
    this.#checkersSettings = undefined;
  }

  /** `again`: it follows one that died. */
  start(part: PartName, again: boolean): ToVrrp | ToCheckers | ToBfd {
    const { options, memory } = this.#edges;
    const log = this.#log(part);
    const scheduling = partScheduling(part, this.#config.global);
    const common = { type: 'start', log, scheduling, orphaned: options.onSupervisorDeath } as const;
    const { states, bfds } = memory;
    switch (part) {
      case 'vrrp':
        return {
          ...common,
          stateFile: this.statePlace(part),
          config: engineConfig(this.#config),
          settings: vrrpSettings(this.#config),
          keepAddresses: options.dontReleaseVrrp,
          logAddresses: options.addressMonitoring,
          files: this.#edges.files(),
          processes: this.#edges.processes(),
          bfds,
          ...memory.forVrrp(again),
        };
      case 'checkers':
        return {
          ...common,
          stateFile: this.statePlace(part),
          settings: this.#forCheckers(),
          keepTable: options.dontReleaseIpvs,
          tableCheckMs: options.tableCheckSecs * 1000,
          vrrpStates: states,
          files: this.#edges.files(),
          bfds,
          ...memory.forCheckers(again),
        };
      case 'bfd':
        return { ...common, instances: this.#config.bfdInstances };
    }
  }

  reload(part: PartName): ToVrrp | ToCheckers | ToBfd {
    const files = this.#edges.files();
    switch (part) {
      case 'vrrp':
        return {
          type: 'reload',
          config: engineConfig(this.#config),
          settings: vrrpSettings(this.#config),
          files,
          processes: this.#edges.processes(),
        };
      case 'checkers':
        return { type: 'reload', settings: this.#forCheckers(), files };
      case 'bfd':
        return { type: 'reload', instances: this.#config.bfdInstances };
    }
  }

  #log(part: PartName): PartLog {
    const { partLog, options } = this.#edges;
    const { file, ...log } = partLog;
    return {
      ...log,
      identSuffix: identSuffix(this.#config, options),
      ...(file === undefined ? {} : { file: partLogFile(file, part) }),
    };
  }

  statePlace(part: 'vrrp' | 'checkers'): StatePlace {
    return { path: stateFilePath(part, this.#config, this.#edges.options), boot: this.#edges.boot };
  }

  /** Kept in this form, for a part that dies: a large configuration takes a tenth of the memory. */
  #forCheckers(): Compact<CheckersSettings> {
    if (this.#checkersSettings !== undefined) return this.#checkersSettings;
    this.#checkersSettings = compact(checkersSettings(this.#config, this.#edges.options));
    this.#config = { ...this.#config, lvs: { virtualServers: [], groups: [] } };
    return this.#checkersSettings;
  }
}
