import type { VrrpInstance } from '../../../config/index.ts';
import type { Director } from '../../director.ts';
import { pairsOf, unpaired } from '../../peers.ts';
import type { PeerRule, Report } from '../../rule.ts';
import { allAddresses } from '../vrrp/addresses.ts';

/** An instance that only one director has fails over to nobody. */
export const peerInstanceMissing: PeerRule = {
  id: 'peer-instance-missing',
  severity: 'warning',
  title: 'an instance that the other director does not have',
  *compare(director, peer) {
    const [here, there] = [unpaired(director, peer), unpaired(peer, director)];
    const [first] = here;
    if (pairsOf(director, peer).length === 0 && first !== undefined && !share(here, there)) {
      yield {
        at: director.header(first),
        message: 'the other director has none of the virtual routers of this one',
        hint: 'is it the right file? Directors of one cluster have the same virtual_router_ids',
      };
      return;
    }
    yield* missing(director, here, there, 'the other director does not have it');
    yield* missing(peer, there, here, 'only the other director has it');
  },
};

function* missing(
  director: Director,
  instances: readonly VrrpInstance[],
  others: readonly VrrpInstance[],
  what: string,
): Iterable<Report> {
  const shared = addressesOf(others);
  for (const instance of instances) {
    // The same addresses under another id: that is told by another rule.
    if (allAddresses(instance).some(({ address }) => shared.has(address))) continue;
    yield {
      at: director.header(instance),
      message: `vrrp_instance ${instance.name} (virtual_router_id ${String(instance.virtualRouterId)}) fails over to nobody: ${what}`,
      hint: 'define it there too',
    };
  }
}

function share(here: readonly VrrpInstance[], there: readonly VrrpInstance[]): boolean {
  const addresses = addressesOf(there);
  return here.some((instance) => allAddresses(instance).some(({ address }) => addresses.has(address)));
}

function addressesOf(instances: readonly VrrpInstance[]): ReadonlySet<string> {
  return new Set(instances.flatMap((instance) => allAddresses(instance).map(({ address }) => address)));
}
