import { ipFamily, type IpAddress, type IpvsServiceKey } from '../core/index.ts';

/** `[192.168.0.174]:tcp:80` or `FWM 10`: the form that log lines and errors name a service by. */
export function serviceText(key: IpvsServiceKey): string {
  if (key.kind === 'fwmark') return `FWM ${String(key.fwmark)}${key.family === 'ipv6' ? ' IPv6' : ''}`;
  return `[${key.address}]:${key.protocol}:${String(key.port)}`;
}

/** `10.0.0.1:80`, `[::1]:80`. */
export function destinationText(address: IpAddress, port: number): string {
  return `${ipFamily(address) === 'ipv6' ? `[${address}]` : address}:${String(port)}`;
}
