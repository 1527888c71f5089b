import { ipFamily, ipFromBytes, ipToBytes, type IpAddress } from '../core/index.ts';
import type { NetlinkError } from '../netlink/index.ts';
import type { AddressEntry, RouteEntry, RuleEntry } from '../config/index.ts';
import {
  routeKey,
  ruleKey,
  type AddressRequest,
  type NewRoute,
  type RouteClient,
  type RouteEvent,
} from '../rtnetlink/index.ts';
import type { Interfaces } from './interfaces.ts';
import type { Log } from './messages.ts';
import { routeRequest, ruleRequest, type RouteHost } from './route-requests.ts';

/** What a route or rule that was taken away belonged to. */
export interface LostRoute {
  /** The instance; absent: it is static. */
  readonly owner: string | undefined;
  readonly text: string;
  readonly entry: { readonly route: RouteEntry } | { readonly rule: RuleEntry };
}

/**
 * Addresses, routes and rules, set and taken back in the kernel. What it refuses is one line each, and stops nothing else.
 * Routes and rules that are tracked are remembered, so that their loss can be told from our own removal.
 */
export class NetworkChanges {
  readonly #route: RouteClient;
  readonly #interfaces: Interfaces;
  readonly #host: RouteHost;
  readonly #log: Log;
  readonly #held = new Map<string, LostRoute>();
  /** The index of the interface that each address was put on, by `placeKey`: it may have another name by now. */
  readonly #places = new Map<string, number>();
  /** Likewise: what the kernel was asked for, by `lineOf`. */
  readonly #routes = new Map<string, NewRoute>();

  constructor(edges: {
    readonly route: RouteClient;
    readonly interfaces: Interfaces;
    readonly host: RouteHost;
    readonly log: Log;
  }) {
    this.#route = edges.route;
    this.#interfaces = edges.interfaces;
    this.#host = edges.host;
    this.#log = edges.log;
  }

  /** What the event took away of ours; it is not held any more. */
  lost(event: RouteEvent): LostRoute | undefined {
    if (event.type !== 'route-gone' && event.type !== 'rule-gone') return undefined;
    const key = `${event.type === 'route-gone' ? 'route' : 'rule'} ${event.key}`;
    const lost = this.#held.get(key);
    this.#held.delete(key);
    return lost;
  }

  /** As `removeAddresses` it has sent its requests when it returns. */
  async addAddresses(ifname: string, entries: readonly AddressEntry[]): Promise<void> {
    const ifindex = this.#interfaces.index(ifname);
    if (ifindex === undefined) {
      this.#log('error', `interface ${ifname} does not exist: its addresses cannot be set`);
      return;
    }
    const elsewhere = entries.filter((entry) => this.#isElsewhere(this.#places.get(placeKey(ifname, entry)), ifindex));
    const removed = this.removeAddresses(ifname, elsewhere);
    for (const entry of entries) this.#places.set(placeKey(ifname, entry), ifindex);
    const results = await this.#route.addAddresses(entries.map((entry) => addressRequest(entry, ifindex)));
    for (const [i, entry] of entries.entries()) {
      const result = results[i];
      if (result?.ok === false)
        this.#log('error', `${ifname}: ${result.error.text}${hint(result.error, entry, ifname)}`);
    }
    await removed;
  }

  /** On an interface that has got another name. */
  #isElsewhere(place: number | undefined, ifindex: number): boolean {
    return place !== undefined && place !== ifindex && this.#interfaces.name(place) !== undefined;
  }

  async removeAddresses(ifname: string, entries: readonly AddressEntry[]): Promise<void> {
    const requests = entries.flatMap((entry) => {
      const key = placeKey(ifname, entry);
      const ifindex = this.#places.get(key) ?? this.#interfaces.index(ifname);
      this.#places.delete(key);
      return ifindex === undefined ? [] : [addressRequest(entry, ifindex)];
    });
    for (const result of await this.#route.removeAddresses(requests)) {
      // With its interface an address has gone too.
      if (!result.ok && result.error.code !== 'ENODEV') this.#log('error', `${ifname}: ${result.error.text}`);
    }
  }

