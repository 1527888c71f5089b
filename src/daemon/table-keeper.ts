import type { IpvsOperation, IpvsTableEntry } from '../core/index.ts';
import type { IpvsClient } from '../ipvs-netlink/index.ts';
import { applied, findDrift, plan, serviceId } from '../lvs/index.ts';
import type { NetlinkError } from '../netlink/index.ts';
import type { Log } from './messages.ts';

interface Failure {
  readonly operation: IpvsOperation;
  readonly error: NetlinkError;
}

/** What it needs of a client. */
export type TableClient = Pick<IpvsClient, 'dump' | 'apply' | 'flush'>;

/**
 * Holds the kernel's table to what is desired. It remembers what the kernel was told and sends only what differs; when
 * something failed, it reads the table again and plans anew, a little later each time.
 */
export class TableKeeper {
  readonly #client: TableClient;
  readonly #log: Log;
  readonly #desired: () => readonly IpvsTableEntry[];
  readonly #desiredOf: (virtualServer: number) => readonly IpvsTableEntry[];
  readonly #loadModules: (names: readonly string[]) => Promise<boolean>;
  readonly #triedModules = new Set<string>();
  readonly #retry: (delayMs: number, again: () => void) => void;
  readonly #owned: Set<string>;
  readonly #owns: (services: readonly string[]) => void;
  #known = new Map<string, IpvsTableEntry>();
  #work: Promise<void> = Promise.resolve();
  /** Virtual servers that changed while the kernel was busy. */
  readonly #changed = new Set<number>();
  #changedAreMade: Promise<void> = Promise.resolve();
  #failures = 0;
  #mended = 0;
  #trouble = '';
  #retrying = false;
  #stopped = false;
  /** Nothing that can wait is done any more. */
  #leaving = false;

  constructor(edges: {
    readonly client: TableClient;
    readonly log: Log;
    readonly desired: () => readonly IpvsTableEntry[];
    /** What of it one virtual server stands for; nothing for one that is not there. */
    readonly desiredOf: (virtualServer: number) => readonly IpvsTableEntry[];
    /** Loads kernel modules; answers whether one was loaded. */
    readonly loadModules: (names: readonly string[]) => Promise<boolean>;
    /** Calls `again` after a delay. */
    readonly retry: (delayMs: number, again: () => void) => void;
    /** Services that a former run had, by `serviceId`. */
    readonly ownedBefore?: readonly string[];
    /** Told of all services that are ours before the kernel gets them. */
    readonly owns?: (services: readonly string[]) => void;
  }) {
    this.#client = edges.client;
    this.#log = edges.log;
    this.#desired = edges.desired;
    this.#desiredOf = edges.desiredOf;
    this.#loadModules = edges.loadModules;
    this.#retry = edges.retry;
    this.#owned = new Set(edges.ownedBefore);
    this.#owns = edges.owns ?? (() => undefined);
  }

