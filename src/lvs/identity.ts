import type { IpvsDestination, IpvsServiceKey } from '../core/index.ts';
import type { Checker, RealServer, SorryServer, VirtualServer } from '../config/index.ts';

/** By what objects are known: in log lines and FIFOs, and over a reload. */

/** `[192.168.0.174]:tcp:80`, `FWM 10` or `[GROUP]:0`, as the reference writes a virtual server. */
export function virtualServerText(server: VirtualServer): string {
  const { key } = server;
  switch (key.kind) {
    case 'address':
      return `[${key.address}]:${server.protocol.toLowerCase()}:${String(key.port)}`;
    case 'fwmark':
      return `FWM ${String(key.fwmark)}`;
    case 'group':
      return `[${key.group}]:0`;
  }
}

/** Unique among the virtual servers of a configuration that can be in one table. */
export function virtualServerId(server: VirtualServer): string {
  return `${virtualServerText(server)} ${server.protocol} ${server.family}`;
}

export function realServerText(server: RealServer | SorryServer, virtual: VirtualServer): string {
  return `[${server.address}]:${virtual.protocol.toLowerCase()}:${String(server.port)}`;
}

export function realServerId(server: RealServer | SorryServer): string {
  return `${server.address} ${String(server.port)}`;
}

/** The same checker before and after a reload: the same kind with the same settings at the same server. */
export function checkerId(virtual: VirtualServer, server: RealServer, checker: Checker): string {
  return `${virtualServerId(virtual)} ${realServerId(server)} ${checker.type} ${digest(settingsText(checker))}`;
}

/** Without the place in the file. JSON is slow with a function that leaves something out, and there may be 100,000. */
function settingsText(checker: Checker): string {
  const settings = { ...checker, span: undefined };
  if (!('urls' in settings)) return JSON.stringify(settings);
  return JSON.stringify({ ...settings, urls: settings.urls.map((url) => ({ ...url, span: undefined })) });
}

/** Of 53 bits: it tells the few checkers of one server apart, and one from itself before its settings changed. */
function digest(text: string): string {
  let [high, low] = [0x9dc5811c, 0x811c9dc5];
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    high = Math.imul(high ^ char, 0x85ebca6b);
    low = Math.imul(low ^ char, 0x01000193);
  }
  return ((high >>> 11) * 2 ** 32 + (low >>> 0)).toString(36);
}

/** A key for maps. */
export function serviceId(key: IpvsServiceKey): string {
  return key.kind === 'fwmark'
    ? `fwm ${String(key.fwmark)} ${key.family}`
    : `${key.protocol} ${key.address} ${String(key.port)}`;
}

/** Unique among the destinations of a service. */
export function destinationId({ address, port }: Pick<IpvsDestination, 'address' | 'port'>): string {
  return `${address} ${String(port)}`;
}
