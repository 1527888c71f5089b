import { err, ok, type IpvsSyncDaemon, type Result } from '../core/index.ts';
import type { IpvsClient } from '../ipvs-netlink/index.ts';
import { desiredSyncDaemons, planSyncDaemons, syncDaemonText, type SyncSettings } from '../lvs/index.ts';
import type { NetlinkError } from '../netlink/index.ts';
import type { Log } from './messages.ts';

type SyncClient = Pick<IpvsClient, 'daemons' | 'newDaemon' | 'delDaemon' | 'close'>;

/**
 * Holds the kernel's connection synchronisation daemons to what is desired. Each time it asks which run: the kernel at times
 * leaves the stopping of a daemon that was just started unanswered.
 */
export class SyncKeeper {
  readonly #open: () => Promise<Result<SyncClient, NetlinkError>>;
  readonly #log: Log;
  readonly #retry: (delayMs: number, again: () => void) => void;
  readonly #started: Set<IpvsSyncDaemon['role']>;
  readonly #runs: (roles: readonly IpvsSyncDaemon['role'][]) => void;
  #client: SyncClient | undefined;
  #settings: SyncSettings | undefined;
  #desired: readonly IpvsSyncDaemon[] = [];
  #work: Promise<void> = Promise.resolve();
  #failures = 0;
  #retrying = false;
  #stopped = false;

  constructor(edges: {
    /** A client of its own: the table must not wait for a daemon that takes its time to stop. */
    readonly open: () => Promise<Result<SyncClient, NetlinkError>>;
    readonly log: Log;
    readonly retry: (delayMs: number, again: () => void) => void;
    /** What a former run had started. */
    readonly startedBefore?: readonly IpvsSyncDaemon['role'][];
    /** Told of the roles that run because of us. */
    readonly runs?: (roles: readonly IpvsSyncDaemon['role'][]) => void;
  }) {
    this.#open = edges.open;
    this.#log = edges.log;
    this.#retry = edges.retry;
    this.#started = new Set(edges.startedBefore);
    this.#runs = edges.runs ?? (() => undefined);
  }

  /** Makes the daemons those that settings and states of VRRP instances ask for; resolves when they are. */
  hold(settings: SyncSettings | undefined, states: Readonly<Record<string, string>>): Promise<void> {
    const desired = desiredSyncDaemons(settings, states);
    const same = JSON.stringify([settings, desired]) === JSON.stringify([this.#settings, this.#desired]);
    this.#settings = settings;
    this.#desired = desired;
    return same && (settings !== undefined || this.#started.size === 0) ? this.#work : this.#enqueue('');
  }

  /** Puts right what somebody else stopped, started or changed. */
  check(): Promise<void> {
    if (this.#settings === undefined || this.#retrying) return this.#work;
    return this.#enqueue(' (somebody else changed it)');
  }

  /** Leaves the daemons as they are. */
  async leave(): Promise<void> {
    this.#stopped = true;
    await this.#work;
    this.#client?.close();
  }

  /** Stops what was started. */
  async release(): Promise<void> {
    this.#desired = [];
    this.#stopped = true;
    await this.#enqueue('');
    this.#client?.close();
  }

  #enqueue(why: string): Promise<void> {
    this.#work = this.#work.then(() => this.#reconcile(why));
    return this.#work;
  }

  async #reconcile(why: string): Promise<void> {
    const configured = this.#settings !== undefined;
    if (!configured && this.#started.size === 0) return;
    const trouble = await this.#change(configured, why);
    if (trouble === undefined || this.#stopped) {
      this.#failures = 0;
      return;
    }
    if (this.#retrying) return;
    const delayMs = Math.min(60_000, 1000 * 2 ** this.#failures++);
    this.#log('error', `${trouble}; trying again in ${String(delayMs / 1000)} s`);
    this.#retrying = true;
    this.#retry(delayMs, () => {
      this.#retrying = false;
      void this.#enqueue('');
    });
  }

  /** Answers what went wrong. */
  async #change(configured: boolean, why: string): Promise<string | undefined> {
    const client = await this.#connect();
    if (!client.ok) return client.error.text;
    const running = await client.value.daemons();
    if (!running.ok) return running.error.text;
    const operations = planSyncDaemons(this.#desired, running.value, { configured, started: this.#started });
    let trouble: string | undefined;
    for (const operation of operations) {
      const reply =
        operation.op === 'start'
          ? await client.value.newDaemon(operation.daemon)
          : await client.value.delDaemon(operation.role);
      if (!reply.ok && !(await this.#isSo(client.value, operation))) {
        trouble ??= reply.error.text;
      } else if (operation.op === 'start') {
        this.#started.add(operation.daemon.role);
        this.#log('info', `IPVS sync daemon started: ${syncDaemonText(operation.daemon)}${why}`);
      } else {
        this.#started.delete(operation.role);
        this.#log('info', `IPVS sync daemon stopped: ${operation.role}${why}`);
      }
    }
    for (const { role } of this.#desired) if (running.value.some((one) => one.role === role)) this.#started.add(role);
    this.#runs([...this.#started]);
    return trouble;
  }

  /** Whether the kernel has done all the same what it did not confirm. */
  async #isSo(client: SyncClient, operation: ReturnType<typeof planSyncDaemons>[number]): Promise<boolean> {
    const running = await client.daemons();
    if (!running.ok) return false;
    const there = operation.op === 'start' ? [operation.daemon] : [];
    return (
      planSyncDaemons(
        there,
        running.value.filter(({ role }) => role === roleOf(operation)),
        {
          configured: true,
          started: new Set(),
        },
      ).length === 0
    );
  }

  async #connect(): Promise<Result<SyncClient, NetlinkError>> {
    if (this.#client !== undefined) return ok(this.#client);
    const opened = await this.#open();
    if (!opened.ok) return err(opened.error);
    this.#client = opened.value;
    return opened;
  }
}

function roleOf(operation: ReturnType<typeof planSyncDaemons>[number]): IpvsSyncDaemon['role'] {
  return operation.op === 'start' ? operation.daemon.role : operation.role;
}
