import type { Result } from '../core/index.ts';
import type { VrrpTrackProcess } from '../config/index.ts';
import type { Alarm, Transport } from '../netlink/index.ts';
import type { ProcessFacts } from '../platform/index.ts';
import {
  parseProcessNews,
  ProcessWatch,
  subscription,
  type ProcessEvent,
  type ProcessNews,
} from '../processes/index.ts';
import type { Log } from './messages.ts';

/** How often all processes are looked at where the kernel does not tell of them. */
const lookMs = 1000;
/** In which the kernel says whether it will. */
const answerMs = 1000;
/** The pause before all are looked at again after events were lost, which is when there are very many of them. */
const repairMs = 500;

export interface ProcessWatcherEdges {
  readonly onChange: (trackProcess: string, ok: boolean) => void;
  readonly log: Log;
  readonly openConnector: () => Result<Transport>;
  readonly allProcesses: (withCommandLine: boolean) => readonly (ProcessFacts & { readonly pid: number })[];
  readonly processFacts: (pid: number, withCommandLine: boolean) => ProcessFacts | undefined;
  readonly alarm: Alarm;
  readonly nowMs: () => number;
}

/** Follows the processes that vrrp_track_process names: by the kernel's events, or where it has none for us by looking each second. */
export class ProcessWatcher {
  readonly #edges: ProcessWatcherEdges;
  #watch = new ProcessWatch([]);
  #connector: Transport | undefined;
  #heard = false;
  #repairing = false;
  #stopLooking: () => void = () => undefined;
  #stopTimer: () => void = () => undefined;

  constructor(edges: ProcessWatcherEdges) {
    this.#edges = edges;
  }

  /** By name: whether each quorum is there. */
  get values(): Readonly<Record<string, boolean>> {
    return this.#watch.values;
  }

  /** Takes the processes of a configuration, at start and at reload; `values` has what was found afterwards. */
  follow(trackProcesses: readonly VrrpTrackProcess[]): void {
    this.stop();
    if (trackProcesses.length === 0) return;
    this.#watch = new ProcessWatch(trackProcesses);
    this.#listen();
    this.#look();
  }

  stop(): void {
    this.#stopTimer();
    this.#stopLooking();
    this.#connector?.send(subscription(false));
    this.#connector?.close();
    this.#connector = undefined;
    this.#heard = false;
    this.#repairing = false;
    this.#watch = new ProcessWatch([]);
  }

  #listen(): void {
    const opened = this.#edges.openConnector();
    if (!opened.ok) {
      this.#pollInstead(opened.error);
      return;
    }
    const connector = opened.value;
    this.#connector = connector;
    connector.onDatagram((datagram, sender) => {
      if (sender !== 0 || this.#connector !== connector) return;
      for (const news of parseProcessNews(datagram)) this.#take(news);
    });
    connector.onLost((reason) => {
      if (this.#connector !== connector) return;
      if (this.#heard && (reason === 'ENOBUFS' || reason === 'a datagram was cut')) this.#repair();
      else this.#pollInstead(reason);
    });
    this.#stopLooking = this.#edges.alarm.after(answerMs, () => {
      this.#pollInstead('it gives no answer, as to programs in a container');
    });
    connector.send(subscription(true));
  }

  #take(news: ProcessNews): void {
    if (news.type === 'ack') {
      if (this.#heard) return;
      if (news.errno === 0) {
        this.#heard = true;
        this.#stopLooking();
      } else this.#pollInstead(`errno ${String(news.errno)}`);
      return;
    }
    if (news.type !== 'exec') this.#step(news);
    else {
      const seen = this.#edges.processFacts(news.pid, this.#watch.needsCommandLine);
      this.#step({ type: 'exec', pid: news.pid, seen });
    }
  }

  /** One look for all that is lost until then. */
  #repair(): void {
    if (this.#repairing) return;
    this.#repairing = true;
    this.#stopLooking = this.#edges.alarm.after(repairMs, () => {
      this.#repairing = false;
      this.#look();
    });
  }

  #pollInstead(reason: string): void {
    const text = `The kernel does not tell of processes (${reason}): vrrp_track_process looks every second instead`;
    this.#edges.log('warning', text);
    this.#connector?.close();
    this.#connector = undefined;
    this.#lookAgain();
  }

  #lookAgain(): void {
    this.#stopLooking();
    this.#stopLooking = this.#edges.alarm.after(lookMs, () => {
      this.#look();
      this.#lookAgain();
    });
  }

  #look(): void {
    this.#step({ type: 'all', processes: this.#edges.allProcesses(this.#watch.needsCommandLine) });
  }

  #step(event: ProcessEvent): void {
    const nowMs = this.#edges.nowMs();
    for (const { trackProcess, ok } of this.#watch.step(event, nowMs)) {
      this.#edges.log('info', `Quorum ${ok ? 'gained' : 'lost'} for tracked process ${trackProcess}`);
      this.#edges.onChange(trackProcess, ok);
    }
    this.#stopTimer();
    const { deadlineMs } = this.#watch;
    if (deadlineMs === undefined) return;
    this.#stopTimer = this.#edges.alarm.after(Math.max(0, deadlineMs - nowMs), () => {
      this.#step({ type: 'timer' });
    });
  }
}
