import type { IpAddress } from '../core/index.ts';
import { monotonicMs } from '../platform/index.ts';
import type { InterfaceAddress, Link, RouteClient, RouteEvent } from '../rtnetlink/index.ts';
import type { InterfaceFacts, VrrpEvent } from '../vrrp/index.ts';
import { AddressTable } from './address-table.ts';
import type { InterfaceReport } from './dumps/report.ts';
import type { Log } from './messages.ts';

type Change = Extract<VrrpEvent, { type: 'interface' | 'interface-gone' }>;
type LinkEvent = Exclude<RouteEvent, { type: 'route-gone' | 'rule-gone' }>;

/** Of a flood of troubles one line is said in so long. */
const quietMs = 10_000;
/** What could not be read is read again so much later. */
const againMs = 200;

/**
 * The interfaces of this namespace, kept true by the kernel's notifications, and read again when some were lost. Changes of links are told
 * at once; those of addresses, of which a takeover brings thousands, once for each interface and turn of the event loop.
 */
export class Interfaces {
  readonly #route: Pick<RouteClient, 'links' | 'addresses'>;
  readonly #log: Log;
  readonly #links = new Map<number, Link>();
  readonly #addresses = new AddressTable();
  readonly #names = new Map<string, number>();
  /** Whether there is a link, of interfaces whose drivers were asked. */
  readonly #driverLinks = new Map<string, { readonly ifindex: number; readonly link: boolean }>();
  #changed: (change: Change) => void = () => undefined;
  /** Interfaces whose addresses changed since they were told of, with the addresses that went. */
  readonly #untold = new Map<number, Set<IpAddress>>();
  #lost: () => void = () => undefined;
  readonly #logAddresses: boolean;
  /** The read that was asked for last; it has not begun while `#nextRead` is there. */
  #lastRead: Promise<void> = Promise.resolve();
  #nextRead: Promise<void> | undefined;
  /** The last that was told of each object while they are read: what is read may be older. */
  #news: Map<string, LinkEvent> | undefined;
  /** Notifications are missing, and everything was not read since. */
  #incomplete = false;
  #saidAtMs: number | undefined;

  private constructor(route: Pick<RouteClient, 'links' | 'addresses'>, log: Log, logAddresses: boolean) {
    this.#route = route;
    this.#log = log;
    this.#logAddresses = logAddresses;
  }

