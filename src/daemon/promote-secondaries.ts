import type { VrrpInstance } from '../config/index.ts';
import type { Result } from '../core/index.ts';
import type { Log } from './messages.ts';

/** The kernel's settings, by their names. */
export interface Sysctls {
  readonly read: (key: readonly string[]) => Result<string>;
  readonly write: (key: readonly string[], value: string) => Result<void>;
}

/**
 * promote_secondaries: on the interfaces of instances that ask for it, an address that goes does not take the others of its network
 * along. The setting is put back when no instance asks any more.
 */
export class PromoteSecondaries {
  readonly #log: Log;
  readonly #sysctls: Sysctls;
  /** What we have changed, by interface. */
  readonly #changed = new Map<string, { readonly ifindex: number; readonly before: string }>();

  constructor(log: Log, sysctls: Sysctls) {
    this.#log = log;
    this.#sysctls = sysctls;
  }

  /** `indexOf` is undefined for interfaces that are not there: they get it when they come. */
  set(instances: readonly VrrpInstance[], indexOf: (ifname: string) => number | undefined): void {
    const wanted = new Set(instances.flatMap((one) => (one.promoteSecondaries ? (one.interface ?? []) : [])));
    for (const [ifname, { before }] of this.#changed) if (!wanted.has(ifname)) this.#putBack(ifname, before);
    for (const ifname of wanted) {
      const ifindex = indexOf(ifname);
      if (ifindex === undefined || this.#changed.get(ifname)?.ifindex === ifindex) continue;
      const before = this.#sysctls.read(keyOf(ifname));
      if (!before.ok || before.value === '1') continue;
      const written = this.#sysctls.write(keyOf(ifname), '1');
      if (written.ok) this.#changed.set(ifname, { ifindex, before: before.value });
      else this.#log('error', `promote_secondaries: ${written.error}`);
    }
  }

  stop(): void {
    for (const [ifname, { before }] of this.#changed) this.#putBack(ifname, before);
  }

  #putBack(ifname: string, before: string): void {
    this.#changed.delete(ifname);
    const written = this.#sysctls.write(keyOf(ifname), before);
    // With its interface the setting has gone too.
    if (!written.ok && !written.error.includes('ENOENT')) this.#log('error', `promote_secondaries: ${written.error}`);
  }
}

function keyOf(ifname: string): readonly string[] {
  return ['net', 'ipv4', 'conf', ifname, 'promote_secondaries'];
}
