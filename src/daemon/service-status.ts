import type { TellServiceManager } from '../platform/index.ts';
import type { PartName } from './supervision.ts';

export interface ServiceEdges {
  readonly tell: TellServiceManager;
  readonly pid: number;
  readonly monotonicMicros: () => bigint;
  /** How often a sign of life is due; undefined: never. */
  readonly watchdogMs: number | undefined;
  /** Asks all parts that run whether they live; says which those are. */
  readonly ping: () => readonly PartName[];
}

/** What systemd hears of the daemon (sd_notify(3)): it is ready when its parts are, and lives while they answer. */
export class ServiceStatus {
  readonly #edges: ServiceEdges;
  #awaited: Set<PartName> | undefined;
  #reloading = false;
  #unanswered = new Set<PartName>();
  #timer: NodeJS.Timeout | undefined;

  constructor(edges: ServiceEdges) {
    this.#edges = edges;
  }

  starting(parts: readonly PartName[]): void {
    this.#awaited = new Set(parts);
    this.#edges.tell(`MAINPID=${String(this.#edges.pid)}`, 'STATUS=Starting');
    const { watchdogMs } = this.#edges;
    if (watchdogMs !== undefined)
      this.#timer = setInterval(() => {
        this.#beat();
      }, watchdogMs / 4).unref();
    this.#readyWhenAllAre();
  }

  partReady(part: PartName): void {
    this.#awaited?.delete(part);
    this.#readyWhenAllAre();
  }

  reloading(): void {
    this.#reloading = true;
    this.#edges.tell('RELOADING=1', `MONOTONIC_USEC=${String(this.#edges.monotonicMicros())}`, 'STATUS=Reloading');
  }

  reloaded(text: string): void {
    if (!this.#reloading) return;
    this.#reloading = false;
    this.#edges.tell('READY=1', `STATUS=${text}`);
  }

  /** How many instances are in each state. */
  states(states: readonly string[]): void {
    const counts = ['MASTER', 'BACKUP', 'FAULT', 'INIT'].flatMap((state) => {
      const count = states.filter((one) => one === state).length;
      return count === 0 ? [] : [`${String(count)} ${state}`];
    });
    if (this.#awaited === undefined && !this.#reloading) this.#edges.tell(`STATUS=VRRP: ${counts.join(', ')}`);
  }

  stopping(): void {
    this.#edges.tell('STOPPING=1', 'STATUS=Stopping');
  }

  /** A part answered. */
  alive(part: PartName): void {
    this.#unanswered.delete(part);
  }

  /** Its successor is asked anew. */
  gone(part: PartName): void {
    this.#unanswered.delete(part);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #readyWhenAllAre(): void {
    if (this.#awaited === undefined || this.#awaited.size > 0) return;
    this.#awaited = undefined;
    this.#edges.tell('READY=1', 'STATUS=Running');
  }

  /** A part that hangs keeps the sign of life away: the service manager then starts everything anew. */
  #beat(): void {
    if (this.#unanswered.size > 0) return;
    this.#edges.tell('WATCHDOG=1');
    this.#unanswered = new Set(this.#edges.ping());
  }
}