  /** Reads the kernel's table and makes it right as a whole. What is right already is not touched. */
  adopt(): Promise<void> {
    return this.#enqueue(async () => {
      await this.#readTable();
      await this.#reconcile(this.#desired());
    });
  }

  /**
   * Makes the entries of a virtual server right; those of others have not changed. The first of many changes is made at once, and those
   * that come before the kernel has answered are made together: one at a time, the servers of a dead rack would leave the table as
   * slowly as the event loop turns.
   */
  update(virtualServer: number): Promise<void> {
    if (this.#changed.size === 0)
      this.#changedAreMade = this.#enqueue(() => {
        const entries = [...this.#changed].flatMap((changed) => this.#desiredOf(changed));
        this.#changed.clear();
        return this.#reconcile(entries, true);
      });
    this.#changed.add(virtualServer);
    return this.#changedAreMade;
  }

  /** Makes everything right against what the kernel was told: after a reload. */
  updateAll(): Promise<void> {
    return this.#enqueue(() => this.#reconcile(this.#desired()));
  }

  /** How many changes by others were undone since the start. */
  get mended(): number {
    return this.#mended;
  }

  /** Undoes what somebody else did to entries of ours, and says what it was. */
  check(): Promise<void> {
    return this.#enqueue(async () => {
      const told = this.#ours();
      if (this.#leaving || told.length === 0 || !(await this.#readTable())) return;
      const drift = findDrift(told, [...this.#known.values()]);
      if (drift === undefined) return;
      this.#mended += drift.operations.length;
      const count = `${String(this.#mended)} since the start`;
      this.#log('warning', `Somebody else changed our IPVS entries, undoing it: ${drift.text} (${count})`);
      this.#retryAfter(await this.#apply(drift.operations));
    });
  }

  /** Takes back what is ours; or everything that the table holds, whose ever it is. */
  async release(what: 'ours' | 'everything'): Promise<void> {
    this.#leaving = true;
    await this.#enqueue(async () => {
      this.#stopped = true;
      if (what === 'everything') {
        const flushed = await this.#client.flush();
        if (!flushed.ok) this.#log('error', flushed.error.text);
        return;
      }
      // A service takes its servers with it.
      const operations = this.#ours().map(({ service }): IpvsOperation => ({
        op: 'del-service',
        service: service.key,
      }));
      await this.#apply(operations);
    });
  }

  /** Leaves the table as it is once what was begun is in it. */
  leave(): Promise<void> {
    this.#leaving = true;
    return this.#enqueue(() => {
      this.#stopped = true;
      return Promise.resolve();
    });
  }

  /** What the kernel was told, as far as it concerns us. */
  #ours(): readonly IpvsTableEntry[] {
    return [...this.#known.values()].filter(({ service }) => this.#owned.has(serviceId(service.key)));
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(work);
    return this.#work;
  }

  /** Answers whether it could be read; what prevents it is said once. */
  async #readTable(): Promise<boolean> {
    const dump = await this.#client.dump();
    const trouble = dump.ok ? '' : dump.error.text;
    if (trouble !== this.#trouble && trouble !== '') this.#log('error', trouble);
    this.#trouble = trouble;
    if (dump.ok) this.#known = new Map(dump.value.map((entry) => [serviceId(entry.service.key), entry]));
    return dump.ok;
  }

  async #reconcile(desired: readonly IpvsTableEntry[], partial = false): Promise<void> {
    if (this.#stopped) return;
    const ids = desired.map((entry) => serviceId(entry.service.key));
    const known = partial ? ids.flatMap((id) => this.#known.get(id) ?? []) : [...this.#known.values()];
    const operations = plan(desired, known, this.#owned);
    for (const id of ids) this.#owned.add(id);
    if (!partial) this.#owns([...this.#owned]);
    const failed = await this.#apply(operations);
    if (!partial) {
      const wanted = new Set(ids);
      for (const id of this.#owned) if (!wanted.has(id) && !this.#known.has(id)) this.#owned.delete(id);
    }
    if (failed === 0) this.#failures = 0;
    this.#retryAfter(failed);
  }

  #retryAfter(failed: number): void {
    if (failed === 0 || this.#retrying) return;
    const delayMs = Math.min(60_000, 1000 * 2 ** this.#failures++);
    this.#log(
      'warning',
      `${String(failed)} changes of the IPVS table failed: reading it and trying again in ${String(delayMs / 1000)} s`,
    );
    this.#retrying = true;
    this.#retry(delayMs, () => {
      this.#retrying = false;
      void this.adopt();
    });
  }

  /** Answers how many operations failed, also after the kernel got the modules that it lacked. */
  async #apply(operations: readonly IpvsOperation[]): Promise<number> {
    const first = await this.#send(operations);
    const modules = [...new Set(first.flatMap(modulesLacking))].filter((name) => !this.#triedModules.has(name));
    for (const name of modules) this.#triedModules.add(name);
    const again = modules.length > 0 && (await this.#loadModules(modules));
    const failures = again ? await this.#send(first.map(({ operation }) => operation)) : first;
    const told = withoutConsequences(failures);
    // Thousands of entries can fail for one reason; the first few tell it.
    for (const { error } of told.slice(0, 5)) this.#log('error', error.text);
    if (told.length > 5) this.#log('error', `… and ${String(told.length - 5)} more`);
    return failures.length;
  }

  async #send(operations: readonly IpvsOperation[]): Promise<readonly Failure[]> {
    if (operations.length === 0) return [];
    const results = await this.#client.apply(operations);
    const failures: Failure[] = [];
    const done: IpvsOperation[] = [];
    for (const [i, result] of results.entries()) {
      const operation = operations[i];
      if (operation === undefined) continue;
      if (result.ok || alreadySo(operation, result.error)) done.push(operation);
      else failures.push({ operation, error: result.error });
    }
    this.#remember(done);
    return failures;
  }

  #remember(operations: readonly IpvsOperation[]): void {
    const ids = new Set(operations.map((operation) => serviceId(keyOf(operation))));
    const before = [...ids].flatMap((id) => this.#known.get(id) ?? []);
    const after = new Map(applied(before, operations).map((entry) => [serviceId(entry.service.key), entry]));
    for (const id of ids) {
      const entry = after.get(id);
      if (entry === undefined) this.#known.delete(id);
      else this.#known.set(id, entry);
    }
  }
}

function keyOf(operation: IpvsOperation): IpvsTableEntry['service']['key'] {
  return operation.op === 'new-service' || operation.op === 'set-service' ? operation.service.key : operation.service;
}

/** The kernel refuses because it is as it should be: somebody else was there first. */
function alreadySo(operation: IpvsOperation, error: NetlinkError): boolean {
  if (operation.op === 'del-service' || operation.op === 'del-dest')
    return error.code === 'ENOENT' || error.code === 'ESRCH';
  return false;
}

/** The kernel has neither the scheduler nor the persistence engine of a service: ENOENT, where a missing service is ESRCH. */
function modulesLacking({ operation, error }: Failure): readonly string[] {
  if ((operation.op !== 'new-service' && operation.op !== 'set-service') || error.code !== 'ENOENT') return [];
  const { scheduler, persistenceEngine } = operation.service;
  return [`ip_vs_${scheduler}`, ...(persistenceEngine === undefined ? [] : [`ip_vs_pe_${persistenceEngine}`])];
}

/** That a service could not be made says enough of its servers. */
function withoutConsequences(failures: readonly Failure[]): readonly Failure[] {
  const missing = new Set(
    failures.flatMap(({ operation }) => (operation.op === 'new-service' ? [serviceId(operation.service.key)] : [])),
  );
  const follows = ({ operation }: Failure): boolean =>
    operation.op === 'new-dest' && missing.has(serviceId(operation.service));
  return failures.filter((failure) => !follows(failure));
}
