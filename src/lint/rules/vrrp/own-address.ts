import type { VrrpInstance } from '../../../config/index.ts';
import { ipFamily } from '../../../core/index.ts';
import type { Director } from '../../director.ts';
import { hostAddresses, type HostAddress } from '../../facts.ts';
import type { Report, Rule } from '../../rule.ts';
import { allAddresses, ownersOf } from './addresses.ts';

/** Virtual addresses do not count as an interface's own, and keepalived takes them off at start. */
export const ownAddress: Rule = {
  id: 'own-address',
  severity: 'error',
  title: "a virtual address that is the interface's own",
  *check(director) {
    const byInterface = new Map<string, HostAddress[]>();
    for (const one of hostAddresses(director.facts)) {
      const list = byInterface.get(one.interface);
      if (list === undefined) byInterface.set(one.interface, [one]);
      else list.push(one);
    }
    if (byInterface.size === 0) return;
    const owners = ownersOf(director.config.vrrp.instances);
    for (const instance of director.config.vrrp.instances) {
      const mine = (byInterface.get(instance.interface ?? '') ?? []).filter(
        ({ address }) => ipFamily(address) === 'ipv4',
      );
      const report = withoutOwn(director, instance, mine, owners);
      if (report === undefined) yield* fixedOnes(instance, byInterface);
      else yield report;
    }
  },
};

function withoutOwn(
  director: Director,
  instance: VrrpInstance,
  mine: readonly HostAddress[],
  owners: ReadonlyMap<string, VrrpInstance>,
): Report | undefined {
  if (instance.family !== 'ipv4' || instance.unicastSrcIp !== undefined || instance.mcastSrcIp !== undefined)
    return undefined;
  if (mine.length === 0 || mine.some(({ address }) => !owners.has(address))) return undefined;
  const entry = allAddresses(instance).find(({ address }) => mine.some((one) => one.address === address));
  return {
    at: entry?.span ?? director.at(instance, 'interface'),
    message: `vrrp_instance ${instance.name} goes to FAULT: interface ${instance.interface ?? ''} has no address besides virtual ones (${mine.map(({ address }) => address).join(', ')}), and these are taken off at start`,
    hint: 'give the interface an address of its own, and the instance another that the directors share',
  };
}

/** keepalived would have set the address with the line's own prefix length: another one is somebody else's. */
function* fixedOnes(
  instance: VrrpInstance,
  byInterface: ReadonlyMap<string, readonly HostAddress[]>,
): Iterable<Report> {
  if (instance.priority === 255) return;
  for (const { address, prefixLength, dev, span } of allAddresses(instance)) {
    const link = dev ?? instance.interface ?? '';
    const there = byInterface.get(link)?.filter((one) => one.address === address) ?? [];
    const fixed = there.find((one) => one.prefixLength !== prefixLength);
    if (fixed === undefined || link === 'lo') continue;
    yield {
      at: span,
      message: `virtual address ${address} of vrrp_instance ${instance.name} is an own address of ${link} (/${String(fixed.prefixLength)}): this director has it also as BACKUP`,
      hint: 'take it off the interface, or choose another that no director has by itself',
    };
  }
}
