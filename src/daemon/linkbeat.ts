import type { Result } from '../core/index.ts';
import type { Interfaces } from './interfaces.ts';
import type { Log } from './messages.ts';

const everyMs = 1000;

interface LinkbeatEdges {
  readonly log: Log;
  readonly interfaces: Pick<Interfaces, 'index' | 'setDriverLink'>;
  /** As LinkStateClient has it; it never rejects. */
  readonly ask: (
    ifindexes: readonly number[],
  ) => Promise<Result<readonly (boolean | undefined)[], { readonly text: string }>>;
  /** Acts again and again until the returned function is called. */
  readonly repeat: (everyMs: number, act: () => void) => () => void;
}

/**
 * linkbeat: interfaces whose link is what their drivers say of it. They are asked each second, and when the kernel tells of a change.
 * Where a driver does not tell, what the kernel tells counts, as for all others.
 */
export class Linkbeat {
  readonly #edges: LinkbeatEdges;
  #watched: ReadonlySet<string> = new Set();
  #stop: (() => void) | undefined;
  #asking = false;
  #askAgain = false;
  #refused = false;

  constructor(edges: LinkbeatEdges) {
    this.#edges = edges;
  }

  /** Resolves when the drivers have been asked once. */
  async set(names: readonly string[]): Promise<void> {
    const left = [...this.#watched].filter((name) => !names.includes(name));
    this.#watched = new Set(names);
    for (const name of left) this.#edges.interfaces.setDriverLink(name, undefined);
    if (names.length === 0) {
      this.stop();
      return;
    }
    this.#stop ??= this.#edges.repeat(everyMs, () => void this.#ask());
    await this.#ask();
  }

  /** The kernel tells of a change of the interface. */
  changed(ifname: string): void {
    if (this.#watched.has(ifname)) void this.#ask();
  }

  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  async #ask(): Promise<void> {
    if (this.#asking) {
      this.#askAgain = true;
      return;
    }
    this.#asking = true;
    await this.#askOnce();
    this.#asking = false;
    if (this.#wantedAgain()) await this.#ask();
  }

  #wantedAgain(): boolean {
    const wanted = this.#askAgain;
    this.#askAgain = false;
    return wanted;
  }

  async #askOnce(): Promise<void> {
    const { interfaces, ask } = this.#edges;
    const present = [...this.#watched].flatMap((name) => {
      const ifindex = interfaces.index(name);
      return ifindex === undefined ? [] : [{ name, ifindex }];
    });
    if (present.length === 0) return;
    const links = await ask(present.map(({ ifindex }) => ifindex));
    this.#tellRefusal(links.ok ? undefined : links.error.text);
    for (const [i, { name, ifindex }] of present.entries()) {
      // A reload may have come in between, and the name may be another interface's now.
      if (!this.#watched.has(name) || interfaces.index(name) !== ifindex) continue;
      interfaces.setDriverLink(name, links.ok ? links.value[i] : undefined);
    }
  }

  #tellRefusal(text: string | undefined): void {
    if (text !== undefined && !this.#refused)
      this.#edges.log('warning', `linkbeat: ${text}: what the kernel tells of links counts`);
    this.#refused = text !== undefined;
  }
}
