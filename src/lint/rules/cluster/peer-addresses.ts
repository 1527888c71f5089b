import type { AddressEntry } from '../../../config/index.ts';
import { pairsOf } from '../../peers.ts';
import type { PeerRule } from '../../rule.ts';
import { allAddresses } from '../vrrp/addresses.ts';
import { listed, without } from './words.ts';

/** What one director does not have is gone while it is MASTER. */
export const peerAddresses: PeerRule = {
  id: 'peer-addresses',
  severity: 'warning',
  title: 'two directors have different virtual addresses',
  *compare(director, peer) {
    for (const { mine, theirs } of pairsOf(director, peer)) {
      const [here, there] = [allAddresses(mine), allAddresses(theirs)];
      const [missingThere, missingHere] = [without(texts(here), texts(there)), without(texts(there), texts(here))];
      const related = [{ span: peer.header(theirs), message: `vrrp_instance ${theirs.name} of the other director` }];
      if (missingThere.length + missingHere.length > 0) {
        const parts = [
          ...(missingThere.length === 0 ? [] : [`only this director has ${listed(missingThere)}`]),
          ...(missingHere.length === 0 ? [] : [`only the other director has ${listed(missingHere)}`]),
        ];
        yield {
          at: first(here, missingThere)?.span ?? director.header(mine),
          message: `virtual addresses of vrrp_instance ${mine.name} differ: ${parts.join(', ')}`,
          hint: 'an address that one director does not have is gone while that one is MASTER: give both the same',
          related,
        };
        continue;
      }
      const [sent, taken] = [texts(mine.virtualIpaddress), texts(theirs.virtualIpaddress)];
      const moved = [...without(sent, taken), ...without(taken, sent)];
      if (moved.length > 0)
        yield {
          at: first(here, moved)?.span ?? director.header(mine),
          message: `${listed(moved)} of vrrp_instance ${mine.name} is in virtual_ipaddress of one director and in virtual_ipaddress_excluded of the other`,
          hint: 'adverts do not name the same addresses then, and each is logged as wrong: put it into the same block on both',
          related,
        };
      const prefixes = new Map(there.map((entry) => [entry.address, entry.prefixLength]));
      const other = here.find(({ address, prefixLength }) => prefixes.get(address) !== prefixLength);
      if (other !== undefined)
        yield {
          at: other.span,
          message: `address ${other.address} of vrrp_instance ${mine.name} has prefix length ${String(other.prefixLength)}, on the other director ${String(prefixes.get(other.address))}`,
          hint: 'give the same on both: it makes the route to the network',
          related,
        };
    }
  },
};

function first(entries: readonly AddressEntry[], addresses: readonly string[]): AddressEntry | undefined {
  const wanted = new Set(addresses);
  return entries.find(({ address }) => wanted.has(address));
}

function texts(entries: readonly AddressEntry[]): readonly string[] {
  return entries.map(({ address }) => address);
}
