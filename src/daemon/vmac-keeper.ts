import { ipFamily, isLinkLocal, type IpAddress } from '../core/index.ts';
import type { AddressRequest, Link, RouteClient } from '../rtnetlink/index.ts';
import type { VmacPair } from '../nftables-netlink/index.ts';
import type { InterfaceFacts, PresentLink, VmacLink } from '../vrrp/index.ts';
import type { Interfaces } from './interfaces.ts';
import type { Log } from './messages.ts';
import type { VmacSysctls } from './vmac-sysctls.ts';

const hardwareAddressBytes = 6;
/** A new interface is up a moment after it was set up; the kernel does that by itself. */
const upTries = 40;
const upWaitMs = 25;

/** The interfaces of use_vmac and use_ipvlan: there from start to stop, and made again where somebody removes them. */
export class VmacKeeper {
  readonly #route: RouteClient;
  readonly #interfaces: Interfaces;
  readonly #sysctls: VmacSysctls;
  readonly #log: Log;
  readonly #wait: (ms: number) => Promise<void>;
  readonly #beforeUp: () => Promise<void>;
  readonly #groupNumber: (name: string) => number | undefined;
  /** Virtual addresses are no link-local address of an interface. */
  #virtual: ReadonlySet<IpAddress> = new Set();
  #links: readonly VmacLink[] = [];
  /** Made or taken up by us, by name: as they were wanted then. */
  readonly #ours = new Map<string, VmacLink>();
  /** Made by a run that was killed: they go where nothing of now has a use for them. */
  readonly #former: Set<string>;
  readonly #ipvlansMade: (ifnames: readonly string[]) => void;
  #toldIpvlans: string;
  readonly #troubled = new Set<string>();

  constructor(edges: {
    readonly route: RouteClient;
    readonly interfaces: Interfaces;
    readonly sysctls: VmacSysctls;
    readonly log: Log;
    readonly wait: (ms: number) => Promise<void>;
    /** New interfaces are there and still down: they must not be heard of where another director is MASTER. */
    readonly beforeUp: () => Promise<void>;
    readonly groupNumber: (name: string) => number | undefined;
    /** Those of a run that was killed. */
    readonly former: (present: readonly PresentLink[]) => readonly string[];
    /** The names of ipvlans: those that a former run told of, and where ours are told of before they are there. */
    readonly ipvlans: { readonly left: readonly string[]; readonly made: (ifnames: readonly string[]) => void };
  }) {
    this.#route = edges.route;
    this.#interfaces = edges.interfaces;
    this.#sysctls = edges.sysctls;
    this.#log = edges.log;
    this.#wait = edges.wait;
    this.#beforeUp = edges.beforeUp;
    this.#groupNumber = edges.groupNumber;
    this.#former = new Set(edges.former(this.present()));
    this.#ipvlansMade = edges.ipvlans.made;
    this.#toldIpvlans = edges.ipvlans.left.join(' ');
    this.#tellIpvlans();
  }

  /** No such interface is wanted or there. */
  get idle(): boolean {
    return this.#links.length + this.#ours.size + this.#former.size === 0;
  }

