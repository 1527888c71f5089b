import {
  createPidFile,
  partTitle,
  spawnPart,
  type PartExit,
  type PartProcess,
  type PidFile,
} from '../platform/index.ts';
import type { FromBfd, FromCheckers, FromVrrp, Log, ToBfd, ToCheckers, ToVrrp } from './messages.ts';
import type { Ping, Pong, ScheduleOrder } from './part-main.ts';
import { partTitles, type PartName } from './supervision.ts';

export type ToPart = ToVrrp | ToCheckers | ToBfd | ScheduleOrder | Ping;
export type FromPart = FromVrrp | FromCheckers | FromBfd | Pong;

/**
 * Parts with packets to send in time collect their garbage themselves, a few milliseconds at a time: helper threads have no share in a
 * part's priority, and on a busy machine it would wait for them for ten times as long.
 */
const nodeOptions: Readonly<Record<PartName, readonly string[]>> = {
  vrrp: ['--single-threaded-gc'],
  bfd: ['--single-threaded-gc'],
  checkers: [],
};

interface PartsEdges {
  readonly log: Log;
  /** The programs of the parts. */
  readonly scripts: Readonly<Record<PartName, string>>;
  readonly pidFile: (part: PartName) => string;
  readonly told: (part: PartName, message: FromPart) => void;
  readonly exited: (part: PartName, exit: PartExit) => void;
}

interface LivePart {
  readonly process: PartProcess<FromPart, ToPart>;
  readonly pidFile: PidFile | undefined;
}

/** The processes of the parts that run, with their pid files. */
export class Parts {
  readonly #edges: PartsEdges;
  readonly #live = new Map<PartName, LivePart>();

  constructor(edges: PartsEdges) {
    this.#edges = edges;
  }

  names(): readonly PartName[] {
    return [...this.#live.keys()];
  }

  pid(part: PartName): number | undefined {
    return this.#live.get(part)?.process.pid;
  }

  spawn(part: PartName, start: () => ToPart): void {
    const { log, scripts, pidFile, told, exited } = this.#edges;
    const spawned = spawnPart<FromPart, ToPart>({
      script: scripts[part],
      name: partTitle(part),
      execArgv: [...process.execArgv, ...nodeOptions[part]],
    });
    if (!spawned.ok) {
      log('error', spawned.error);
      // It counts as a short life, so that the next try comes later.
      queueMicrotask(() => {
        exited(part, { code: 70 });
      });
      return;
    }
    const { channel, pid } = spawned.value;
    log('info', `Starting ${partTitles[part]} child process, pid=${String(pid)}`);
    const file = createPidFile(pidFile(part), pid);
    if (!file.ok) log('warning', file.error.text);
    this.#live.set(part, { process: spawned.value, pidFile: file.ok ? file.value : undefined });
    channel.onMessage((message) => {
      told(part, message);
    });
    channel.send(start());
    void spawned.value.exited.then((exit) => {
      this.#live.get(part)?.pidFile?.remove();
      this.#live.delete(part);
      exited(part, exit);
    });
  }

  /** False: the part does not run, or does not read. */
  send(part: PartName, message: ToPart): boolean {
    return this.#live.get(part)?.process.channel.send(message) ?? false;
  }

  kill(part: PartName): void {
    this.#live.get(part)?.process.kill('SIGKILL');
  }
}
