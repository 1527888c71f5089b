import type { IpvsTimeouts } from '../ipvs-netlink/index.ts';
import type { SuccessorFacts, SuccessorNews } from '../vrrp/index.ts';
import type { CheckersLeft, VrrpLeft } from './left-state.ts';
import type { FromBfd, FromCheckers, FromVrrp, SyncRole, SysctlsBefore, VrrpStart } from './messages.ts';

/** What a checkers part found is worth taking up for so long. */
const checkersFreshMs = 600_000;

/** What the parts have told of themselves, for a successor: it goes on from there. */
export class PartMemory {
  /** Of the vrrp part; undefined: nothing was told yet. */
  #vrrp: { readonly [K in keyof SuccessorFacts]: Map<string, SuccessorFacts[K][string]> } | undefined;
  readonly #checkers = new Map<string, boolean>();
  #timeoutsBefore: IpvsTimeouts | undefined;
  #sysctlsBefore: SysctlsBefore | undefined;
  readonly #bfds = new Map<string, boolean>();
  #left: { readonly vrrp?: VrrpLeft | undefined; readonly checkers?: CheckersLeft | undefined } = {};

  /** Of the VRRP instances, by name, as far as they are known. */
  get states(): SuccessorFacts['states'] {
    return Object.fromEntries(this.#vrrp?.states ?? []);
  }

  /** Whether each BFD session is up, as far as it is known. */
  get bfds(): Readonly<Record<string, boolean>> {
    return Object.fromEntries(this.#bfds);
  }

  /** Whether the last run of the daemon left its work to this one. */
  get goesOn(): boolean {
    return this.#left.vrrp?.leftAtMs !== undefined || this.#left.checkers?.leftAtMs !== undefined;
  }

  /** Takes what the last run of the daemon left; `nowMs` is since the machine was started. */
  recall(vrrp: VrrpLeft | undefined, checkers: CheckersLeft | undefined, nowMs: number): void {
    this.#left = { vrrp, checkers };
    this.#sysctlsBefore = vrrp?.sysctlsBefore;
    this.#timeoutsBefore = checkers?.timeoutsBefore;
    if (vrrp?.leftAtMs !== undefined) {
      const { states = {}, ahSequences = {}, scripts = {} } = vrrp;
      this.#learn({ whole: true, states, ahSequences, scripts });
    }
    if (checkers?.leftAtMs === undefined) return;
    if (nowMs - checkers.leftAtMs > checkersFreshMs) this.#left = { vrrp, checkers: withoutStates(checkers) };
    else for (const [id, up] of checkers.checkers ?? []) this.#checkers.set(id, up);
  }

  take(message: FromVrrp | FromCheckers | FromBfd): void {
    switch (message.type) {
      case 'states':
        this.#learn(message);
        break;
      case 'checker':
        this.#checkers.set(message.id, message.up);
        break;
      case 'timeouts-before':
        this.#timeoutsBefore = message.timeouts;
        break;
      case 'sysctls-before':
        this.#sysctlsBefore = message.sysctls;
        break;
      case 'bfd-state':
        this.#bfds.set(message.bfd, message.up);
        break;
      default:
    }
  }

  #learn(news: SuccessorNews): void {
    if (news.whole || this.#vrrp === undefined)
      this.#vrrp = { states: new Map(), ahSequences: new Map(), scripts: new Map() };
    for (const [name, state] of Object.entries(news.states)) this.#vrrp.states.set(name, state);
    for (const [name, sequence] of Object.entries(news.ahSequences)) this.#vrrp.ahSequences.set(name, sequence);
    for (const [name, up] of Object.entries(news.scripts)) this.#vrrp.scripts.set(name, up);
  }

  /** What the next vrrp part is told; `again`: its predecessor died. */
  forVrrp(
    again: boolean,
  ): Pick<
    VrrpStart,
    'resume' | 'ahSequences' | 'scripts' | 'stats' | 'leftAtMs' | 'sysctlsBefore' | 'firewallBefore' | 'ipvlansBefore'
  > {
    const { vrrp: left } = this.#left;
    // It is for the first one.
    this.#left = { checkers: this.#left.checkers };
    const resumes = again || left?.leftAtMs !== undefined;
    return {
      ahSequences: Object.fromEntries(this.#vrrp?.ahSequences ?? []),
      scripts: Object.fromEntries(this.#vrrp?.scripts ?? []),
      ...(resumes && this.#vrrp !== undefined ? { resume: this.states } : {}),
      ...(left?.leftAtMs === undefined ? {} : { leftAtMs: left.leftAtMs }),
      ...(left?.stats === undefined ? {} : { stats: left.stats }),
      ...(left?.firewall === undefined ? {} : { firewallBefore: left.firewall }),
      ...(left?.ipvlans === undefined ? {} : { ipvlansBefore: left.ipvlans }),
      ...(this.#sysctlsBefore === undefined ? {} : { sysctlsBefore: this.#sysctlsBefore }),
    };
  }

  /** What the next checkers part is told. */
  forCheckers(again: boolean): {
    readonly resume?: readonly (readonly [string, boolean])[];
    readonly timeoutsBefore?: IpvsTimeouts;
    readonly servicesBefore: readonly string[];
    readonly syncBefore: readonly SyncRole[];
  } {
    const { checkers: left } = this.#left;
    this.#left = { vrrp: this.#left.vrrp };
    return {
      ...(again || left?.leftAtMs !== undefined ? { resume: [...this.#checkers] } : {}),
      ...(this.#timeoutsBefore === undefined ? {} : { timeoutsBefore: this.#timeoutsBefore }),
      servicesBefore: left?.services ?? [],
      syncBefore: left?.sync ?? [],
    };
  }
}

function withoutStates({ services, sync, timeoutsBefore }: CheckersLeft): CheckersLeft {
  return {
    ...(services === undefined ? {} : { services }),
    ...(sync === undefined ? {} : { sync }),
    ...(timeoutsBefore === undefined ? {} : { timeoutsBefore }),
  };
}
