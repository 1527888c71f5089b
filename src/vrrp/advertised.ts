import { ipFamily, type IpAddress } from '../core/index.ts';
import type { VrrpInstance } from '../config/index.ts';
import { trailerLength } from './hmac-trailer.ts';

/** The addresses that an advert lists: at most 255 (its count is one byte), never the excluded ones. */
export function advertisedAddresses(config: VrrpInstance): readonly IpAddress[] {
  return config.virtualIpaddress
    .map(({ address }) => address)
    .filter((address) => ipFamily(address) === config.family)
    .slice(0, 255);
}

/** The length of an instance's adverts with their IP header, as they are on the wire. */
export function advertPacketBytes(config: VrrpInstance): number {
  const [header, perAddress] = config.family === 'ipv4' ? [20, 4] : [40, 16];
  const sealed = config.version === 2 && config.authentication?.authType === 'AH' ? 24 : 0;
  const { authHmac } = config;
  const signed = authHmac === undefined || authHmac.mode === 'receive-only' ? 0 : trailerLength;
  return (
    header + sealed + signed + 8 + perAddress * advertisedAddresses(config).length + (config.version === 2 ? 8 : 0)
  );
}
