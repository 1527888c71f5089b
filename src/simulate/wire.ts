import { ipFamily, parseIp, type IpAddress } from '../core/index.ts';
import type { VrrpInstance } from '../config/index.ts';
import { configsOf, findDirector, instancesOf, type DirectorSetup } from './directors.ts';
import type { Port } from './machine.ts';
import type { Wiring } from './script.ts';

/** The ports of each director, in the directors' order. */
export type Ports = readonly (readonly Port[])[];

/**
 * Interfaces, their links and addresses, as far as the configurations tell: interfaces whose instances are one virtual router are on one
 * link, and so are those of one name. Addresses that no configuration and no script gives are made up: 198.18.LINK.DIRECTOR.
 */
export function wire(setups: readonly DirectorSetup[], wiring: readonly Wiring[]): Ports {
  const links = linksOf(setups, wiring);
  const names = [...new Set(links.values())];
  return setups.map((setup, d) =>
    interfacesOf(setup).map((ifname, k) => {
      const link = links.get(key(d, ifname)) ?? '';
      const given = wiring.flatMap((line) =>
        line.do === 'address' && findDirector(setups, line.director) === setup && line.ifname === ifname
          ? [line.address]
          : [],
      );
      return {
        ifname,
        link,
        ifindex: k + 2,
        up: true,
        addresses: addresses({ setups, d, ifname }, given, names.indexOf(link)),
      };
    }),
  );
}

export function interfacesOf(setup: DirectorSetup): readonly string[] {
  const names = configsOf(setup).flatMap(({ vrrp }) => [
    ...vrrp.instances.flatMap(({ interface: own, virtualIpaddress, virtualIpaddressExcluded, trackInterface }) => [
      ...(own === undefined ? [] : [own]),
      ...[...virtualIpaddress, ...virtualIpaddressExcluded].flatMap(({ dev }) => dev ?? []),
      ...trackInterface.map(({ name }) => name),
    ]),
    ...vrrp.syncGroups.flatMap(({ trackInterface }) => trackInterface.map(({ name }) => name)),
  ]);
  return [...new Set(names)];
}

function key(director: number, ifname: string): string {
  return `${String(director)} ${ifname}`;
}

/** The link of each interface, by `key`. A link has the name of its first interface, unless the script names it. */
function linksOf(setups: readonly DirectorSetup[], wiring: readonly Wiring[]): ReadonlyMap<string, string> {
  const links = new Map<string, string>();
  for (const line of wiring) {
    if (line.do !== 'link') continue;
    for (const { director, ifname } of line.ends) {
      const found = findDirector(setups, director);
      if (found !== undefined) links.set(key(setups.indexOf(found), ifname), line.name);
    }
  }
  const taken = new Set(links.values());
  for (const ends of sameRouters(setups)) {
    const known = ends.flatMap((end) => links.get(key(...end)) ?? [])[0];
    const link = known ?? unused(ends[0]?.[1] ?? '', taken);
    taken.add(link);
    for (const end of ends) if (!links.has(key(...end))) links.set(key(...end), link);
  }
  for (const [d, setup] of setups.entries()) {
    for (const ifname of interfacesOf(setup)) if (!links.has(key(d, ifname))) links.set(key(d, ifname), ifname);
  }
  return links;
}

function unused(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let i = 2; taken.has(free); i++) free = `${name}-${String(i)}`;
  return free;
}

/** The interfaces of one virtual router, where each director has it once; a second id of the same kind tells nothing. */
function sameRouters(setups: readonly DirectorSetup[]): readonly (readonly (readonly [number, string])[])[] {
  const routers = new Map<string, Map<number, Set<string>>>();
  for (const [d, setup] of setups.entries()) {
    for (const { virtualRouterId, family, interface: ifname } of instancesOf(setup)) {
      if (ifname === undefined) continue;
      const id = `${String(virtualRouterId)} ${family}`;
      const router = routers.get(id) ?? new Map<number, Set<string>>();
      routers.set(id, router.set(d, (router.get(d) ?? new Set()).add(ifname)));
    }
  }
  return [...routers.values()]
    .filter((router) => router.size > 1 && [...router.values()].every(({ size }) => size === 1))
    .map((router) => [...router].flatMap(([d, names]) => [...names].map((ifname) => [d, ifname] as const)));
}

interface Place {
  readonly setups: readonly DirectorSetup[];
  readonly d: number;
  readonly ifname: string;
}

function addresses(place: Place, given: readonly IpAddress[], link: number): readonly IpAddress[] {
  const setup = place.setups[place.d];
  const own = setup === undefined ? [] : instancesOf(setup).filter(({ interface: name }) => name === place.ifname);
  const chosen = own.flatMap((instance) => sourceOf(place, instance) ?? []);
  const all = [...new Set([...given, ...chosen])];
  for (const family of ['ipv4', 'ipv6'] as const) {
    if (all.some((address) => usable(address, family))) continue;
    const parsed = parseIp(made(family, link, place.d + 1));
    if (parsed.ok) all.push(parsed.value);
  }
  return all;
}

/** Adverts over IPv6 come from a link-local address. */
function usable(address: IpAddress, family: 'ipv4' | 'ipv6'): boolean {
  return ipFamily(address) === family && (family === 'ipv4' || address.startsWith('fe80:'));
}

function made(family: 'ipv4' | 'ipv6', link: number, director: number): string {
  return family === 'ipv4'
    ? `198.18.${String(link % 256)}.${String(director)}`
    : `fe80::${(link + 1).toString(16)}:${director.toString(16)}`;
}

/** The address that an instance sends from: its own, or the one that all its peers know and it does not. */
function sourceOf({ setups, d }: Place, instance: VrrpInstance): IpAddress | undefined {
  if (instance.unicastPeer.length === 0) return instance.mcastSrcIp ?? instance.unicastSrcIp;
  const chosen = instance.unicastSrcIp ?? instance.mcastSrcIp;
  if (chosen !== undefined) return chosen;
  const mine = new Set(instance.unicastPeer.map(({ address }) => address));
  const theirs = setups
    .filter((_, other) => other !== d)
    .flatMap((setup) =>
      instancesOf(setup).filter(
        ({ virtualRouterId, family }) => virtualRouterId === instance.virtualRouterId && family === instance.family,
      ),
    )
    .map(({ unicastPeer }) => unicastPeer.map(({ address }) => address));
  return theirs[0]?.find((address) => !mine.has(address) && theirs.every((peers) => peers.includes(address)));
}
