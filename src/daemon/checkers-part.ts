import type { Result } from '../core/index.ts';
import type { Checker } from '../config/index.ts';
import {
  CheckRunner,
  CheckSchedule,
  TlsContexts,
  runnableChecks,
  type CheckResult,
  type ConfiguredCheck,
  type Run,
  type RunningCheck,
} from '../checkers/index.ts';
import type { IpvsClient } from '../ipvs-netlink/index.ts';
import {
  checkerStates,
  desiredOf,
  desiredTable,
  groupFinder,
  isSuspended,
  lvsStep,
  newLvsState,
  realServerText,
  startEffects,
  virtualServerText,
  type Followed,
  type LvsEffect,
  type LvsEvent,
  type LvsState,
} from '../lvs/index.ts';
import type { NetlinkError } from '../netlink/index.ts';
import { createDeadlineTimer, endSockets, monotonicMs, searchRegex, uptimeMs } from '../platform/index.ts';
import { expand } from './compact.ts';
import type { CheckersOrder, CheckersSettings, CheckersStart, FromCheckers, Log, Orphaned } from './messages.ts';
import type { RouteClient } from '../rtnetlink/index.ts';
import { raiseDescriptors } from './check-descriptors.ts';
import { CheckLog } from './check-log.ts';
import { startCheckProgram } from './script-runner.ts';
import { CheckMail } from './check-mail.ts';
import { checkersData } from './dumps/checkers-data.ts';
import { commandWords } from './dumps/host.ts';
import { FollowedChecks } from './followed-checks.ts';
import { HostAddresses } from './host-addresses.ts';
import type { StateFile } from './state-file.ts';
import { SyncKeeper } from './sync-keeper.ts';
import { TableKeeper } from './table-keeper.ts';
import { TimeoutsKeeper } from './timeouts-keeper.ts';
import { watchTable } from './table-watch.ts';

export interface CheckersEdges {
  readonly log: Log;
  readonly tell: (message: FromCheckers) => void;
  readonly client: IpvsClient;
  /** A client that has joined the kernel's groups of links and addresses. */
  readonly monitor: () => RouteClient;
  /** Loads kernel modules; answers whether one was loaded. */
  readonly loadModules: (names: readonly string[]) => Promise<boolean>;
  /** Another client of the same table, on a socket of its own. */
  readonly openAnother: () => Promise<Result<IpvsClient, NetlinkError>>;
  readonly stateFile: Pick<StateFile<'checkers'>, 'update' | 'remove'>;
}

/** What it is told at its start. */
export type CheckersOrders = Omit<CheckersStart, 'settings'> & { readonly settings: CheckersSettings };

/** The checkers process around its engines: the schedule says what to check when, the lvs engine what the results mean for the table. */
export class CheckersPart {
  readonly #log: Log;
  readonly #tell: (message: FromCheckers) => void;
  readonly #client: IpvsClient;
  readonly #keeper: TableKeeper;
  readonly #sync: SyncKeeper;
  readonly #timeouts: TimeoutsKeeper;
  readonly #addresses: HostAddresses;
  readonly #followed: FollowedChecks;
  /** Checkers whose checks rest, by id. */
  readonly #resting = new Set<string>();
  readonly #schedule = new CheckSchedule(Math.random);
  readonly #runner = new CheckRunner(
    endSockets,
    (command, timeoutMs) => startCheckProgram(command, timeoutMs, this.#settings.scripts),
    () => ({ searchRegex, tls: this.#tls }),
  );
  readonly #running = new Map<string, RunningCheck<CheckResult>>();
  readonly #servers = new Map<string, string>();
  readonly #checkLog: CheckLog;
  readonly #mail: CheckMail;
  readonly #timer = createDeadlineTimer(() => {
    this.#runDue();
  });
  readonly #keepTable: boolean;
  readonly #stateFile: CheckersEdges['stateFile'];
  #settings: CheckersSettings;
  #tls: TlsContexts;
  #vrrpStates: CheckersStart['vrrpStates'];
  #state: LvsState;
  #stopped = false;
  #endWatch: () => void = () => undefined;

