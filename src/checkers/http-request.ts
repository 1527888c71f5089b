import { ipFamily, type IpAddress } from '../core/index.ts';

/** The request as keepalived sends it, byte for byte: existing access logs and strict servers know it. */
export function httpRequest(options: {
  readonly path: string;
  readonly protocol: '1.0' | '1.0C' | '1.0K' | '1.1' | '1.1K';
  readonly virtualhost?: string;
  readonly address: IpAddress;
  readonly port: number;
}): string {
  const { path, protocol, address } = options;
  const close = protocol === '1.0C' || protocol === '1.1' ? 'Connection: close\r\n' : '';
  const keep = protocol === '1.0K' || protocol === '1.1K' ? 'Connection: keep-alive\r\n' : '';
  const literal = ipFamily(address) === 'ipv6' ? `[${address}]` : address;
  const host = options.virtualhost ?? `${literal}:${String(options.port)}`;
  const version = protocol.slice(0, 3);
  return `GET ${path} HTTP/${version}\r\nUser-Agent: KeepAliveClient\r\n${close}${keep}Host: ${host}\r\n\r\n`;
}
