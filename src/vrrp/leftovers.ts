import type { AddressEntry } from '../config/index.ts';
import { changeAddresses } from './actions.ts';
import { addressKey, type Draft } from './state.ts';

/**
 * Takes back those of `entries` that are on their interfaces although instance `i` is not MASTER: what a former run or
 * somebody else left would be answered for by two directors. `held` says what stays, by `addressKey`.
 */
export function removeLeftovers(
  draft: Draft,
  i: number,
  entries: readonly AddressEntry[],
  held: ReadonlySet<string> = new Set(),
): void {
  const { config } = draft.instance(i);
  const left = entries.filter((entry) => {
    const ifname = entry.dev ?? config.interface ?? '';
    const key = addressKey(ifname, entry.address);
    // What was removed just now is still in what the kernel told last.
    const present = draft.shared.interfaces.get(ifname)?.addresses.includes(entry.address) === true;
    return present && !held.has(key) && draft.shared.ownRemovals.get(key) !== draft.nowMs;
  });
  if (left.length === 0) return;
  draft.log('debug', `(${config.name}) removing VIPs.`);
  changeAddresses(draft, i, 'remove-addresses', left);
}
