import type { Config, LoadedConfig } from '../config/index.ts';
import {
  createDeadlineTimer,
  followFile,
  monotonicMicros,
  monotonicMs,
  onSignals,
  readFirstLine,
  readSysctl,
  removeFile,
  serviceManager,
  setProcessName,
  uptimeMs,
  wallClockMs,
  watchdogMs,
  writeFileSafely,
  type DaemonSignal,
} from '../platform/index.ts';
import { Announcer } from './announcer.ts';
import type { DaemonOptions } from './daemon-options.ts';
import { Dumps } from './dumps/dumps.ts';
import { dumpHost } from './dumps/host.ts';
import type { LeftByPart } from './left-state.ts';
import type { Log, PartLog } from './messages.ts';
import { newConfiguration, readKeys } from './new-configuration.ts';
import { OwnScripts } from './own-scripts.ts';
import { PartMemory } from './part-memory.ts';
import { PartOrders } from './part-orders.ts';
import { Parts, type FromPart } from './parts.ts';
import { ReloadTimer } from './reload-timer.ts';
import { openStateFile } from './state-file.ts';
import { ServiceStatus } from './service-status.ts';
import { parentName, partScheduling, pidFilePath, wantedParts } from './settings.ts';
import {
  newSupervision,
  nextSupervisionDeadline,
  superviseStep,
  type PartName,
  type Supervision,
  type SupervisionEffect,
  type SupervisionEvent,
} from './supervision.ts';
import { Tracked } from './tracked.ts';

export interface SupervisorEdges {
  readonly options: DaemonOptions;
  readonly log: Log;
  readonly partLog: PartLog;
  /** Reads the configuration again, as at start. */
  readonly load: () => LoadedConfig;
  /** The programs of the parts. */
  readonly scripts: Readonly<Record<PartName, string>>;
}

/** How long scripts may still run, and mails go out, when the daemon stops; and where the next process goes on. */
const lastNewsMs = 5000;
const shortMs = 300;
/** What a timer of Node can hold. */
const longestMs = 2 ** 31 - 1;

