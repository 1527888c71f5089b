import type { IpvsClient, IpvsTimeouts } from '../ipvs-netlink/index.ts';
import type { Log } from './messages.ts';

type TimeoutsClient = Pick<IpvsClient, 'getTimeouts' | 'setTimeouts'>;

const names = ['tcpSecs', 'tcpFinSecs', 'udpSecs'] as const;

/** Holds the kernel's timeouts to `lvs_timeouts`: what is not set, or no longer, is what was there before; so is all of it in the end. */
export class TimeoutsKeeper {
  readonly #client: TimeoutsClient;
  readonly #log: Log;
  readonly #learned: (before: IpvsTimeouts) => void;
  #before: IpvsTimeouts | undefined;

  constructor(edges: {
    readonly client: TimeoutsClient;
    readonly log: Log;
    /** What a predecessor found before it set any. */
    readonly before?: IpvsTimeouts;
    /** Hears of it when they are found. */
    readonly learned: (before: IpvsTimeouts) => void;
  }) {
    this.#client = edges.client;
    this.#log = edges.log;
    this.#before = edges.before;
    this.#learned = edges.learned;
  }

  async hold(wanted: IpvsTimeouts | undefined): Promise<void> {
    if (this.#before === undefined) {
      if (wanted === undefined) return;
      const found = await this.#client.getTimeouts();
      if (found.ok) {
        this.#before = found.value;
        this.#learned(found.value);
      } else this.#log('error', `${found.error.text}; they will not be put back`);
    }
    await this.#set({ ...this.#before, ...wanted });
  }

  async release(): Promise<void> {
    if (this.#before !== undefined) await this.#set(this.#before);
  }

  async #set(timeouts: IpvsTimeouts): Promise<void> {
    // To the kernel 0 is no value, and a message with nothing but zeros an error.
    if (names.every((name) => (timeouts[name] ?? 0) === 0)) return;
    const set = await this.#client.setTimeouts(timeouts);
    if (!set.ok) this.#log('error', set.error.text);
  }
}
