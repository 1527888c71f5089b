import type { IpAddress } from '../core/index.ts';
import type { AddressEntry, RouteEntry, RuleEntry, VrrpConfig } from '../config/index.ts';
import type { VrrpEvent } from '../vrrp/index.ts';
import type { Log } from './messages.ts';
import type { LostRoute, NetworkChanges } from './network-changes.ts';

export type Statics = Pick<VrrpConfig, 'staticIpaddress' | 'staticRoutes' | 'staticRules'>;

type InterfaceChange = Extract<VrrpEvent, { type: 'interface' | 'interface-gone' }>;

const none: Statics = { staticIpaddress: [], staticRoutes: [], staticRules: [] };

/**
 * static_ipaddress, static_routes and static_rules: there from start to stop. What is tracked comes back when somebody takes
 * it away, and what is on an interface when that comes up; what is not (`no_track`) stays away.
 */
export class StaticObjects {
  readonly #changes: NetworkChanges;
  readonly #log: Log;
  /** Queues work for the kernel behind what it was asked before. */
  readonly #after: (work: () => Promise<void>) => void;
  readonly #usable = new Map<string, number>();
  readonly #present = new Set<string>();
  #statics: Statics = none;

  constructor(edges: {
    readonly changes: NetworkChanges;
    readonly log: Log;
    readonly after: (work: () => Promise<void>) => void;
  }) {
    this.#changes = edges.changes;
    this.#log = edges.log;
    this.#after = edges.after;
  }

  /** Makes the difference to what was set before. */
  set(statics: Statics): void {
    const before = this.#statics;
    this.#statics = statics;
    this.#remove({
      staticRules: without(before.staticRules, statics.staticRules),
      staticRoutes: without(before.staticRoutes, statics.staticRoutes),
      staticIpaddress: without(before.staticIpaddress, statics.staticIpaddress),
    });
    this.#add({
      staticIpaddress: without(statics.staticIpaddress, before.staticIpaddress),
      staticRoutes: without(statics.staticRoutes, before.staticRoutes),
      staticRules: without(statics.staticRules, before.staticRules),
    });
  }

  /** Before the first `set` it learns what is usable; afterwards an interface that comes up gets back what it lost. */
  interfaceChanged(change: InterfaceChange): void {
    if (change.type === 'interface') this.#present.add(change.facts.ifname);
    else this.#present.delete(change.ifname);
    if (change.type === 'interface-gone' || !change.facts.up) {
      this.#usable.delete(change.type === 'interface' ? change.facts.ifname : change.ifname);
      return;
    }
    const { ifname, ifindex } = change.facts;
    if (this.#usable.get(ifname) === ifindex) return;
    this.#usable.set(ifname, ifindex);
    const { staticIpaddress, staticRoutes } = this.#statics;
    const addresses = staticIpaddress.filter((entry) => entry.noTrack !== true && entry.dev === ifname);
    const routes = staticRoutes.filter((entry) => !entry.noTrack && entry.dev === ifname);
    if (addresses.length + routes.length === 0) return;
    this.#log('info', `Restoring static addresses and routes of ${ifname}`);
    this.#add({ staticIpaddress: addresses, staticRoutes: routes, staticRules: [] });
  }

  addressGone(ifname: string, address: IpAddress): void {
    const lost = this.#statics.staticIpaddress.filter(
      (entry) => entry.address === address && entry.dev === ifname && entry.noTrack !== true,
    );
    if (lost.length === 0) return;
    // On an interface that is down too: the kernel takes IPv6 addresses from it. One that vanishes is down before it is gone.
    this.#after(async () => {
      if (!this.#present.has(ifname)) return;
      this.#log('warning', `Restoring deleted static address ${address} of ${ifname}`);
      await this.#changes.addAddresses(ifname, lost);
    });
  }

  routeGone({ entry, text }: LostRoute): void {
    if ('route' in entry && entry.route.dev !== undefined && !this.#usable.has(entry.route.dev)) return;
    this.#log('warning', `Restoring deleted static ${text}`);
    this.#add({
      staticIpaddress: [],
      staticRoutes: 'route' in entry ? [entry.route] : [],
      staticRules: 'rule' in entry ? [entry.rule] : [],
    });
  }

  /** All that is tracked, on interfaces that are usable, is asked for again: notifications were lost. */
  repair(): void {
    const { staticIpaddress, staticRoutes, staticRules } = this.#statics;
    const usable = ({ dev }: { readonly dev?: string | undefined }): boolean =>
      dev === undefined || this.#usable.has(dev);
    this.#add({
      staticIpaddress: staticIpaddress.filter((entry) => entry.noTrack !== true && usable(entry)),
      staticRoutes: staticRoutes.filter((entry) => !entry.noTrack && usable(entry)),
      staticRules: staticRules.filter((entry) => !entry.noTrack),
    });
  }

  stop(): void {
    this.set(none);
  }

  #add({ staticIpaddress, staticRoutes, staticRules }: Statics): void {
    this.#after(async () => {
      for (const [ifname, entries] of byInterface(staticIpaddress)) await this.#changes.addAddresses(ifname, entries);
      await this.#changes.addRoutes(undefined, staticRoutes);
      await this.#changes.addRules(undefined, staticRules);
    });
  }

  #remove({ staticIpaddress, staticRoutes, staticRules }: Statics): void {
    this.#after(async () => {
      await this.#changes.removeRules(undefined, staticRules);
      await this.#changes.removeRoutes(undefined, staticRoutes);
      for (const [ifname, entries] of byInterface(staticIpaddress))
        await this.#changes.removeAddresses(ifname, entries);
    });
  }
}

function byInterface(entries: readonly AddressEntry[]): ReadonlyMap<string, readonly AddressEntry[]> {
  const map = new Map<string, AddressEntry[]>();
  for (const entry of entries) {
    if (entry.dev === undefined) continue;
    const list = map.get(entry.dev);
    if (list === undefined) map.set(entry.dev, [entry]);
    else list.push(entry);
  }
  return map;
}

function without<T extends AddressEntry | RouteEntry | RuleEntry>(entries: readonly T[], others: readonly T[]): T[] {
  const known = new Set(others.map(lineText));
  return entries.filter((entry) => !known.has(lineText(entry)));
}

/** Equal for lines that ask for the same; places in the file do not reach this process. */
function lineText(entry: object): string {
  return JSON.stringify(entry);
}