  present(): readonly PresentLink[] {
    return this.#interfaces.links().map((link) => ({
      ifname: link.ifname,
      kind: link.kind,
      parent: link.lowerIfindex === undefined ? undefined : this.#interfaces.name(link.lowerIfindex),
      mac: macText(link.mac),
      suits: link.stacked === true,
    }));
  }

  /** Index pairs of the macvlans that speak each family. */
  pairs(): { readonly vmacs4: readonly VmacPair[]; readonly vmacs6: readonly VmacPair[] } {
    const pairs = this.#links.flatMap((link) => {
      const [ifindex, parentIfindex] = [this.#interfaces.index(link.ifname), this.#interfaces.index(link.parent)];
      if (link.form.kind !== 'macvlan' || ifindex === undefined || parentIfindex === undefined) return [];
      return [{ link, pair: { ifindex, parentIfindex } }];
    });
    return {
      vmacs4: pairs.flatMap(({ link, pair }) => (link.family === 'ipv4' ? [pair] : [])),
      vmacs6: pairs.flatMap(({ link, pair }) => (link.ipv6 ? [pair] : [])),
    };
  }

  /** Makes what is missing; resolves when the kernel has told of it. What is wanted no longer stays until `release`. */
  async hold(links: readonly VmacLink[], virtual: ReadonlySet<IpAddress>): Promise<void> {
    this.#links = links;
    this.#virtual = virtual;
    this.#tellIpvlans();
    if (links.length > 0) await this.#make(links);
  }

  /** Removes what is wanted no longer. */
  async release(): Promise<void> {
    const wanted = new Set(this.#links.map(({ ifname }) => ifname));
    for (const ifname of [...this.#ours.keys(), ...this.#former].filter((name) => !wanted.has(name))) {
      this.#ours.delete(ifname);
      const ifindex = this.#interfaces.index(ifname);
      if (ifindex !== undefined) await this.#remove(ifname, ifindex);
    }
    this.#former.clear();
    this.#tellIpvlans();
    this.#sysctls.release(this.#links);
  }

  #tellIpvlans(): void {
    const isIpvlan = ({ form }: VmacLink): boolean => form.kind === 'ipvlan';
    const made = [...this.#links, ...this.#ours.values()].filter(isIpvlan).map(({ ifname }) => ifname);
    const left = [...this.#former].filter((ifname) => this.#interfaces.link(ifname)?.kind === 'ipvlan');
    const names = [...new Set([...made, ...left])];
    if (names.join(' ') === this.#toldIpvlans) return;
    this.#toldIpvlans = names.join(' ');
    this.#ipvlansMade(names);
  }

  async stop(): Promise<void> {
    this.#links = [];
    await this.release();
  }

  /** Whether what was told of this interface asks for `repair`. */
  concerns(ifname: string): boolean {
    return this.#links.some((link) => link.ifname === ifname || link.parent === ifname);
  }

  /** Makes again what is missing on the interfaces that are there. */
  async repair(ifname: string): Promise<void> {
    const incomplete = this.#links.filter(
      (link) => (link.ifname === ifname || link.parent === ifname) && !this.#isComplete(link),
    );
    if (incomplete.length > 0) await this.#make(incomplete);
  }

  #isComplete(link: VmacLink): boolean {
    const there = this.#interfaces.link(link.ifname);
    const parent = this.#interfaces.link(link.parent);
    if (parent === undefined) return true;
    if (there === undefined || !isSame(there, link, parent)) return false;
    if (this.#vrfOf(there) !== this.#vrfOf(parent)) return false;
    return this.#missingAddresses(link, there.ifindex).length === 0;
  }

  async #make(links: readonly VmacLink[]): Promise<void> {
    for (const link of links) await this.#create(link);
    await this.#interfaces.refresh();
    await this.#beforeUp();
    for (const link of links) await this.#furnish(link);
    for (let tries = 0; tries < upTries && links.some((link) => this.#isComingUp(link)); tries++) {
      await this.#wait(upWaitMs);
      await this.#interfaces.refresh();
    }
  }

  #isComingUp({ ifname, parent }: VmacLink): boolean {
    const [own, below] = [this.#interfaces.link(ifname), this.#interfaces.link(parent)];
    return own !== undefined && this.#ours.has(ifname) && !own.running && below?.up === true && below.running;
  }

  async #create(link: VmacLink): Promise<void> {
    const parent = this.#interfaces.link(link.parent);
    if (parent === undefined) return;
    await this.#clearTheWay(link, parent);
    const there = this.#interfaces.link(link.ifname);
    if (there !== undefined) {
      if (isSame(there, link, parent) && this.#serves(there, link)) {
        if (!this.#ours.has(link.ifname)) this.#log('info', `(${link.instance}) taking up interface ${link.ifname}`);
        this.#ours.set(link.ifname, link);
        return;
      }
      if (there.lowerIfindex === parent.ifindex && link.form.kind === 'macvlan') {
        const changed = await this.#route.changeLink(there.ifindex, { mac: macBytes(link.form.mac) });
        if (changed.ok) this.#ours.set(link.ifname, link);
        this.#said(link, changed.ok ? undefined : `${link.ifname}: ${changed.error.text}`);
        return;
      }
      await this.#remove(link.ifname, there.ifindex);
    }
    const group = typeof link.group === 'string' ? this.#groupNumber(link.group) : link.group;
    const common = {
      ifname: link.ifname,
      parentIfindex: parent.ifindex,
      ...(group === undefined ? {} : { group }),
    };
    const added = await this.#route.addLink(
      link.form.kind === 'macvlan'
        ? { ...common, kind: 'macvlan', mac: macBytes(link.form.mac) }
        : { ...common, kind: 'ipvlan', mode: link.form.mode },
    );
    this.#said(link, added.ok ? undefined : `${added.error.text} on ${link.parent}`);
    if (!added.ok) return;
    this.#ours.set(link.ifname, link);
    this.#log('info', `(${link.instance}) made interface ${link.ifname} on ${link.parent}`);
  }

  /** An ipvlan of another mode or with another address is made anew. */
  #serves(there: Link, { ifname, form, family }: VmacLink): boolean {
    if (form.kind === 'macvlan') return true;
    const made = this.#ours.get(ifname)?.form;
    if (made !== undefined) return JSON.stringify(made) === JSON.stringify(form);
    const others = this.#addresses(ifname).filter(
      (address) =>
        ipFamily(address) === family &&
        address !== form.address?.address &&
        !isLinkLocal(address) &&
        !this.#virtual.has(address),
    );
    return there.ipvlanMode === form.mode && others.length === 0;
  }

  /** Two macvlans of one interface cannot have one hardware address: what a former run or configuration left goes. */
  async #clearTheWay({ ifname, form }: VmacLink, parent: Link): Promise<void> {
    if (form.kind !== 'macvlan') return;
    for (const other of this.#interfaces.links()) {
      if (other.ifname === ifname || other.kind !== 'macvlan' || other.lowerIfindex !== parent.ifindex) continue;
      if (macText(other.mac) !== form.mac || other.stacked !== true) continue;
      this.#log('info', `${ifname} takes the place of interface ${other.ifname}`);
      this.#ours.delete(other.ifname);
      await this.#remove(other.ifname, other.ifindex);
    }
  }

  /** Settings before it is up, then its addresses. */
  async #furnish(link: VmacLink): Promise<void> {
    const there = this.#interfaces.link(link.ifname);
    if (there === undefined || !this.#ours.has(link.ifname)) return;
    this.#sysctls.prepare(
      link,
      this.#interfaces.links().flatMap(({ ifname, loopback }) => (loopback ? [] : [ifname])),
    );
    await this.#joinVrf(link, there);
    // In one request it would be up, with an address, before it is told to make none.
    if (link.form.kind === 'macvlan') await this.#route.changeLink(there.ifindex, { noLinkLocal: true });
    const changed = await this.#route.changeLink(there.ifindex, { up: true });
    this.#said(link, changed.ok ? undefined : `${link.ifname}: ${changed.error.text}`);
    for (const result of await this.#route.addAddresses(this.#missingAddresses(link, there.ifindex)))
      if (!result.ok) this.#log('error', `${link.ifname}: ${result.error.text}`);
  }

  /** Its addresses are looked for in the routing table of the VRF that the interface below is in. Joining takes it down and up again. */
  async #joinVrf(link: VmacLink, there: Link): Promise<void> {
    const parent = this.#interfaces.link(link.parent);
    const vrf = parent === undefined ? undefined : this.#vrfOf(parent);
    if (parent === undefined || vrf === this.#vrfOf(there)) return;
    const joined = await this.#route.changeLink(there.ifindex, { masterIfindex: vrf ?? 0 });
    this.#said(link, joined.ok ? undefined : `${link.ifname} cannot be where ${link.parent} is: ${joined.error.text}`);
    await this.#interfaces.refresh();
  }

  #vrfOf({ masterIfindex }: Link): number | undefined {
    const name = masterIfindex === undefined ? undefined : this.#interfaces.name(masterIfindex);
    const master = name === undefined ? undefined : this.#interfaces.link(name);
    return master?.vrfTable === undefined ? undefined : master.ifindex;
  }

  #missingAddresses(link: VmacLink, ifindex: number): readonly AddressRequest[] {
    const present = new Set(this.#addresses(link.ifname));
    const wanted: AddressRequest[] = [];
    const nodad = 0x02;
    if (link.linkLocal) {
      const local = this.#addresses(link.parent).find((address) => isLinkLocal(address) && !this.#virtual.has(address));
      // It is not to be chosen as the source of anything but what names it.
      if (local !== undefined)
        wanted.push({ ifindex, address: local, prefixLength: 64, flags: nodad, preferredLftSecs: 0 });
    }
    if (link.form.kind === 'ipvlan' && link.form.address !== undefined)
      wanted.push({ ifindex, ...link.form.address, ...(link.family === 'ipv6' ? { flags: nodad } : {}) });
    return wanted.filter(({ address }) => !present.has(address));
  }

  #addresses(ifname: string): InterfaceFacts['addresses'] {
    return this.#interfaces.facts(ifname)?.addresses ?? [];
  }

  async #remove(ifname: string, ifindex: number): Promise<void> {
    const removed = await this.#route.removeLink(ifindex);
    if (removed.ok) this.#log('info', `removed interface ${ifname}`);
    else this.#log('error', `interface ${ifname}: ${removed.error.text}`);
    await this.#interfaces.refresh();
  }

  /** A trouble is said when it begins. */
  #said({ instance, ifname }: VmacLink, trouble: string | undefined): void {
    if (trouble === undefined) {
      this.#troubled.delete(ifname);
    } else if (!this.#troubled.has(ifname)) {
      this.#troubled.add(ifname);
      this.#log('error', `(${instance}) ${trouble}`);
    }
  }
}

function isSame(there: Link, { form }: VmacLink, parent: Link): boolean {
  if (there.kind !== form.kind || there.stacked !== true || there.lowerIfindex !== parent.ifindex) return false;
  return form.kind === 'ipvlan' || macText(there.mac) === form.mac;
}

function macText(mac: Uint8Array): string {
  return [...mac].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

function macBytes(text: string): Uint8Array {
  return Uint8Array.from(text.split(':').slice(0, hardwareAddressBytes), (octet) => Number.parseInt(octet, 16));
}
