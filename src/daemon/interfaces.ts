import type { IpAddress } from '../core/index.ts';
import type { InterfaceAddress, Link, RouteClient, RouteEvent } from '../rtnetlink/index.ts';
import type { InterfaceFacts, VrrpEvent } from '../vrrp/index.ts';
import type { InterfaceReport } from './dumps/report.ts';
import type { Log } from './messages.ts';

type Change = Extract<VrrpEvent, { type: 'interface' | 'interface-gone' }>;

/** The interfaces of this namespace, kept true by the kernel's notifications, and read again when some were lost. */
export class Interfaces {
  readonly #route: RouteClient;
  readonly #log: Log;
  readonly #links = new Map<number, Link>();
  readonly #addresses = new Map<number, Map<string, InterfaceAddress>>();
  readonly #names = new Map<string, number>();
  #changed: (change: Change) => void = () => undefined;
  #lost: () => void = () => undefined;
  readonly #logAddresses: boolean;

  private constructor(route: RouteClient, log: Log, logAddresses: boolean) {
    this.#route = route;
    this.#log = log;
    this.#logAddresses = logAddresses;
  }

  /** Follows the notifications of `route`, which has joined their groups, and reads everything once. */
  static async open(route: RouteClient, log: Log, logAddresses: boolean): Promise<Interfaces> {
    const interfaces = new Interfaces(route, log, logAddresses);
    route.onEvent((event) => {
      interfaces.#take(event, true);
    });
    route.onLost((reason) => {
      log('warning', `notifications of links and addresses were lost (${reason}): reading them again`);
      void interfaces.#read(true);
      interfaces.#lost();
    });
    await interfaces.#read(false);
    return interfaces;
  }

  onChange(listener: (change: Change) => void): void {
    this.#changed = listener;
  }

  /** Notifications were lost; what this class keeps is read again by itself. */
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
    return this.#read(true);
  }

  index(ifname: string): number | undefined {
    return this.#names.get(ifname);
  }

  mac(ifname: string): Uint8Array | undefined {
    return this.link(ifname)?.mac;
  }

  /** The routing table of a VRF. */
  vrfTable(ifname: string): number | undefined {
    return this.link(ifname)?.vrfTable;
  }

  name(ifindex: number): string | undefined {
    return this.#links.get(ifindex)?.ifname;
  }

  async #read(tell: boolean): Promise<void> {
    const [links, addresses] = [await this.#route.links(), await this.#route.addresses()];
    if (!links.ok || !addresses.ok) {
      const text = !links.ok ? links.error.text : !addresses.ok ? addresses.error.text : '';
      this.#log('error', `links and addresses cannot be read: ${text}`);
      return;
    }
    const present = new Set(links.value.map(({ ifindex }) => ifindex));
    for (const { ifindex, ifname } of [...this.#links.values()]) {
      if (!present.has(ifindex)) this.#take({ type: 'link-gone', ifindex, ifname }, tell);
    }
    const known = new Map(links.value.map(({ ifindex }) => [ifindex, this.#described(ifindex)]));
    this.#addresses.clear();
    for (const address of addresses.value) this.#table(address.ifindex).set(addressKey(address), address);
    for (const link of links.value) {
      this.#take({ type: 'link', link }, false);
      if (tell && this.#described(link.ifindex) !== known.get(link.ifindex))
        this.#changed({ type: 'interface', facts: this.#facts(link) });
    }
  }

  #take(event: RouteEvent, tell: boolean): void {
    switch (event.type) {
      case 'link': {
        const before = this.#links.get(event.link.ifindex);
        if (before !== undefined && before.ifname !== event.link.ifname) {
          this.#names.delete(before.ifname);
          if (tell) this.#changed({ type: 'interface-gone', ifname: before.ifname });
        }
        this.#links.set(event.link.ifindex, event.link);
        this.#names.set(event.link.ifname, event.link.ifindex);
        if (tell) this.#changed({ type: 'interface', facts: this.#facts(event.link) });
        break;
      }
      case 'link-gone':
        this.#links.delete(event.ifindex);
        this.#addresses.delete(event.ifindex);
        this.#names.delete(event.ifname);
        if (tell) this.#changed({ type: 'interface-gone', ifname: event.ifname });
        break;
      case 'address':
        this.#table(event.address.ifindex).set(addressKey(event.address), event.address);
        this.#addressChanged(event.address, 'added to', tell);
        break;
      case 'address-gone':
        this.#table(event.address.ifindex).delete(addressKey(event.address));
        this.#addressChanged(event.address, 'removed from', tell);
        break;
      case 'route-gone':
      case 'rule-gone':
        break;
    }
  }

  /** All that is known of an interface. */
  #described(ifindex: number): string {
    return JSON.stringify([this.#links.get(ifindex), [...(this.#addresses.get(ifindex)?.keys() ?? [])].sort()]);
  }

  #addressChanged({ ifindex, address, prefixLength }: InterfaceAddress, what: string, tell: boolean): void {
    const link = this.#links.get(ifindex);
    if (link === undefined) return;
    if (this.#logAddresses) this.#log('info', `address ${address}/${String(prefixLength)} ${what} ${link.ifname}`);
    if (tell) this.#changed({ type: 'interface', facts: this.#facts(link) });
  }

  #table(ifindex: number): Map<string, InterfaceAddress> {
    const table = this.#addresses.get(ifindex) ?? new Map<string, InterfaceAddress>();
    this.#addresses.set(ifindex, table);
    return table;
  }

  #facts(link: Link): InterfaceFacts {
    const addresses: IpAddress[] = [...(this.#addresses.get(link.ifindex)?.values() ?? [])].map(
      ({ address }) => address,
    );
    return { ifname: link.ifname, ifindex: link.ifindex, up: link.up && link.running, addresses };
  }
}

function addressKey(address: InterfaceAddress): string {
  return `${address.address}/${String(address.prefixLength)}`;
}
