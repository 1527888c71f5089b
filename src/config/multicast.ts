import { ipFamily, ipToBytes, type IpAddress } from '../core/index.ts';

/** 224.0.0.0/4 or ff00::/8. */
export function isMulticast(address: IpAddress): boolean {
  const [first = 0] = ipToBytes(address);
  return ipFamily(address) === 'ipv4' ? first >= 224 && first <= 239 : first === 255;
}