  /** Notifications were lost: routes and rules of instances that somebody took away meanwhile are put back. */
  async repair(): Promise<void> {
    for (const { owner, entry } of [...this.#held.values()]) {
      if (owner === undefined) continue;
      if ('route' in entry) await this.addRoutes(owner, [entry.route]);
      else await this.addRules(owner, [entry.rule]);
    }
  }

  async addRoutes(owner: string | undefined, entries: readonly RouteEntry[]): Promise<void> {
    const wanted = entries.flatMap((entry) => {
      const request = routeRequest(entry, this.#host);
      if (!request.ok) this.#log('error', `${ownerText(owner)}: ${routeText(entry)} cannot be set: ${request.error}`);
      return request.ok ? [{ entry, request: request.value }] : [];
    });
    const results = await this.#route.addRoutes(wanted.map(({ request }) => request));
    for (const [i, { entry, request }] of wanted.entries()) {
      const result = results[i];
      this.#routes.set(lineOf(owner, entry), request);
      if (result?.ok === false) this.#log('error', `${ownerText(owner)}: ${result.error.text}`);
      else if (!entry.noTrack)
        this.#held.set(`route ${routeKey(request)}`, { owner, text: routeText(entry), entry: { route: entry } });
    }
  }

  async removeRoutes(owner: string | undefined, entries: readonly RouteEntry[]): Promise<void> {
    const requests = entries.flatMap((entry) => {
      const line = lineOf(owner, entry);
      const made = this.#routes.get(line);
      this.#routes.delete(line);
      if (made !== undefined) return [made];
      const request = routeRequest(entry, this.#host);
      return request.ok ? [request.value] : [];
    });
    for (const request of requests) this.#held.delete(`route ${routeKey(request)}`);
    for (const result of await this.#route.removeRoutes(requests))
      if (!result.ok && !neverThere.has(result.error.code))
        this.#log('error', `${ownerText(owner)}: ${result.error.text}`);
  }

  async addRules(owner: string | undefined, entries: readonly RuleEntry[]): Promise<void> {
    const wanted = entries.flatMap((entry) => {
      const request = ruleRequest(entry, this.#host);
      if (!request.ok) this.#log('error', `${ownerText(owner)}: ${ruleText(entry)} cannot be set: ${request.error}`);
      return request.ok ? [{ entry, request: request.value }] : [];
    });
    const results = await this.#route.addRules(wanted.map(({ request }) => request));
    for (const [i, { entry, request }] of wanted.entries()) {
      const result = results[i];
      if (result?.ok === false) this.#log('error', `${ownerText(owner)}: ${result.error.text}`);
      else if (!entry.noTrack)
        this.#held.set(`rule ${ruleKey(request)}`, { owner, text: ruleText(entry), entry: { rule: entry } });
    }
  }

  async removeRules(owner: string | undefined, entries: readonly RuleEntry[]): Promise<void> {
    const requests = entries.flatMap((entry) => {
      const request = ruleRequest(entry, this.#host);
      return request.ok ? [request.value] : [];
    });
    for (const request of requests) this.#held.delete(`rule ${ruleKey(request)}`);
    for (const result of await this.#route.removeRules(requests))
      if (!result.ok && !neverThere.has(result.error.code))
        this.#log('error', `${ownerText(owner)}: ${result.error.text}`);
  }
}

/** The kernel does not know such a thing and said so when it was to be made. */
const neverThere: ReadonlySet<string> = new Set(['EOPNOTSUPP', 'EINVAL']);

/** What would help, where that is known. */
function hint({ code }: NetlinkError, { address }: AddressEntry, ifname: string): string {
  if (ipFamily(address) !== 'ipv6' || (code !== 'EACCES' && code !== 'EPERM')) return '';
  return `: IPv6 is switched off there (net.ipv6.conf.${ifname}.disable_ipv6)`;
}

function lineOf(owner: string | undefined, entry: RouteEntry): string {
  return `${owner ?? ''} ${JSON.stringify({ ...entry, span: undefined })}`;
}

function placeKey(ifname: string, { address, prefixLength }: AddressEntry): string {
  return `${ifname} ${address}/${String(prefixLength)}`;
}

function ownerText(owner: string | undefined): string {
  return owner === undefined ? 'static' : `(${owner})`;
}

function routeText({ to, table }: RouteEntry): string {
  return `route ${to.address}/${String(to.prefixLength)}${table === undefined ? '' : ` of table ${String(table)}`}`;
}

function ruleText({ preference }: RuleEntry): string {
  return `rule of preference ${String(preference)}`;
}

const flagBits = { home: 0x10, nodad: 0x02, mngtmpaddr: 0x100, noprefixroute: 0x200, autojoin: 0x400 } as const;
/** The default of a single IPv6 address (keepalived.conf(5)): it is no source address of its own accord. */
const deprecatedAtOnceSecs = 0;

function addressRequest(entry: AddressEntry, ifindex: number): AddressRequest {
  const { address, prefixLength, broadcast, peer, scope, label } = entry;
  const ipv6 = ipFamily(address) === 'ipv6';
  const given = (entry.flags ?? []).reduce((bits, flag) => bits | flagBits[flag], 0);
  // An address that moves must work at once: `-nodad` asks for duplicate address detection all the same.
  const flags = ipv6 ? given ^ flagBits.nodad : given & ~flagBits.nodad;
  const sent = broadcast === '+' ? allHosts(address, prefixLength) : broadcast === '-' ? undefined : broadcast;
  const preferredLftSecs = entry.preferredLftSecs ?? (ipv6 && prefixLength === 128 ? deprecatedAtOnceSecs : undefined);
  return {
    ifindex,
    address,
    prefixLength: peer?.prefixLength ?? prefixLength,
    ...(scope === undefined ? {} : { scope }),
    ...(flags === 0 ? {} : { flags }),
    ...(label === undefined ? {} : { label }),
    ...(sent === undefined ? {} : { broadcast: sent }),
    ...(peer === undefined ? {} : { peer: peer.address }),
    ...(preferredLftSecs === undefined ? {} : { preferredLftSecs }),
  };
}

/** The broadcast address of a network: all host bits set. */
function allHosts(address: IpAddress, prefixLength: number): IpAddress {
  const bytes = ipToBytes(address);
  return ipFromBytes(bytes.map((byte, i) => byte | (0xff >> Math.min(8, Math.max(0, prefixLength - 8 * i)))));
}
