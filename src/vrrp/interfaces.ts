import type { IpAddress } from '../core/index.ts';
import { allAddresses, skewMs } from './actions.ts';
import { withLastingLink } from './debounce.ts';
import type { InterfaceFacts, VrrpEvent } from './events.ts';
import { addressKey, type Draft } from './state.ts';
import { allUnits, settle, unitOf, unitToBackup } from './transitions.ts';

/** Reads all tracked objects again. */
export function settleAll(draft: Draft): void {
  if (draft.shared.phase !== 'running') return;
  for (const unit of allUnits(draft)) settle(draft, unit);
}

/** Takes in what the kernel says of an interface; undefined: it does not exist any more. */
export function interfaceChanged(
  draft: Draft,
  ifname: string,
  facts: InterfaceFacts | undefined,
  went: readonly IpAddress[] = [],
): void {
  const before = draft.shared.interfaces.get(ifname);
  const interfaces = new Map(draft.shared.interfaces);
  if (facts === undefined) interfaces.delete(ifname);
  else interfaces.set(ifname, withLastingLink(draft, before, facts));
  draft.set({ interfaces });
  if (draft.shared.phase !== 'running') return;
  const { came, gone } = difference(before?.addresses ?? [], facts?.addresses ?? [], went);
  if (!concernsNobody(draft, before, interfaces.get(ifname), [...came, ...gone])) settleAll(draft);
  if (facts !== undefined && before !== undefined) lostAddresses(draft, ifname, gone);
}

/** What came is always at the end, so that of thousands only few are looked at. */
function difference(
  before: readonly IpAddress[],
  now: readonly IpAddress[],
  went: readonly IpAddress[],
): { readonly came: readonly IpAddress[]; readonly gone: ReadonlySet<IpAddress> } {
  const other = now.findIndex((address, i) => address !== before[i]);
  const same = other === -1 ? now.length : other;
  const [had, has] = [new Set(before.slice(same)), new Set(now.slice(same))];
  const came = [...has].filter((address) => !had.has(address));
  return { came, gone: new Set([...went, ...[...had].filter((address) => !has.has(address))]) };
}

/**
 * Virtual addresses that come and go are no instance's own: at a takeover of thousands that is all that happens. (With track_src_ip one may
 * be asked for all the same.)
 */
function concernsNobody(
  draft: Draft,
  before: InterfaceFacts | undefined,
  now: InterfaceFacts | undefined,
  changed: readonly IpAddress[],
): boolean {
  if (now === undefined || before?.up !== now.up || before.ifindex !== now.ifindex) return false;
  if (draft.instances.some(({ config }) => config.trackSrcIp)) return false;
  const virtual = draft.shared.index.virtualAddresses.get(now.ifname);
  return changed.every((address) => virtual?.has(address) === true);
}

/** Somebody took a virtual address away from a master: it yields, and asks for it again after the skew. */
function lostAddresses(draft: Draft, ifname: string, all: ReadonlySet<IpAddress>): void {
  if (all.size === 0) return;
  const gone = new Set([...all].filter((address) => !draft.ownRemovals.delete(addressKey(ifname, address))));
  if (gone.size === 0) return;
  for (const [i, { state, config }] of draft.instances.entries()) {
    if (state !== 'MASTER' || draft.instance(i).state !== 'MASTER') continue;
    const lost = allAddresses(config).find(
      (entry) => (entry.dev ?? config.interface) === ifname && gone.has(entry.address) && entry.noTrack !== true,
    );
    if (lost === undefined) continue;
    draft.log('warning', `(${config.name}) VIP ${lost.address} was removed from ${ifname} by somebody else`);
    unitToBackup(draft, unitOf(draft, i), (member) => draft.nowMs + skewMs(member), 'lost-address');
  }
}

/** Somebody took a route or rule away: as with an address. */
export function lostRoute(draft: Draft, { instance, text }: Extract<VrrpEvent, { type: 'route-lost' }>): void {
  const i = draft.instances.findIndex(({ config, state }) => config.name === instance && state === 'MASTER');
  if (i === -1) return;
  draft.log('warning', `(${instance}) ${text} was removed by somebody else`);
  unitToBackup(draft, unitOf(draft, i), (member) => draft.nowMs + skewMs(member), 'lost-address');
}
