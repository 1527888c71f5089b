import type { Result } from '../core/index.ts';
import type { VmacLink } from '../vrrp/index.ts';
import type { Log } from './messages.ts';

interface Edges {
  readonly read: (key: readonly string[]) => Result<string>;
  readonly write: (key: readonly string[], value: string) => Result<void>;
  readonly log: Log;
  /** Told of what is to be put back, so that a successor can. */
  readonly learned: (before: Readonly<Record<string, string>>) => void;
}

/** ARP of an IPv4 VMAC: it answers for its own addresses only, and the interface below for none of them. */
const ofVmac = { accept_local: '1', arp_ignore: '1', promote_secondaries: '1', rp_filter: '0' } as const;
const ofParent = { arp_ignore: '1', arp_filter: '1' } as const;

/** Kernel settings around VMACs, as the reference sets them; those of other interfaces are put back in the end. */
export class VmacSysctls {
  readonly #edges: Edges;
  readonly #before: Map<string, string>;

  constructor(edges: Edges, before: Readonly<Record<string, string>> = {}) {
    this.#edges = edges;
    this.#before = new Map(Object.entries(before));
  }

  /** Before the interface is up. */
  prepare({ ifname, parent, family, form, ipv6 }: VmacLink, interfaces: readonly string[]): void {
    if (family !== 'ipv4') return;
    if (form.kind === 'macvlan') {
      this.#relaxReversePath(interfaces);
      for (const [name, value] of Object.entries(ofVmac)) this.#write(['ipv4', 'conf', ifname, name], value);
      for (const [name, value] of Object.entries(ofParent)) this.#change(parent, name, value);
    }
    if (!ipv6) this.#write(['ipv6', 'conf', ifname, 'disable_ipv6'], '1');
  }

  /** Puts back what no VMAC of these needs any more. */
  release(links: readonly VmacLink[]): void {
    const macvlans = links.filter(({ family, form }) => family === 'ipv4' && form.kind === 'macvlan');
    const parents = new Set(macvlans.map(({ parent }) => parent));
    for (const key of [...this.#before.keys()].reverse()) {
      const [ifname = '', name = ''] = split(key);
      if (name === 'rp_filter' ? macvlans.length === 0 : !parents.has(ifname)) this.#restore(ifname, name);
    }
  }

  /**
   * The larger of rp_filter of `all` and of an interface counts: for a VMAC to be exempt, `all` gives way to the others, first
   * those, so that nothing is let through meanwhile.
   */
  #relaxReversePath(interfaces: readonly string[]): void {
    const all = this.#read('all', 'rp_filter');
    if (all === undefined || all === '0') return;
    for (const ifname of ['default', ...interfaces]) {
      const own = this.#read(ifname, 'rp_filter');
      if (own !== undefined && Number(own) < Number(all)) this.#change(ifname, 'rp_filter', all);
    }
    this.#change('all', 'rp_filter', '0');
  }

  #change(ifname: string, name: string, value: string): void {
    const now = this.#read(ifname, name);
    if (now === undefined || now === value) return;
    const key = `${ifname}/${name}`;
    if (!this.#before.has(key)) this.#before.set(key, now);
    this.#write(['ipv4', 'conf', ifname, name], value);
    this.#edges.learned(Object.fromEntries(this.#before));
  }

  #restore(ifname: string, name: string): void {
    const key = `${ifname}/${name}`;
    const value = this.#before.get(key);
    this.#before.delete(key);
    // With its interface a setting is gone too.
    if (value !== undefined && this.#read(ifname, name) !== undefined)
      this.#write(['ipv4', 'conf', ifname, name], value);
    this.#edges.learned(Object.fromEntries(this.#before));
  }

  #read(ifname: string, name: string): string | undefined {
    const value = this.#edges.read(['net', 'ipv4', 'conf', ifname, name]);
    return value.ok ? value.value : undefined;
  }

  #write(key: readonly string[], value: string): void {
    const path = ['net', ...key];
    // A kernel without IPv6 has no such settings.
    if (!this.#edges.read(path).ok) return;
    const done = this.#edges.write(path, value);
    if (!done.ok) this.#edges.log('warning', done.error);
  }
}

/** An interface's name may have dots, but no slash. */
function split(key: string): readonly string[] {
  const slash = key.lastIndexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
}
