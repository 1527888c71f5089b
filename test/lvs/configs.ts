import { parseIp, type IpAddress, type SourceSpan } from '../../src/core/index.ts';
import type { LvsConfig, MiscCheck, RealServer, TcpCheck, VirtualServer } from '../../src/config/index.ts';

/** Configurations as the tests need them: the two servers of the article behind 192.168.0.174:80, changed by what is given. */

const span: SourceSpan = { file: 'k.conf', line: 1, column: 1, endLine: 1, endColumn: 2 };

export function ip(text: string): IpAddress {
  const parsed = parseIp(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

const timing = {
  span,
  delayLoopMs: 6000,
  warmupMs: 6000,
  retry: 1,
  delayBeforeRetryMs: 1000,
  alpha: false,
  logAllFailures: false,
};

export function tcpCheck(change: Partial<TcpCheck> = {}): TcpCheck {
  return {
    type: 'TCP_CHECK',
    ...timing,
    connectIp: ip('192.168.170.25'),
    connectPort: 80,
    connectTimeoutMs: 3000,
    ...change,
  };
}

export function miscCheck(change: Partial<MiscCheck> = {}): MiscCheck {
  return {
    type: 'MISC_CHECK',
    ...timing,
    miscPath: { argv: ['/c'] },
    miscTimeoutMs: 6000,
    miscDynamic: true,
    ...change,
  };
}

export function realServer(address: string, change: Partial<RealServer> = {}): RealServer {
  return {
    span,
    address: ip(address),
    port: 80,
    weight: 1,
    forwarding: { lbKind: 'NAT' },
    inhibitOnFailure: false,
    uthreshold: 0,
    lthreshold: 0,
    smtpAlert: false,
    checkers: [tcpCheck()],
    ...change,
  };
}

export const sorry = {
  span,
  address: ip('192.168.170.99'),
  port: 80,
  forwarding: { lbKind: 'NAT' },
  inhibit: false,
} as const;

export function virtualServer(change: Partial<VirtualServer> = {}): VirtualServer {
  return {
    span,
    key: { kind: 'address', address: ip('192.168.0.174'), port: 80 },
    protocol: 'TCP',
    family: 'ipv4',
    lbAlgo: 'rr',
    flags: [],
    quorum: 1,
    hysteresis: 0,
    alpha: false,
    omega: false,
    haSuspend: false,
    smtpAlert: false,
    realServers: [realServer('192.168.170.25'), realServer('192.168.170.35')],
    ...change,
  };
}

export function lvsConfig(...virtualServers: readonly VirtualServer[]): LvsConfig {
  return { virtualServers, groups: [] };
}
