import { ipFamily, type IpAddress, type IpFamily } from './ip-address.ts';

/**
 * The kernel's IPVS objects as values, in the kernel's words (linux/ip_vs.h). Both the reconciler, which decides what
 * the table should hold, and the generic-netlink codec, which reads and writes it, speak in these.
 */

export type IpvsProtocol = 'tcp' | 'udp' | 'sctp';

/** What identifies a service in the kernel. */
export type IpvsServiceKey =
  | { readonly kind: 'address'; readonly protocol: IpvsProtocol; readonly address: IpAddress; readonly port: number }
  | { readonly kind: 'fwmark'; readonly fwmark: number; readonly family: IpFamily };

/** The family of a service: of its address, or the one for which its mark is taken. */
export function keyFamily(key: IpvsServiceKey): IpFamily {
  return key.kind === 'fwmark' ? key.family : ipFamily(key.address);
}

export interface IpvsService {
  readonly key: IpvsServiceKey;
  readonly scheduler: string;
  /** IP_VS_SVC_F_PERSISTENT 1, HASHED 2, ONEPACKET 4, SCHED1 8, SCHED2 16, SCHED3 32; without HASHED, which only the kernel sets. */
  readonly flags: number;
  /** Persistence timeout in seconds; 0 without persistence. */
  readonly timeoutSecs: number;
  /**
   * Persistence granularity as the kernel has it: of IPv4 the mask itself, 0xffffff00, not always of ones and then zeros;
   * of IPv6 the length of the prefix. Without persistence the whole address.
   */
  readonly netmask: number;
  readonly persistenceEngine?: string;
}

export type IpvsForwarding = 'masq' | 'local' | 'tunnel' | 'direct-route' | 'bypass';

export interface IpvsTunnel {
  readonly type: 'ipip' | 'gue' | 'gre';
  /** Destination port of gue, 0 otherwise. */
  readonly port: number;
  /** IP_VS_TUNNEL_ENCAP_FLAG_*: 0 none, 1 checksum, 2 remote checksum offload. */
  readonly flags: number;
}

export interface IpvsDestination {
  readonly address: IpAddress;
  readonly port: number;
  readonly forwarding: IpvsForwarding;
  readonly weight: number;
  /** Connection thresholds, 0: none. */
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  /** Only with forwarding `tunnel`. */
  readonly tunnel?: IpvsTunnel;
}

/** A service with what the kernel holds under it. */
export interface IpvsTableEntry {
  readonly service: IpvsService;
  readonly destinations: readonly IpvsDestination[];
}

/** One change of the kernel's table. A destination is identified by its service, address and port. */
export type IpvsOperation =
  | { readonly op: 'new-service'; readonly service: IpvsService }
  | { readonly op: 'set-service'; readonly service: IpvsService }
  | { readonly op: 'del-service'; readonly service: IpvsServiceKey }
  | { readonly op: 'new-dest'; readonly service: IpvsServiceKey; readonly destination: IpvsDestination }
  | { readonly op: 'set-dest'; readonly service: IpvsServiceKey; readonly destination: IpvsDestination }
  | {
      readonly op: 'del-dest';
      readonly service: IpvsServiceKey;
      readonly address: IpAddress;
      readonly port: number;
    };

/** A daemon of the kernel that sends its connections to other directors (master) or takes theirs (backup); it has one of either role. */
export interface IpvsSyncDaemon {
  readonly role: 'master' | 'backup';
  readonly interface: string;
  /** 0 to 255; a backup with 0 takes what any master sends. */
  readonly syncId: number;
  /** Bytes of a sync message's payload, up to the interface's MTU less the headers. What is absent, here and below, is the kernel's default. */
  readonly maxlen?: number;
  readonly group?: IpAddress;
  readonly port?: number;
  readonly ttl?: number;
}

export type IpvsSyncOperation =
  | { readonly op: 'start'; readonly daemon: IpvsSyncDaemon }
  | { readonly op: 'stop'; readonly role: IpvsSyncDaemon['role'] };
