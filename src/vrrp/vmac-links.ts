import { ipFamily, type IpAddress, type IpFamily } from '../core/index.ts';
import type { AddressEntry, NumberOrName, VmacSettings, VrrpConfig, VrrpInstance } from '../config/index.ts';

/**
 * The interfaces of use_vmac, use_vmac_addr and use_ipvlan: which a configuration asks for, what they are called and which
 * address is on which; as the reference was seen to have them.
 */

/** An interface that is made for virtual addresses, on top of another. */
export interface VmacLink {
  /** Of the instance that it is made for. */
  readonly instance: string;
  readonly ifname: string;
  readonly parent: string;
  readonly form: MacvlanForm | IpvlanForm;
  readonly family: IpFamily;
  /** IPv6 is on: it has such addresses. */
  readonly ipv6: boolean;
  /** It needs the parent's link-local address: what it sends has that as its source. */
  readonly linkLocal: boolean;
  readonly group?: NumberOrName;
}

export interface MacvlanForm {
  readonly kind: 'macvlan';
  /** Lowercase with colons. */
  readonly mac: string;
}

export interface IpvlanForm {
  readonly kind: 'ipvlan';
  readonly mode: 'bridge' | 'private' | 'vepa';
  readonly address?: { readonly address: IpAddress; readonly prefixLength: number };
}

/** An interface that is there. */
export interface PresentLink {
  readonly ifname: string;
  readonly kind: string | undefined;
  readonly parent: string | undefined;
  readonly mac: string;
  /** A macvlan in private mode, an ipvlan in mode L2: it can be one of ours. */
  readonly suits: boolean;
}

export interface VmacNaming {
  /** vmac_prefix and vmac_addr_prefix. */
  readonly prefix: string;
  readonly addrPrefix: string;
}

/**
 * The configuration with names for all such interfaces, and addresses put on them. A name that the file gives is used unless
 * something else has it; other names are made, and an interface of the same kind, parent and hardware address that a former
 * run left is taken up under its own.
 */
export function withVmacs(
  vrrp: VrrpConfig,
  naming: VmacNaming,
  present: readonly PresentLink[],
): { readonly vrrp: VrrpConfig; readonly links: readonly VmacLink[] } {
  const registry = new Registry(vrrp, naming, present);
  const instances = vrrp.instances.map((instance) => addressLinks(registry, instance, ownLink(registry, instance)));
  return { vrrp: { ...vrrp, instances }, links: registry.links() };
}

/**
 * Interfaces of a run that was killed, whether the configuration has a use for them now or not: macvlans with the hardware address of
 * one of its virtual routers, where that speaks, and ipvlans of the names that the run has left (`ipvlans`); none that a line names.
 */
export function formerLinks(
  { instances }: VrrpConfig,
  present: readonly PresentLink[],
  ipvlans: readonly string[],
): readonly string[] {
  const macs = new Set(
    instances.flatMap((instance) => {
      const parents = [instance.interface, ...everyAddress(instance).map(({ dev }) => dev)];
      const families = ['ipv4', 'ipv6'] as const;
      return parents.flatMap((parent) =>
        families.map((family) => `${parent ?? ''} ${virtualMac(instance.virtualRouterId, family)}`),
      );
    }),
  );
  const named = new Set(
    instances.flatMap((instance) => [
      instance.interface,
      ...everyAddress(instance).map(({ dev }) => dev),
      ...instance.trackInterface.map(({ name }) => name),
    ]),
  );
  return present
    .filter(({ ifname, kind, suits, parent, mac }) => {
      const made =
        kind === 'macvlan' ? macs.has(`${parent ?? ''} ${mac}`) : kind === 'ipvlan' && ipvlans.includes(ifname);
      return made && suits && !named.has(ifname);
    })
    .map(({ ifname }) => ifname);
}

/** The configuration without such interfaces: where packets of a network are all that matters they make no difference. */
export function withoutVmacs(vrrp: VrrpConfig): VrrpConfig {
  const plain = (instance: VrrpInstance): VrrpInstance => {
    const { vmac, ...rest } = instance;
    return vmac === undefined ? instance : rest;
  };
  return { ...vrrp, instances: vrrp.instances.map(plain) };
}

/** Where an instance sends and hears its adverts: those to peers go by its VRF, whichever interface of that they come in by. */
export function advertInterface({ vmac, interface: base, vrf, unicastPeer }: VrrpInstance): string | undefined {
  if (vrf !== undefined && unicastPeer.length > 0) return vrf;
  return vmac?.ifname === undefined || vmac.xmitBase ? base : vmac.ifname;
}