  /** Follows the notifications of `route`, which has joined their groups, and reads everything once. */
  static async open(
    route: Pick<RouteClient, 'links' | 'addresses' | 'onEvent' | 'onLost'>,
    log: Log,
    logAddresses: boolean,
  ): Promise<Interfaces> {
    const interfaces = new Interfaces(route, log, logAddresses);
    route.onEvent((event) => {
      interfaces.#take(event);
    });
    route.onLost((reason) => {
      interfaces.#missed(reason);
    });
    await interfaces.#read();
    for (const { ifindex, ifname } of interfaces.#links.values())
      for (const address of interfaces.#addresses.of(ifindex)) interfaces.#report(address, 'added to', ifname);
    return interfaces;
  }

  onChange(listener: (change: Change) => void): void {
    this.#changed = listener;
  }

  /** Notifications were lost, and what this class keeps has been read again. */
  onLost(listener: () => void): void {
    this.#lost = listener;
  }

  all(): readonly InterfaceFacts[] {
    return [...this.#links.values()].map((link) => this.#facts(link));
  }

  /** In the order of their numbers, as people read them. */
  report(): readonly InterfaceReport[] {
    return [...this.#links.values()]
      .sort((a, b) => a.ifindex - b.ifindex)
      .map((link) => {
        const { mtu, loopback, up: adminUp, running, mac } = link;
        const octets = Array.from(mac, (byte) => byte.toString(16).padStart(2, '0'));
        return { ...this.#facts(link), mtu, loopback, adminUp, running, mac: octets.join(':') };
      });
  }

  links(): readonly Link[] {
    return [...this.#links.values()];
  }

  link(ifname: string): Link | undefined {
    return this.#links.get(this.#names.get(ifname) ?? -1);
  }

  facts(ifname: string): InterfaceFacts | undefined {
    const link = this.link(ifname);
    return link && this.#facts(link);
  }

  /** Resolves when all that the kernel did before is known. */
  refresh(): Promise<void> {
    return this.#read();
  }

  index(ifname: string): number | undefined {
    return this.#names.get(ifname);
  }

  /** What its driver says of the link of an interface counts instead of what the kernel tells; undefined: no longer. */
  setDriverLink(ifname: string, link: boolean | undefined): void {
    const before = this.facts(ifname);
    if (link === undefined || before === undefined) this.#driverLinks.delete(ifname);
    else this.#driverLinks.set(ifname, { ifindex: before.ifindex, link });
    const now = this.link(ifname);
    if (now !== undefined && this.#facts(now).up !== before?.up) this.#tellOf(now);
  }

  mac(ifname: string): Uint8Array | undefined {
    return this.link(ifname)?.mac;
  }

  /** What a macvlan is made on; any other interface itself. */
  below(ifname: string): string {
    const link = this.link(ifname);
    const lower = link?.kind === 'macvlan' ? this.name(link.lowerIfindex ?? 0) : undefined;
    return lower ?? ifname;
  }

  /** The routing table of a VRF. */
  vrfTable(ifname: string): number | undefined {
    return this.link(ifname)?.vrfTable;
  }

  name(ifindex: number): string | undefined {
    return this.#links.get(ifindex)?.ifname;
  }

  #missed(reason: string): void {
    this.#incomplete = true;
    this.#sayNowAndThen('warning', `notifications of links and addresses were lost (${reason}): reading them again`);
    void this.#read();
  }

  #sayNowAndThen(level: 'warning' | 'error', text: string): void {
    const nowMs = monotonicMs();
    if (this.#saidAtMs !== undefined && nowMs - this.#saidAtMs < quietMs) return;
    this.#saidAtMs = nowMs;
    this.#log(level, text);
  }

  /** A read that is under way may have passed already what the caller wants to know. */
  #read(): Promise<void> {
    this.#nextRead ??= this.#lastRead.then(() => {
      this.#nextRead = undefined;
      return this.#readNow();
    });
    this.#lastRead = this.#nextRead;
    return this.#nextRead;
  }

  async #readNow(): Promise<void> {
    const incomplete = this.#incomplete;
    this.#incomplete = false;
    // What is in a socket that has overrun is older than what was lost; the end of this answer comes behind it.
    if (incomplete) await this.#route.links();
    this.#news = new Map();
    const [links, addresses] = [await this.#route.links(), await this.#route.addresses()];
    const news = [...this.#news.values()];
    this.#news = undefined;
    if (links.ok && addresses.ok) {
      this.#replace(links.value, addresses.value, news);
      if (incomplete) this.#lost();
      return;
    }
    this.#incomplete = true;
    const text = !links.ok ? links.error.text : !addresses.ok ? addresses.error.text : '';
    this.#sayNowAndThen('error', `links and addresses cannot be read: ${text}`);
    setTimeout(() => void this.#read(), againMs).unref();
  }

  /** Takes over what was read, and what was told meanwhile; tells what is different from before. */
  #replace(links: readonly Link[], addresses: readonly InterfaceAddress[], news: readonly LinkEvent[]): void {
    const names = [...this.#names];
    const before = new Map([...this.#links.keys()].map((ifindex) => [ifindex, this.#described(ifindex)]));
    this.#links.clear();
    this.#names.clear();
    this.#addresses.clear();
    for (const link of links) this.#keep({ type: 'link', link });
    for (const address of addresses) this.#keep({ type: 'address', address });
    for (const event of news) this.#keep(event);
    for (const [ifname, ifindex] of names)
      if (this.#names.get(ifname) !== ifindex) this.#changed({ type: 'interface-gone', ifname });
    for (const link of this.#links.values())
      if (this.#described(link.ifindex) !== before.get(link.ifindex)) this.#tellOf(link);
  }

  #take(event: RouteEvent): void {
    if (event.type === 'route-gone' || event.type === 'rule-gone') return;
    this.#news?.delete(objectKey(event));
    this.#news?.set(objectKey(event), event);
    const nameBefore = event.type === 'link' ? this.#links.get(event.link.ifindex)?.ifname : undefined;
    this.#keep(event);
    switch (event.type) {
      case 'link':
        if (nameBefore !== undefined) this.#nameGone(nameBefore);
        this.#tellOf(event.link);
        break;
      case 'link-gone':
        this.#untold.delete(event.ifindex);
        this.#nameGone(event.ifname);
        break;
      case 'address':
        this.#addressChanged(event.address, false);
        break;
      case 'address-gone':
        this.#addressChanged(event.address, true);
        break;
    }
  }

  #nameGone(ifname: string): void {
    if (!this.#names.has(ifname)) this.#changed({ type: 'interface-gone', ifname });
  }

  #keep(event: LinkEvent): void {
    switch (event.type) {
      case 'link': {
        const { ifindex, ifname } = event.link;
        this.#forgetName(this.#links.get(ifindex)?.ifname, ifindex);
        this.#links.set(ifindex, event.link);
        this.#names.set(ifname, ifindex);
        break;
      }
      case 'link-gone':
        this.#links.delete(event.ifindex);
        this.#addresses.forget(event.ifindex);
        this.#forgetName(event.ifname, event.ifindex);
        break;
      case 'address':
        this.#addresses.add(event.address);
        break;
      case 'address-gone':
        this.#addresses.remove(event.address);
        break;
    }
  }

  /** Another interface may have the name by now. */
  #forgetName(ifname: string | undefined, ifindex: number): void {
    if (ifname !== undefined && this.#names.get(ifname) === ifindex) this.#names.delete(ifname);
  }

  /** All that is known of an interface. */
  #described(ifindex: number): string {
    return JSON.stringify([this.#links.get(ifindex), this.#addresses.described(ifindex)]);
  }

  #addressChanged({ ifindex, address }: InterfaceAddress, gone: boolean): void {
    const link = this.#links.get(ifindex);
    if (link === undefined) return;
    this.#report(address, gone ? 'removed from' : 'added to', link.ifname);
    // The kernel's news come in many datagrams, of which a turn of the event loop reads some.
    if (this.#untold.size === 0)
      setImmediate(() => {
        this.tellNow();
      });
    const went = this.#untold.get(ifindex) ?? new Set();
    this.#untold.set(ifindex, went);
    if (gone && !this.#addresses.has(ifindex, address)) went.add(address);
  }

  /** Tells of addresses what would be told at the end of this turn of the event loop. */
  tellNow(): void {
    for (const ifindex of [...this.#untold.keys()]) {
      const link = this.#links.get(ifindex);
      if (link !== undefined) this.#tellOf(link);
    }
    this.#untold.clear();
  }

  /** All that is known of an interface, and what of it went and may be back. */
  #tellOf(link: Link): void {
    const went = this.#untold.get(link.ifindex);
    this.#untold.delete(link.ifindex);
    const facts = this.#facts(link);
    this.#changed({ type: 'interface', facts, ...(went === undefined ? {} : { went: [...went] }) });
  }

  /** -a */
  #report(address: IpAddress, what: string, ifname: string): void {
    if (this.#logAddresses) this.#log('info', `Netlink reflector reports IP ${address} ${what} ${ifname}`);
  }

  #facts(link: Link): InterfaceFacts {
    const asked = this.#driverLinks.get(link.ifname);
    // Another interface may have the name by now.
    const carries = asked?.ifindex === link.ifindex ? asked.link : link.running;
    return {
      ifname: link.ifname,
      ifindex: link.ifindex,
      up: link.up && carries,
      addresses: this.#addresses.of(link.ifindex),
    };
  }
}

function objectKey(event: LinkEvent): string {
  if (event.type === 'link') return String(event.link.ifindex);
  if (event.type === 'link-gone') return String(event.ifindex);
  const { ifindex, address, prefixLength } = event.address;
  return `${String(ifindex)} ${address}/${String(prefixLength)}`;
}
