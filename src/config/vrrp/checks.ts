import type { VmacSettings, VrrpInstance, VrrpSyncGroup } from '../model/vrrp.ts';
import type { Findings } from '../read.ts';
import { checkMemberWeights, type Tracking } from './tracked-names.ts';

/** Two virtual routers with one id on one interface cannot be told apart. */
export function checkVrids(findings: Findings, instances: readonly VrrpInstance[]): void {
  const seen = new Map<string, VrrpInstance>();
  for (const instance of instances) {
    const route =
      instance.unicastPeer.length > 0 ? `unicast ${instance.unicastSrcIp ?? ''}` : (instance.mcastDstIp ?? '');
    const key = `${instance.interface ?? ''} ${String(instance.virtualRouterId)} ${instance.family} ${route}`;
    const other = seen.get(key);
    if (other !== undefined) {
      const message = `vrrp_instance ${instance.name} has the virtual_router_id ${String(instance.virtualRouterId)} of ${other.name} on the same interface`;
      findings.error('duplicate-vrid', instance.span, message, 'give each its own', 'unusable');
    }
    seen.set(key, instance);
  }
}

/** Of two instances that give their VMACs one name the first has it, the second gets one that is made. */
export function withOwnVmacNames(findings: Findings, instances: readonly VrrpInstance[]): readonly VrrpInstance[] {
  const owner = new Map<string, string>();
  return instances.map((instance) => {
    const { vmac, name } = instance;
    const other = vmac?.ifname === undefined ? undefined : owner.get(vmac.ifname);
    if (vmac?.ifname === undefined) return instance;
    if (other === undefined) {
      owner.set(vmac.ifname, name);
      return instance;
    }
    findings.error(
      'duplicate-object',
      instance.span,
      `vrrp_instance ${name} gives its interface the name ${vmac.ifname} of that of ${other}`,
      'the name is ignored: give each its own',
    );
    const unnamed = Object.fromEntries(Object.entries(vmac).filter(([key]) => key !== 'ifname'));
    return { ...instance, vmac: unnamed as unknown as VmacSettings };
  });
}

export function checkGroups(
  findings: Findings,
  groups: readonly VrrpSyncGroup[],
  instances: readonly VrrpInstance[],
  tracking: Tracking,
): void {
  const byName = new Map(instances.map((instance) => [instance.name, instance]));
  const owner = new Map<string, string>();
  for (const group of groups) {
    if (group.group.length === 1) {
      findings.warning(
        'group-of-one',
        group.span,
        `vrrp_sync_group ${group.name} has one member only`,
        'a sync group keeps two or more instances together: add the others, or remove it',
      );
    }
    for (const member of group.group) {
      const first = owner.get(member);
      if (!byName.has(member)) {
        findings.error(
          'unknown-member',
          group.span,
          `vrrp_sync_group ${group.name} names vrrp_instance ${member}, which does not exist`,
          'names are case-sensitive',
        );
      } else if (first !== undefined) {
        findings.error(
          'member-of-two',
          group.span,
          `vrrp_instance ${member} is in vrrp_sync_group ${first} and ${group.name}`,
          'it stays in the first',
        );
      } else {
        owner.set(member, group.name);
        if (!group.syncGroupTrackingWeight) checkMemberWeights(findings, group, byName.get(member), tracking);
      }
    }
  }
}
