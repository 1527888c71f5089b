import { libc, pollReadable, type Poll } from './libc.ts';

/** `readable`: there is something to read, the end or an error included; otherwise it can be written to. */
type Ready = (readable: boolean) => void;

/**
 * Tells when sockets that live for one check can be written to or read. One epoll of our own on the event loop, and not a handle of the
 * loop for each socket: that takes twice as many system calls, which are most of what a check costs.
 */
export interface Watch {
  /** Replaces whom it tells. */
  readonly tell: (ready: Ready) => void;
  /** To be called before the descriptor is given to somebody else. Closing the descriptor is enough for the kernel, but not for us: `forget`. */
  readonly remove: () => void;
  /** The descriptor is closed. */
  readonly forget: () => void;
}

/** linux/eventpoll.h: of those that are not asked for, errors and the end come in any case; the structure is packed on x64 and nowhere else. */
const control = { add: 1, remove: 2 } as const;
const interest = { in: 0x1, out: 0x4, edge: 0x8000_0000 } as const;
const closeOnExec = 0o2000000;
const eventSize = process.arch === 'x64' ? 12 : 16;
const dataOffset = eventSize - 8;
const mostAtOnce = 256;

class Readiness {
  readonly #epoll: number;
  readonly #poll: Poll;
  readonly #watches = new Map<number, Ready>();
  readonly #event = Buffer.alloc(eventSize);
  readonly #events = Buffer.alloc(mostAtOnce * eventSize);
  #lastId = 0;

  private constructor(epoll: number) {
    this.#epoll = epoll;
    this.#poll = pollReadable(epoll, () => {
      this.#look();
    });
    this.#poll.keepAlive(false);
  }

  /** The error is the errno's name. */
  static open(): Readiness | string {
    const epoll = libc().epollCreate(closeOnExec);
    return epoll < 0 ? libc().errno() : new Readiness(epoll);
  }

  watch(fd: number, ready: Ready): Watch | string {
    // A descriptor is used again at once: what is still to be told of the one before must not reach the next.
    const id = this.#nextId();
    this.#event.fill(0);
    this.#event.writeUInt32LE((interest.in | interest.out | interest.edge) >>> 0, 0);
    this.#event.writeUInt32LE(id, dataOffset);
    if (libc().epollControl(this.#epoll, control.add, fd, this.#event) !== 0) return libc().errno();
    this.#set(id, ready);
    const forget = (): void => {
      if (this.#watches.delete(id) && this.#watches.size === 0) this.#poll.keepAlive(false);
    };
    return {
      tell: (next) => {
        this.#set(id, next);
      },
      remove: () => {
        libc().epollControl(this.#epoll, control.remove, fd, this.#event);
        forget();
      },
      forget,
    };
  }

  #set(id: number, ready: Ready): void {
    if (this.#watches.size === 0) this.#poll.keepAlive(true);
    this.#watches.set(id, ready);
  }

  #nextId(): number {
    do this.#lastId = this.#lastId >= 0xffff_fffe ? 1 : this.#lastId + 1;
    while (this.#watches.has(this.#lastId));
    return this.#lastId;
  }

  /** What does not fit is there at the next turn. */
  #look(): void {
    const count = libc().epollWait(this.#epoll, this.#events, mostAtOnce, 0);
    for (let at = 0; at < count * eventSize; at += eventSize) {
      const readable = (this.#events.readUInt32LE(at) & ~interest.out) !== 0;
      try {
        this.#watches.get(this.#events.readUInt32LE(at + dataOffset))?.(readable);
      } catch (error) {
        // The others are told only once.
        setImmediate(() => {
          throw error;
        });
      }
    }
  }
}

let shared: Readiness | undefined;

/**
 * Calls `ready` each time that more can be written or read than before, or the socket has failed; never before it returns. The error is
 * the errno's name.
 */
export function watchSocket(fd: number, ready: Ready): Watch | string {
  if (shared === undefined) {
    const opened = Readiness.open();
    if (typeof opened === 'string') return opened;
    shared = opened;
  }
  return shared.watch(fd, ready);
}