type Wish = Omit<VmacLink, 'ifname'> & { readonly prefix: string };

/** One interface for each parent and hardware address, whoever asks for it. */
class Registry {
  readonly naming: VmacNaming;
  readonly #links = new Map<string, VmacLink>();
  readonly #present: readonly PresentLink[];
  /** Names that the file gives, by `linkKey`. */
  readonly #given: ReadonlyMap<string, string>;
  /** Names that are not free. */
  readonly #taken: Set<string>;

  constructor(vrrp: VrrpConfig, naming: VmacNaming, present: readonly PresentLink[]) {
    this.naming = naming;
    this.#present = present;
    this.#given = new Map(
      vrrp.instances.flatMap(({ vmac, interface: parent, virtualRouterId, family }) =>
        vmac?.ifname === undefined || parent === undefined
          ? []
          : [[linkKey(parent, formOf(vmac, virtualRouterId, family), family), vmac.ifname] as const],
      ),
    );
    this.#taken = new Set([...present.map(({ ifname }) => ifname), ...this.#given.values()]);
  }

  links(): readonly VmacLink[] {
    return [...this.#links.values()];
  }

  find(parent: string, form: VmacLink['form'], family: IpFamily): VmacLink | undefined {
    return this.#links.get(linkKey(parent, form, family));
  }

  add({ prefix, ...wish }: Wish, virtualRouterId: number): VmacLink {
    const key = linkKey(wish.parent, wish.form, wish.family);
    const known = this.#links.get(key);
    const name =
      known?.ifname ??
      this.#usable(this.#given.get(key), wish) ??
      this.#match(wish) ??
      this.#free(prefix, wish, virtualRouterId);
    this.#taken.add(name);
    const link = {
      ...wish,
      ifname: name,
      ipv6: wish.ipv6 || known?.ipv6 === true,
      linkLocal: wish.linkLocal || known?.linkLocal === true,
    };
    this.#links.set(key, link);
    return link;
  }

  /** The name that the file gives, unless an interface of another sort has it. */
  #usable(ifname: string | undefined, { form }: Omit<VmacLink, 'ifname'>): string | undefined {
    const there = this.#present.find((link) => link.ifname === ifname);
    return there === undefined || (there.suits && there.kind === form.kind) ? ifname : undefined;
  }

  #match({ form, parent }: Omit<VmacLink, 'ifname'>): string | undefined {
    if (form.kind === 'ipvlan') return undefined;
    const used = new Set([...this.#links.values()].map(({ ifname }) => ifname));
    return this.#present.find(
      (link) =>
        link.suits &&
        link.kind === form.kind &&
        link.parent === parent &&
        link.mac === form.mac &&
        !used.has(link.ifname),
    )?.ifname;
  }

  #free(prefix: string, { family, form, parent }: Omit<VmacLink, 'ifname'>, virtualRouterId: number): string {
    const infixes = ['', ...(family === 'ipv6' ? ['6'] : []), ...Array.from({ length: 255 }, (_, i) => String(i + 1))];
    const names = infixes.map((infix) => `${prefix}${infix}.${String(virtualRouterId)}`);
    const used = new Set([...this.#links.values()].map(({ ifname }) => ifname));
    // One ipvlan is like the other: what a former run left has the name that is made first.
    const left = (name: string): boolean =>
      form.kind === 'ipvlan' &&
      !used.has(name) &&
      this.#present.some(
        (link) => link.ifname === name && link.suits && link.kind === 'ipvlan' && link.parent === parent,
      );
    const last = `${prefix}.${String(virtualRouterId)}`;
    return names.find((name) => (!this.#taken.has(name) || left(name)) && name.length <= longestName) ?? last;
  }
}

/** IFNAMSIZ less its NUL (linux/if.h). */
const longestName = 15;

function linkKey(parent: string, form: VmacLink['form'], family: IpFamily): string {
  return form.kind === 'macvlan'
    ? `${parent} ${form.mac}`
    : `${parent} ipvlan ${family} ${form.address?.address ?? ''}`;
}

/** RFC 9568 section 7.3: the hardware address of a virtual router. */
function virtualMac(virtualRouterId: number, family: IpFamily): string {
  return `00:00:5e:00:0${family === 'ipv4' ? '1' : '2'}:${virtualRouterId.toString(16).padStart(2, '0')}`;
}

function ownLink(registry: Registry, instance: VrrpInstance): VmacLink | undefined {
  const { vmac, family, name, virtualRouterId, interface: parent } = instance;
  if (vmac === undefined || parent === undefined) return undefined;
  const wish = {
    instance: name,
    parent,
    family,
    ipv6:
      family === 'ipv6' ||
      (vmac.kind === 'macvlan' && everyAddress(instance).some(({ address }) => ipFamily(address) === 'ipv6')),
    // An ipvlan has a link-local address of its own: the kernel makes it.
    linkLocal: family === 'ipv6' && vmac.kind === 'macvlan' && !sendsFromBase(instance, vmac),
    form: formOf(vmac, virtualRouterId, family),
    prefix: registry.naming.prefix,
    ...(vmac.group === undefined ? {} : { group: vmac.group }),
  };
  return registry.add(wish, virtualRouterId);
}

function formOf(vmac: VmacSettings, virtualRouterId: number, family: IpFamily): VmacLink['form'] {
  if (vmac.kind === 'macvlan') return { kind: 'macvlan', mac: vmac.mac ?? virtualMac(virtualRouterId, family) };
  const { mode, address } = vmac;
  return {
    kind: 'ipvlan',
    mode,
    ...(address === undefined ? {} : { address: { address, prefixLength: vmac.prefixLength ?? whole(address) } }),
  };
}

function whole(address: IpAddress): number {
  return ipFamily(address) === 'ipv4' ? 32 : 128;
}

/** Unicast with a VMAC goes by the interface below, also where the file does not say so; an ipvlan has its own address. */
function sendsFromBase({ unicastPeer }: VrrpInstance, vmac: VmacSettings): boolean {
  return vmac.kind === 'macvlan' && (vmac.xmitBase || unicastPeer.length > 0);
}

/** The instance with its interface's name, and each address on the interface that it belongs to. */
function addressLinks(registry: Registry, instance: VrrpInstance, own: VmacLink | undefined): VrrpInstance {
  const made: VmacLink[] = [];
  const placed = (entry: AddressEntry): AddressEntry => {
    const link = linkOf(registry, instance, own, entry);
    if (link === undefined) return entry;
    made.push(link);
    return { ...entry, dev: link.ifname };
  };
  const virtualIpaddress = instance.virtualIpaddress.map(placed);
  const virtualIpaddressExcluded = instance.virtualIpaddressExcluded.map(placed);
  const { vmac, trackInterface } = instance;
  const watched = new Set([...trackInterface.map(({ name }) => name), own?.ifname]);
  const others = [...new Set(made.map(({ ifname }) => ifname))].filter((ifname) => !watched.has(ifname));
  return {
    ...instance,
    virtualIpaddress,
    virtualIpaddressExcluded,
    trackInterface: [...trackInterface, ...others.map((name) => ({ name, span: instance.span, weight: 0 }))],
    ...(vmac === undefined || own === undefined
      ? {}
      : { vmac: { ...vmac, ifname: own.ifname, xmitBase: sendsFromBase(instance, vmac) } }),
  };
}

function linkOf(
  registry: Registry,
  instance: VrrpInstance,
  own: VmacLink | undefined,
  { address, dev, useVmac }: AddressEntry,
): VmacLink | undefined {
  const parent = dev ?? instance.interface;
  if (parent === undefined) return undefined;
  const family = ipFamily(address);
  const elsewhere = parent !== instance.interface || family !== instance.family;
  // Those of an ipvlan stay on the interface below: it is for adverts only.
  if (own?.form.kind === 'macvlan' && !elsewhere) return own;
  if (useVmac !== true && !(instance.useVmacAddr && elsewhere)) return undefined;
  const { virtualRouterId, vmac, name } = instance;
  const mac = vmac?.kind === 'macvlan' && vmac.mac !== undefined ? vmac.mac : virtualMac(virtualRouterId, family);
  const form = { kind: 'macvlan', mac } as const;
  const wish = { instance: name, parent, family, form, ipv6: family === 'ipv6', linkLocal: family === 'ipv6' };
  // With a hardware address from the file both families are on the instance's own.
  return (
    registry.find(parent, form, family) ??
    registry.add({ ...wish, prefix: registry.naming.addrPrefix }, virtualRouterId)
  );
}

function everyAddress({ virtualIpaddress, virtualIpaddressExcluded }: VrrpInstance): readonly AddressEntry[] {
  return [...virtualIpaddress, ...virtualIpaddressExcluded];
}
