import type { Log } from './messages.ts';
import type { Sysctls } from './promote-secondaries.ts';

const name = 'igmp_link_local_mcast_reports';

/** disable_local_igmp: the kernel reports no groups of 224.0.0.0/24, which switches forward everywhere (RFC 4541); put back at stop. */
export class IgmpReports {
  readonly #sysctls: Sysctls;
  readonly #log: Log;
  readonly #learned: (before: Readonly<Record<string, string>>) => void;
  #before: string | undefined;

  constructor(
    log: Log,
    sysctls: Sysctls,
    learned: (before: Readonly<Record<string, string>>) => void,
    before: Readonly<Record<string, string>> = {},
  ) {
    this.#log = log;
    this.#sysctls = sysctls;
    this.#learned = learned;
    this.#before = before[name];
  }

  disable(): void {
    const now = this.#sysctls.read(['net', 'ipv4', name]);
    if (now.ok && now.value === '0') return;
    const written = now.ok ? this.#sysctls.write(['net', 'ipv4', name], '0') : now;
    if (!written.ok) {
      this.#log('error', `disable_local_igmp: ${written.error}`);
      return;
    }
    if (now.ok) this.#before = now.value;
    this.#learned({ [name]: this.#before ?? '1' });
  }

  stop(): void {
    if (this.#before === undefined) return;
    const written = this.#sysctls.write(['net', 'ipv4', name], this.#before);
    if (!written.ok) this.#log('error', `disable_local_igmp: ${written.error}`);
    this.#before = undefined;
    this.#learned({});
  }
}
