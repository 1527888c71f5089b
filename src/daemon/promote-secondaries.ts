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
  readonly #learned: (before: Readonly<Record<string, string>>) => void;
  /** What we have changed, by interface; without an index: a predecessor that died did. */
  readonly #changed = new Map<string, { readonly ifindex?: number; readonly before: string }>();

  constructor(
    log: Log,
    sysctls: Sysctls,
    learned: (before: Readonly<Record<string, string>>) => void,
    before: Readonly<Record<string, string>> = {},
  ) {
    this.#log = log;
    this.#sysctls = sysctls;
    this.#learned = learned;
    for (const [ifname, value] of Object.entries(before)) this.#changed.set(ifname, { before: value });
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
      if (written.ok) this.#change(ifname, { ifindex, before: before.value });
      else this.#log('error', `promote_secondaries: ${written.error}`);
    }
  }

  #change(ifname: string, change: { readonly ifindex: number; readonly before: string } | undefined): void {
    if (change === undefined) this.#changed.delete(ifname);
    else this.#changed.set(ifname, change);
    this.#learned(Object.fromEntries([...this.#changed].map(([name, { before }]) => [name, before])));
  }

  stop(): void {
    for (const [ifname, { before }] of this.#changed) this.#putBack(ifname, before);
  }

  #putBack(ifname: string, before: string): void {
    this.#change(ifname, undefined);
    const written = this.#sysctls.write(keyOf(ifname), before);
    // With its interface the setting has gone too.
    if (!written.ok && !written.error.includes('ENOENT')) this.#log('error', `promote_secondaries: ${written.error}`);
  }
}

function keyOf(ifname: string): readonly string[] {
  return ['net', 'ipv4', 'conf', ifname, 'promote_secondaries'];
}
