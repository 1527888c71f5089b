import type { IpvsTimeouts } from '../ipvs-netlink/index.ts';
import type { InstanceStateName } from '../vrrp/index.ts';
import type { FromBfd, FromCheckers, FromVrrp, SysctlsBefore } from './messages.ts';

/** What the parts have told of themselves, for a successor: it goes on from there. */
export class PartMemory {
  /** Of the VRRP instances, by name; undefined: none was told yet. */
  #states: Readonly<Record<string, InstanceStateName>> | undefined;
  #ahSequences: Readonly<Record<string, number>> = {};
  readonly #checkers = new Map<string, boolean>();
  #timeoutsBefore: IpvsTimeouts | undefined;
  #sysctlsBefore: SysctlsBefore | undefined;
  readonly #bfds = new Map<string, boolean>();

  get states(): Readonly<Record<string, InstanceStateName>> | undefined {
    return this.#states;
  }

  get ahSequences(): Readonly<Record<string, number>> {
    return this.#ahSequences;
  }

  /** Checkers by id and how they were found. */
  get checkers(): readonly (readonly [string, boolean])[] {
    return [...this.#checkers];
  }

  get timeoutsBefore(): IpvsTimeouts | undefined {
    return this.#timeoutsBefore;
  }

  get sysctlsBefore(): SysctlsBefore | undefined {
    return this.#sysctlsBefore;
  }

  /** Whether each BFD session is up, as far as it is known. */
  get bfds(): Readonly<Record<string, boolean>> {
    return Object.fromEntries(this.#bfds);
  }

  take(message: FromVrrp | FromCheckers | FromBfd): void {
    switch (message.type) {
      case 'states':
        this.#states = message.states;
        this.#ahSequences = message.ahSequences;
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
}
