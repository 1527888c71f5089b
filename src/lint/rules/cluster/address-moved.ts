import type { VrrpInstance } from '../../../config/index.ts';
import type { Director } from '../../director.ts';
import type { ChangeRule } from '../../rule.ts';
import { isSameRouter } from './changes.ts';

/** keepalived removes an address that moves to another instance after the new owner has added it. */
export const addressMoved: ChangeRule = {
  id: 'address-moved',
  severity: 'warning',
  title: 'a virtual address moves from one instance to another at reload',
  *change(director, previous) {
    const before = ownersOf(previous);
    for (const [address, instance] of ownersOf(director)) {
      const owner = before.get(address);
      if (owner === undefined || owner.name === instance.name || isSameRouter({ now: instance, before: owner }))
        continue;
      yield {
        at: instance.virtualIpaddress.find((entry) => entry.address === address)?.span ?? director.header(instance),
        message: `address ${address} moves from vrrp_instance ${owner.name} to ${instance.name}`,
        hint: 'with keepalived reload twice: first without the address, then with it in its new place; Watchkeeper needs one',
        related: [{ span: previous.header(owner), message: `its instance until now` }],
      };
    }
  },
};

function ownersOf({ config }: Director): ReadonlyMap<string, VrrpInstance> {
  return new Map(
    config.vrrp.instances.flatMap((instance) =>
      [...instance.virtualIpaddress, ...instance.virtualIpaddressExcluded].map(
        ({ address }) => [address, instance] as const,
      ),
    ),
  );
}