  private constructor(edges: CheckersEdges, start: CheckersOrders) {
    this.#log = edges.log;
    this.#checkLog = new CheckLog(edges.log);
    this.#tell = edges.tell;
    this.#mail = new CheckMail((alert) => {
      edges.tell({ type: 'mail-lvs', alert });
    });
    this.#client = edges.client;
    this.#keepTable = start.keepTable;
    this.#stateFile = edges.stateFile;
    this.#settings = start.settings;
    // There is mail of the start, too.
    this.#mail.configure(start.settings.mail);
    this.#tls = new TlsContexts(start.settings.ssl);
    this.#vrrpStates = start.vrrpStates;
    this.#followed = new FollowedChecks(edges.log, start);
    this.#state = newLvsState(
      start.settings.lvs,
      start.settings.rsInitNotifies,
      new Map(start.resume),
      this.#followed.findings(),
    );
    this.#keeper = new TableKeeper({
      client: edges.client,
      log: edges.log,
      desired: () => desiredTable(this.#state),
      desiredOf: (virtualServer) => desiredOf(this.#state, virtualServer),
      loadModules: edges.loadModules,
      retry: later,
      ownedBefore: start.servicesBefore,
      owns: (services) => {
        void edges.stateFile.update({ services });
      },
    });
    this.#addresses = new HostAddresses({
      monitor: edges.monitor,
      log: edges.log,
      changed: () => {
        this.#configure('as they are');
      },
    });
    this.#sync = new SyncKeeper({
      open: edges.openAnother,
      log: edges.log,
      retry: later,
      startedBefore: start.syncBefore,
      runs: (sync) => {
        void edges.stateFile.update({ sync });
      },
    });
    this.#timeouts = new TimeoutsKeeper({
      client: edges.client,
      log: edges.log,
      ...(start.timeoutsBefore === undefined ? {} : { before: start.timeoutsBefore }),
      learned: (timeouts) => {
        edges.tell({ type: 'timeouts-before', timeouts });
        void edges.stateFile.update({ timeoutsBefore: timeouts });
      },
    });
  }

  /** Resolves when the table is in place. */
  static async start(edges: CheckersEdges, start: CheckersOrders): Promise<CheckersPart> {
    const part = new CheckersPart(edges, start);
    if (start.settings.flush && start.resume === undefined) {
      const flushed = await edges.client.flush();
      if (!flushed.ok) edges.log('error', flushed.error.text);
    }
    await part.#timeouts.hold(start.settings.timeouts);
    await part.#followAddresses();
    await part.#keeper.adopt();
    // With resumed states nothing is new: nobody is told again.
    if (start.resume === undefined)
      for (const effect of startEffects(part.#state)) if (effect.type !== 'reconcile') part.#perform(effect);
    part.#configure();
    part.#take(part.#followed.findings());
    part.#holdSync();
    part.#endWatch = watchTable({
      periodMs: start.tableCheckMs,
      check: () => part.#check(),
      nowMs: monotonicMs,
      later: cancellable,
    });
    return part;
  }

  handle(message: CheckersOrder): void {
    switch (message.type) {
      case 'reload':
        this.#renew(expand(message.settings), message.files);
        break;
      case 'file-value':
        this.#take(this.#followed.fileChanged(message.trackFile, message.value));
        break;
      case 'bfd-state':
        this.#take(this.#followed.bfdChanged(message.bfd, message.up));
        break;
      case 'report':
        this.#tell({ type: 'checkers-report', lines: checkersData(this.#state, commandWords) });
        break;
      case 'vrrp-states':
        this.#vrrpStates = message.whole ? message.states : { ...this.#vrrpStates, ...message.states };
        this.#holdSync();
        break;
    }
  }

  #renew(settings: CheckersSettings, files: CheckersStart['files']): void {
    this.#followed.configure(settings, files);
    void this.#reload(settings);
  }

  async #reload(settings: CheckersSettings): Promise<void> {
    this.#settings = settings;
    this.#tls = new TlsContexts(settings.ssl);
    raiseDescriptors(settings.lvs, this.#log);
    this.#holdSync();
    await this.#timeouts.hold(settings.timeouts);
    await this.#followAddresses();
    const { lvs: config, rsInitNotifies } = settings;
    this.#step({ type: 'reload', config, rsInitNotifies, followed: this.#followed.findings() });
    this.#configure();
    this.#take(this.#followed.findings());
  }

  /** Ends all checks and takes the table back, or leaves it to a successor; resolves when the kernel has it. */
  async stop(how: Orphaned): Promise<void> {
    this.#stopped = true;
    this.#endWatch();
    this.#timer.arm(undefined);
    for (const check of this.#running.values()) check.cancel();
    this.#running.clear();
    if (how === 'keep') {
      await this.#leave();
      return;
    }
    await Promise.all([
      this.#takeBack(),
      this.#sync.release(),
      this.#timeouts.release(),
      this.#runner.stop(lastProgramsMs),
    ]);
    this.#client.close();
    await this.#stateFile.remove();
  }

  async #leave(): Promise<void> {
    const checkers = [...checkerStates(this.#state)];
    // What changed last is in the table before its next owner reads it.
    await Promise.all([this.#keeper.leave(), this.#sync.leave(), this.#runner.stop(shortMs)]);
    this.#client.close();
    await this.#stateFile.update({ checkers, leftAtMs: uptimeMs() });
  }

  async #takeBack(): Promise<void> {
    // The kernel first: to tell of thousands of servers takes longer than to take them back.
    if (!this.#keepTable) await this.#keeper.release(this.#settings.flushOnStop ? 'everything' : 'ours');
    this.#step({ type: 'stop' });
  }

  async #check(): Promise<void> {
    await this.#keeper.check();
    await this.#sync.check();
  }

  #take(findings: Followed): void {
    if (this.#stopped) return;
    for (const [id, finding] of findings) this.#step({ type: 'checker', id, ...finding });
  }

  #holdSync(): void {
    if (!this.#stopped) void this.#sync.hold(this.#settings.sync, this.#vrrpStates);
  }

  async #followAddresses(): Promise<void> {
    if (this.#settings.lvs.virtualServers.some(({ haSuspend }) => haSuspend)) await this.#addresses.follow();
  }

  /** `as they are`: addresses of this host changed, and only what they concern changes. */
  #configure(times: 'anew' | 'as they are' = 'anew'): void {
    if (this.#stopped) return;
    const states = checkerStates(this.#state);
    const checkers = new Map<string, ConfiguredCheck>();
    const before = new Set(this.#resting);
    this.#resting.clear();
    this.#servers.clear();
    this.#mail.configure(this.#settings.mail);
    const findGroup = groupFinder(this.#state.config);
    for (const { config: virtual, realServers } of this.#state.virtualServers) {
      const resting = isSuspended(virtual, findGroup, this.#addresses.all());
      for (const { config: real, checkerIds } of realServers) {
        for (const [i, checker] of real.checkers.entries()) {
          const id = checkerIds[i];
          if (id === undefined || !isTimed(checker)) continue;
          checkers.set(id, { checker, up: states.get(id) ?? true, resting });
          const server = realServerText(real, virtual);
          this.#servers.set(id, server);
          if (real.smtpAlert) this.#mail.add(id, virtual, server);
          if (resting) this.#resting.add(id);
          if (resting === before.has(id)) continue;
          const what = resting ? 'Suspending' : 'Activating';
          this.#log('info', `${what} healthchecker for service ${server} for VS ${virtualServerText(virtual)}`);
        }
      }
    }
    for (const [id, check] of this.#running) {
      if (checkers.get(id)?.resting === false) continue;
      check.cancel();
      this.#running.delete(id);
    }
    this.#checkLog.keep(checkers);
    this.#schedule.configure(checkers, monotonicMs(), times);
    this.#timer.arm(this.#schedule.nextDeadline());
  }

  #runDue(): void {
    for (const run of this.#schedule.due(monotonicMs())) this.#run(run);
    this.#timer.arm(this.#schedule.nextDeadline());
  }

  #run(run: Run): void {
    const check = this.#runner.run(run);
    this.#running.set(run.id, check);
    void check.outcome.then((result) => {
      if (this.#running.get(run.id) !== check) return;
      this.#running.delete(run.id);
      this.#result(run, result);
    });
  }

  #result(run: Run, result: CheckResult): void {
    if (this.#stopped) return;
    const verdict = this.#schedule.result(run.id, result, monotonicMs());
    this.#timer.arm(this.#schedule.nextDeadline());
    if (verdict === undefined) return;
    const { id } = run;
    this.#checkLog.tell(run, this.#servers.get(id) ?? '', result, verdict);
    if (verdict.changed) this.#tell({ type: 'checker', id, up: verdict.up });
    // Also without a change: a weight may be new, and the first failure of a server that starts down is told. A result that is to be retried says nothing.
    if (!verdict.counts) return;
    this.#mail.begin(run, result, verdict);
    this.#step({
      type: 'checker',
      id,
      up: verdict.up,
      ...(result.weight === undefined ? {} : { weight: result.weight }),
    });
    this.#mail.end();
  }

  #step(event: LvsEvent): void {
    const { state, effects } = lvsStep(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: LvsEffect): void {
    switch (effect.type) {
      case 'log':
        this.#log(effect.level, effect.text);
        break;
      case 'notify': {
        const { object, virtualServer, realServer, state, script } = effect;
        this.#mail.notice(effect);
        this.#tell({
          type: 'notify-lvs',
          object,
          virtualServer,
          state,
          ...(realServer === undefined ? {} : { realServer }),
          ...(script === undefined ? {} : { script }),
        });
        break;
      }
      case 'reconcile':
        if (effect.virtualServer === -1) void this.#keeper.updateAll();
        else void this.#keeper.update(effect.virtualServer);
        break;
    }
  }
}

/** A program that ignores TERM is killed after 2 s. */
const lastProgramsMs = 2500;
/** A successor waits to go on. */
const shortMs = 300;

function later(delayMs: number, again: () => void): void {
  cancellable(delayMs, again);
}

function cancellable(delayMs: number, again: () => void): () => void {
  const timer = setTimeout(again, delayMs).unref();
  return () => {
    clearTimeout(timer);
  };
}

function isTimed(checker: Checker): checker is ConfiguredCheck['checker'] {
  return runnableChecks.has(checker.type);
}
