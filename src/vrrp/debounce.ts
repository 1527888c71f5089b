import type { InterfaceFacts } from './events.ts';
import type { Draft, VrrpState } from './state.ts';

/** interface_up_down_delays: a link that goes and comes back within its delay has not been away. */

/** What counts of an interface: a change of its link only when it has lasted, its addresses at once. */
export function withLastingLink(
  draft: Draft,
  before: InterfaceFacts | undefined,
  facts: InterfaceFacts,
): InterfaceFacts {
  const { ifname, up } = facts;
  const linkChanges = new Map(draft.shared.linkChanges);
  const pending = linkChanges.get(ifname);
  linkChanges.delete(ifname);
  const delayMs = before === undefined || before.up === up ? 0 : linkDelayMs(draft.shared, ifname, up);
  if (delayMs > 0) linkChanges.set(ifname, pending ?? { up, atMs: draft.nowMs + delayMs });
  draft.set({ linkChanges });
  return delayMs > 0 ? { ...facts, up: !up } : facts;
}

/**
 * A VMAC has the delays of the interface below. No delay is longer than another director waits, but for one interval: there
 * would be two masters.
 */
function linkDelayMs({ config }: Draft['shared'], ifname: string, up: boolean): number {
  const { instances, interfaceUpDownDelays } = config.vrrp;
  const base = instances.find(({ vmac }) => vmac?.ifname === ifname)?.interface ?? ifname;
  const delays = interfaceUpDownDelays.find((entry) => entry.interface === base);
  if (delays === undefined) return 0;
  const users = instances.filter((instance) => instance.interface === base);
  const longest = users.map(({ downTimerAdverts, advertIntMs }) => (downTimerAdverts - 1) * advertIntMs);
  return Math.min(up ? delays.upMs : delays.downMs, ...longest);
}

export function nextLinkChange(changes: VrrpState['linkChanges']): number | undefined {
  return changes.size === 0 ? undefined : Math.min(...[...changes.values()].map(({ atMs }) => atMs));
}

/** Whether there were any. */
export function applyDueLinkChanges(draft: Draft): boolean {
  const due = [...draft.shared.linkChanges].filter(([, { atMs }]) => atMs <= draft.nowMs);
  if (due.length === 0) return false;
  const interfaces = new Map(draft.shared.interfaces);
  const linkChanges = new Map(draft.shared.linkChanges);
  for (const [ifname, { up }] of due) {
    linkChanges.delete(ifname);
    const facts = interfaces.get(ifname);
    if (facts !== undefined) interfaces.set(ifname, { ...facts, up });
  }
  draft.set({ interfaces, linkChanges });
  return true;
}

/** All interfaces as they are now, but for the changes that have not lasted yet. */
export function replaceInterfaces(draft: Draft, all: readonly InterfaceFacts[]): void {
  const counted = (facts: InterfaceFacts): InterfaceFacts => {
    const pending = draft.shared.linkChanges.get(facts.ifname);
    return pending === undefined ? facts : { ...facts, up: !pending.up };
  };
  draft.set({ interfaces: new Map(all.map((facts) => [facts.ifname, counted(facts)])) });
}
