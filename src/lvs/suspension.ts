import type { IpAddress } from '../core/index.ts';
import type { VirtualServer } from '../config/index.ts';
import { serviceKeys, type FindGroup } from './desired.ts';

/**
 * Whether the checks of a virtual server rest (keepalived.conf(5), ha_suspend): none of its addresses is among those of this host.
 * What was found of its servers before stays. A group of firewall marks alone has no address that could be missed.
 */
export function isSuspended(
  virtual: VirtualServer,
  findGroup: FindGroup,
  hostAddresses: ReadonlySet<IpAddress>,
): boolean {
  if (!virtual.haSuspend) return false;
  const addresses = serviceKeys(virtual, findGroup).flatMap((key) => (key.kind === 'address' ? [key.address] : []));
  return addresses.length > 0 && !addresses.some((address) => hostAddresses.has(address));
}
