import type {
  CheckConnection,
  Checker,
  RealServer,
  SorryServer,
  VirtualServer,
  VirtualServerKey,
} from '../../../config/index.ts';
import type { Director } from '../../director.ts';

export interface PlacedServer {
  readonly service: VirtualServer;
  readonly server: RealServer;
}

export interface PlacedCheck extends PlacedServer {
  readonly check: Checker;
}

/** Most rules here ask for them, and there may be 100,000. */
const knownServers = new WeakMap<Director, readonly PlacedServer[]>();
const knownChecks = new WeakMap<Director, readonly PlacedCheck[]>();

/** All real servers with their services, in the file's order. */
export function serversOf(director: Director): readonly PlacedServer[] {
  return ensure(knownServers, director, () => {
    const servers: PlacedServer[] = [];
    for (const service of director.config.lvs.virtualServers)
      for (const server of service.realServers) servers.push({ service, server });
    return servers;
  });
}

/** All checks with their real servers. */
export function checksOf(director: Director): readonly PlacedCheck[] {
  return ensure(knownChecks, director, () => {
    const checks: PlacedCheck[] = [];
    for (const { service, server } of serversOf(director))
      for (const check of server.checkers) checks.push({ service, server, check });
    return checks;
  });
}

function ensure<T>(known: WeakMap<Director, T>, director: Director, make: () => T): T {
  let value = known.get(director);
  if (value === undefined) known.set(director, (value = make()));
  return value;
}

/** As the file names it: `virtual_server 192.0.2.10 80`, `virtual_server group web`. */
export function nameOfService({ key }: { readonly key: VirtualServerKey }): string {
  if (key.kind === 'address') return `virtual_server ${place(key)}`;
  return key.kind === 'group' ? `virtual_server group ${key.group}` : `virtual_server fwmark ${String(key.fwmark)}`;
}

/** As the file names it: `real_server 10.0.0.1 80`. */
export function nameOfServer(server: RealServer): string {
  return `real_server ${place(server)}`;
}

/** As the file names it: `sorry_server 10.0.0.9 80`. */
export function nameOfSorryServer(server: SorryServer): string {
  return `sorry_server ${place(server)}`;
}

function place({ address, port }: { readonly address: string; readonly port: number }): string {
  return port === 0 ? address : `${address} ${String(port)}`;
}

const checkKeywords =
  'TCP_CHECK HTTP_GET SSL_GET SMTP_CHECK DNS_CHECK MISC_CHECK UDP_CHECK PING_CHECK FILE_CHECK BFD_CHECK'.split(' ');

/** Where a check connects to; some checks connect nowhere. */
export function connectionsOf(check: Checker): readonly CheckConnection[] {
  return 'connectIp' in check ? [check] : [];
}

/** Whether a server has any check, be it one that cannot be used. */
export function isChecked(director: Director, server: RealServer): boolean {
  return server.checkers.length > 0 || checkKeywords.some((keyword) => director.line(server, keyword) !== undefined);
}

/** Whether a server's weight can change while the configuration stays. */
export function hasChangingWeight(director: Director, server: RealServer): boolean {
  return (
    director.line(server, 'FILE_CHECK') !== undefined ||
    server.checkers.some((check) => check.type === 'MISC_CHECK' && check.miscDynamic) ||
    director.line(server, 'MISC_CHECK')?.block?.statements.some(({ keyword }) => keyword.text === 'misc_dynamic') ===
      true
  );
}
