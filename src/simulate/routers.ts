import type { IpAddress } from '../core/index.ts';
import { instancesOf, type DirectorSetup } from './directors.ts';
import type { Ports } from './wire.ts';

/** One virtual router: the instances of one id and family on one link, which speak with each other. */
export interface VirtualRouter {
  /** That of its first instance; followed by its link and id where another one has the same. */
  readonly name: string;
  readonly link: string;
  readonly members: readonly { readonly director: string; readonly instance: string }[];
  /** The instances' names and those of their sync groups: what a script may call it. */
  readonly calledBy: ReadonlySet<string>;
  readonly addresses: readonly IpAddress[];
}

export function virtualRouters(setups: readonly DirectorSetup[], ports: Ports): readonly VirtualRouter[] {
  const found = new Map<
    string,
    {
      link: string;
      id: number;
      name: string;
      members: { director: string; instance: string }[];
      called: Set<string>;
      addresses: Set<IpAddress>;
    }
  >();
  for (const [d, setup] of setups.entries()) {
    for (const instance of instancesOf(setup)) {
      const port = ports[d]?.find(({ ifname }) => ifname === instance.interface);
      if (port === undefined) continue;
      const key = `${port.link} ${String(instance.virtualRouterId)} ${instance.family}`;
      const router = found.get(key) ?? {
        link: port.link,
        id: instance.virtualRouterId,
        name: instance.name,
        members: [],
        called: new Set(),
        addresses: new Set(),
      };
      found.set(key, router);
      if (!router.members.some((member) => member.director === setup.name && member.instance === instance.name))
        router.members.push({ director: setup.name, instance: instance.name });
      for (const name of [instance.name, ...groupsOf(setup, instance.name)]) router.called.add(name);
      for (const { address, dev } of [...instance.virtualIpaddress, ...instance.virtualIpaddressExcluded])
        if (dev === undefined || dev === instance.interface) router.addresses.add(address);
    }
  }
  const routers = [...found.values()];
  return routers.map(({ link, id, name, members, called, addresses }) => ({
    name: routers.filter((other) => other.name === name).length > 1 ? `${name}@${link}/${String(id)}` : name,
    link,
    members,
    calledBy: called,
    addresses: [...addresses],
  }));
}

function groupsOf({ config, reloads }: DirectorSetup, instance: string): readonly string[] {
  return [config, ...reloads.values()].flatMap(({ vrrp }) =>
    vrrp.syncGroups.flatMap(({ name, group }) => (group.includes(instance) ? [name] : [])),
  );
}