/** Owns the parts, the signals, the scripts and the pid files. `run` ends with the daemon's exit status. */
export class Supervisor {
  readonly #edges: SupervisorEdges;
  readonly #log: Log;
  readonly #orders: PartOrders;
  #state: Supervision;
  readonly #parts: Parts;
  readonly #memory = new PartMemory();
  readonly #timer = createDeadlineTimer(() => {
    this.#step({ type: 'timer' });
  });
  readonly #announcer: Announcer;
  readonly #tracked: Tracked;
  readonly #dumps: Dumps;
  readonly #service: ServiceStatus | undefined;
  readonly #reloadTimer: ReloadTimer;
  #stopping = false;
  #keeping = false;
  readonly #scripts: OwnScripts;
  #exit: (status: number) => void = () => undefined;

  constructor(edges: SupervisorEdges, config: Config) {
    this.#edges = edges;
    this.#log = edges.log;
    this.#scripts = new OwnScripts(edges.log);
    this.#state = newSupervision({
      childWaitTimeMs: config.global.childWaitTimeMs,
      respawn: !edges.options.dontRespawn,
    });
    this.#tracked = new Tracked({
      log: edges.log,
      config: () => this.#config,
      found: (finding) => {
        this.#parts.send('vrrp', finding);
        if (finding.type === 'file-value') this.#parts.send('checkers', finding);
      },
    });
    this.#orders = new PartOrders(
      {
        options: edges.options,
        partLog: edges.partLog,
        memory: this.#memory,
        boot: bootId(),
        files: () => this.#tracked.files,
        processes: () => this.#tracked.processes,
      },
      { ...config, vrrp: readKeys(config.vrrp, edges.log).vrrp },
    );
    this.#parts = new Parts({
      log: edges.log,
      scripts: edges.scripts,
      pidFile: (part) => pidFilePath(part, this.#config, edges.options),
      told: (part, message) => {
        this.#told(part, message);
      },
      exited: (part, exit) => {
        this.#dumps.gone(part);
        this.#service?.gone(part);
        this.#step({ type: 'exited', part, ...exit });
      },
    });
    this.#dumps = new Dumps({
      log: edges.log,
      write: writeFileSafely,
      ask: (part, clear) => this.#parts.send(part, { type: 'report', clear }),
      pid: (part) => (part === 'parent' ? process.pid : this.#parts.pid(part)),
      source: () => ({
        config: this.#config,
        files: this.#tracked.files,
        processes: this.#tracked.processes,
        bfds: this.#memory.bfds,
      }),
      host: dumpHost,
      folder: process.env['TMPDIR'] ?? '/tmp',
      umask: edges.options.umask,
      namespace: edges.options.namespace,
    });
    this.#useUmask();
    this.#service = this.#serviceStatus();
    this.#reloadTimer = new ReloadTimer({
      log: edges.log,
      readFirstLine,
      followFile,
      removeFile,
      wallClockMs,
      reload: () => {
        this.#reload();
      },
    });
    this.#announcer = new Announcer(edges.log, edges.options, config.vrrp, () => this.#config);
  }

  get #config(): Config {
    return this.#orders.config;
  }

  async run(): Promise<number> {
    const { options } = this.#edges;
    setProcessName(parentName(this.#config.global));
    onSignals(['HUP', 'TERM', 'USR1', 'USR2', 'RTMIN+2', 'RTMIN+3', 'RTMAX-1', 'INT'], (signal) => {
      this.#signal(signal);
    });
    // Waiting for signals does not keep a process alive, and a part may come with a reload.
    const stay = setInterval(() => undefined, longestMs);
    this.#recall();
    // What the scripts make and take away has stayed in place as well.
    if (!this.#memory.goesOn) await this.#scripts.run('startup', this.#config.global);
    if (!this.#stopping) this.#announcer.renew();
    const status = await new Promise<number>((resolve) => {
      this.#exit = resolve;
      if (this.#stopping) {
        resolve(0);
        return;
      }
      const wanted = this.#inOrder(wantedParts(this.#config, options));
      this.#tracked.follow(wanted.includes('vrrp'));
      if (wanted.length === 0)
        this.#log('warning', 'the configuration gives nothing to do: no vrrp_instance and no virtual_server');
      this.#service?.starting(wanted);
      this.#step({ type: 'start', wanted });
      this.#followReloadTime();
    });
    clearInterval(stay);
    this.#tracked.stop();
    this.#reloadTimer.stop();
    this.#service?.close();
    this.#timer.arm(undefined);
    // The peers wait for the next process.
    await this.#announcer.close(this.#keeping ? shortMs : lastNewsMs);
    if (!this.#keeping) await this.#scripts.run('shutdown', this.#config.global);
    return status;
  }

  /** Adverts that the peers wait for come first. */
  #inOrder(wanted: readonly PartName[]): readonly PartName[] {
    if (!this.#memory.goesOn || !wanted.includes('vrrp')) return wanted;
    return ['vrrp', ...wanted.filter((part) => part !== 'vrrp')];
  }

  #serviceStatus(): ServiceStatus | undefined {
    const tell = serviceManager();
    return tell === undefined
      ? undefined
      : new ServiceStatus({
          tell,
          pid: process.pid,
          monotonicMicros,
          watchdogMs: watchdogMs(),
          ping: () => this.#parts.names().filter((part) => this.#parts.send(part, { type: 'ping' })),
        });
  }

  /** The command line's comes first, and is in force already. */
  #useUmask(): void {
    const { umask } = this.#config.global;
    if (umask !== undefined && this.#edges.options.umask === undefined) process.umask(umask);
  }

  #signal(signal: DaemonSignal): void {
    switch (signal) {
      case 'HUP':
        this.#reload();
        break;
      case 'INT':
        if (!this.#edges.options.ignoreSigint) this.#stop();
        break;
      case 'TERM':
        if (this.#edges.options.keep) this.#handOver();
        else this.#stop();
        break;
      case 'RTMIN+3':
        this.#handOver();
        break;
      case 'USR1':
        this.#dumps.order('data');
        break;
      case 'USR2':
        this.#dumps.order('stats');
        break;
      case 'RTMAX-1':
        this.#dumps.order('stats-clear');
        break;
      case 'RTMIN+2':
        this.#dumps.order('json');
        break;
      case 'XCPU':
        break;
    }
  }

  #stop(): void {
    this.#stopping = true;
    this.#service?.stopping();
    this.#scripts.startup?.terminate();
    this.#step({ type: 'stop', ...(this.#keeping ? { keep: true } : {}) });
    this.#log(
      'info',
      this.#keeping ? 'Stopping: the next process goes on with addresses, table and states' : 'Stopping',
    );
  }

  /** Stops for a next process that goes on. It will read the configuration as it is now, so that is taken first. */
  #handOver(): void {
    if (this.#stopping) return;
    if (this.#scripts.startup === undefined) {
      this.#keeping = this.#takeConfiguration();
      if (!this.#keeping)
        this.#log('error', 'A next process could not start with it: addresses and table are taken back');
    }
    this.#stop();
  }

  #recall(): void {
    const left = <P extends 'vrrp' | 'checkers'>(part: P): LeftByPart[P] | undefined =>
      openStateFile(part, {}, this.#orders.statePlace(part), this.#log).read();
    this.#memory.recall(left('vrrp'), left('checkers'), uptimeMs());
    if (this.#memory.goesOn) this.#log('info', 'Going on with what the last run left in place');
  }

  #reload(): void {
    if (this.#scripts.startup !== undefined) {
      void this.#scripts.startup.outcome.then(() => {
        setImmediate(() => {
          this.#reload();
        });
      });
      return;
    }
    if (this.#stopping) return;
    this.#log('info', 'Reloading ...');
    this.#service?.reloading();
    const taken = this.#takeConfiguration();
    this.#followReloadTime();
    this.#service?.reloaded(taken ? 'Running' : 'Running with the configuration of before: the new one cannot be used');
  }

  #followReloadTime(): void {
    const { reloadTimeFile, reloadRepeat } = this.#config.global;
    this.#reloadTimer.follow(reloadTimeFile, reloadRepeat);
  }

  /** True: it is used. Everything is read and checked first; what is not usable changes nothing. */
  #takeConfiguration(): boolean {
    const config = newConfiguration(this.#config, this.#edges);
    if (config === undefined) return false;
    this.#orders.set(config);
    setProcessName(parentName(this.#config.global));
    this.#useUmask();
    this.#announcer.renew();
    const wanted = wantedParts(this.#config, this.#edges.options);
    this.#tracked.follow(wanted.includes('vrrp'));
    this.#step({ type: 'reload', wanted });
    this.#log('info', 'Reload finished');
    return true;
  }

  #step(event: SupervisionEvent): void {
    const { state, effects } = superviseStep(this.#state, event, monotonicMs());
    this.#state = state;
    // Also where a part says that it cannot work.
    if (state.stop !== undefined && !this.#stopping) {
      this.#stopping = true;
      this.#service?.stopping();
    }
    for (const effect of effects) this.#perform(effect);
    this.#timer.arm(nextSupervisionDeadline(this.#state));
  }

  #perform(effect: SupervisionEffect): void {
    switch (effect.type) {
      case 'log':
        this.#log(effect.level, effect.text);
        break;
      case 'spawn':
        this.#parts.spawn(effect.part, () => this.#orders.start(effect.part, effect.after === 'death'));
        break;
      case 'reload':
        this.#parts.send(effect.part, {
          type: 'scheduling',
          scheduling: partScheduling(effect.part, this.#config.global),
        });
        this.#parts.send(effect.part, this.#orders.reload(effect.part));
        break;
      case 'stop':
        this.#parts.send(effect.part, { type: 'stop', ...(effect.keep === true ? { keep: true } : {}) });
        break;
      case 'kill':
        this.#parts.kill(effect.part);
        break;
      case 'exit':
        this.#exit(effect.status);
        break;
    }
  }

  #told(part: PartName, message: FromPart): void {
    if (message.type !== 'pong') this.#memory.take(message);
    switch (message.type) {
      case 'ready':
        this.#service?.partReady(part);
        if (this.#edges.options.dumpConf) this.#dumps.log(part);
        break;
      case 'pong':
        this.#service?.alive(part);
        break;
      case 'states':
        this.#service?.states(Object.values(this.#memory.states));
        this.#parts.send('checkers', { type: 'vrrp-states', whole: message.whole, states: message.states });
        break;
      case 'bfd-state': {
        const instance = this.#config.bfdInstances.find(({ name }) => name === message.bfd);
        for (const part of ['vrrp', 'checkers'] as const) {
          if (instance?.[part === 'vrrp' ? 'vrrp' : 'checker'] !== false) this.#parts.send(part, message);
        }
        break;
      }
      case 'checker':
      case 'sysctls-before':
      case 'timeouts-before':
        break;
      case 'vrrp-report':
        this.#dumps.vrrp(message.report);
        break;
      case 'checkers-report':
        this.#dumps.checkers(message.lines);
        break;
      case 'notify-vrrp':
      case 'mail-lvs':
      case 'notify-lvs':
        this.#announcer.tell(message);
        break;
      case 'run-script':
        this.#tracked.run(message.script, message.timeoutMs);
        break;
    }
  }
}

/** Empty where the kernel does not say: then it is the same one all the time. */
function bootId(): string {
  const id = readSysctl(['kernel', 'random', 'boot_id']);
  return id.ok ? id.value : '';
}
