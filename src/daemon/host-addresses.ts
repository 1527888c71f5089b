import type { IpAddress } from '../core/index.ts';
import type { RouteClient } from '../rtnetlink/index.ts';
import { Interfaces } from './interfaces.ts';
import type { Log } from './messages.ts';

/** The addresses of this host, followed from the first time that somebody asks for them. */
export class HostAddresses {
  readonly #monitor: () => RouteClient;
  readonly #log: Log;
  readonly #changed: () => void;
  #interfaces: Promise<Interfaces> | undefined;
  #addresses: ReadonlySet<IpAddress> = new Set();

  constructor(edges: {
    /** A client that has joined the groups of links and addresses. */
    readonly monitor: () => RouteClient;
    readonly log: Log;
    readonly changed: () => void;
  }) {
    this.#monitor = edges.monitor;
    this.#log = edges.log;
    this.#changed = edges.changed;
  }

  /** Resolves when they are known. */
  async follow(): Promise<void> {
    this.#interfaces ??= this.#open();
    await this.#interfaces;
  }

  all(): ReadonlySet<IpAddress> {
    return this.#addresses;
  }

  async #open(): Promise<Interfaces> {
    const interfaces = await Interfaces.open(this.#monitor(), this.#log, false);
    const read = (): boolean => {
      const now = new Set(interfaces.all().flatMap(({ addresses }) => addresses));
      const same = now.size === this.#addresses.size && [...now].every((address) => this.#addresses.has(address));
      this.#addresses = now;
      return !same;
    };
    read();
    interfaces.onChange(() => {
      if (read()) this.#changed();
    });
    return interfaces;
  }
}
