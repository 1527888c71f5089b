import type { IpAddress, IpFamily } from '../../core/index.ts';
import type { Checker } from './checkers.ts';
import type { Configured, ScriptCommand } from './values.ts';

export type Forwarding =
  | { readonly lbKind: 'NAT' }
  | { readonly lbKind: 'DR' }
  | {
      readonly lbKind: 'TUN';
      readonly tunType: 'ipip' | 'gue' | 'gre';
      readonly tunPort?: number;
      readonly tunChecksum?: 'nocsum' | 'csum' | 'remcsum';
    };

export type LvsProtocol = 'TCP' | 'UDP' | 'SCTP';

/** What a virtual_server line names. A group's entries become one kernel service each. */
export type VirtualServerKey =
  | { readonly kind: 'address'; readonly address: IpAddress; readonly port: number }
  | { readonly kind: 'fwmark'; readonly fwmark: number; readonly family: IpFamily }
  | { readonly kind: 'group'; readonly group: string };

export interface RealServer extends Configured {
  readonly address: IpAddress;
  /** 0: the connection's own port. */
  readonly port: number;
  /** 0 to 65535; the virtual server's `weight` where the file gives none here. */
  readonly weight: number;
  readonly forwarding: Forwarding;
  readonly inhibitOnFailure: boolean;
  /** Upper and lower connection thresholds; 0: none. */
  readonly uthreshold: number;
  readonly lthreshold: number;
  readonly notifyUp?: ScriptCommand;
  readonly notifyDown?: ScriptCommand;
  readonly virtualhost?: string;
  readonly snmpName?: string;
  /** Mail when it goes up or down; smtp_alert_checker and smtp_alert of global_defs are already filled in. On unless said. */
  readonly smtpAlert: boolean;
  readonly checkers: readonly Checker[];
}

export interface SorryServer extends Configured {
  readonly address: IpAddress;
  readonly port: number;
  readonly forwarding: Forwarding;
  readonly inhibit: boolean;
}

export interface VirtualServer extends Configured {
  readonly key: VirtualServerKey;
  readonly protocol: LvsProtocol;
  /** Absent only where an IPv6 mix forbids it to be known before the real servers are. */
  readonly family: IpFamily;
  readonly lbAlgo: string;
  /** IP_VS_SVC_F_SCHED1.. and ops, as words: sh-port, sh-fallback, mh-port, mh-fallback, flag-1, flag-2, flag-3, ops. */
  readonly flags: readonly string[];
  readonly persistenceTimeoutSecs?: number;
  /** IPv4 mask as an address, IPv6 as a prefix length. */
  readonly persistenceGranularity?: IpAddress | number;
  /** At most 15 characters: sip is the one that kernels have. */
  readonly persistenceEngine?: string;
  readonly quorum: number;
  readonly hysteresis: number;
  readonly quorumUp?: ScriptCommand;
  readonly quorumDown?: ScriptCommand;
  readonly sorryServer?: SorryServer;
  readonly alpha: boolean;
  readonly omega: boolean;
  /** No checks while the address of the service is not on this host. Not for firewall marks. */
  readonly haSuspend: boolean;
  readonly virtualhost?: string;
  /** Mail when the quorum is gained or lost; smtp_alert_checker and smtp_alert of global_defs are already filled in. */
  readonly smtpAlert: boolean;
  readonly snmpName?: string;
  readonly realServers: readonly RealServer[];
}

export type GroupEntry =
  | {
      readonly kind: 'range';
      readonly first: IpAddress;
      /** The last address, `first` for one. There are 65,536 at most. */
      readonly last: IpAddress;
      readonly port: number;
    }
  | {
      readonly kind: 'fwmark';
      readonly fwmark: number;
      /** Absent: that of the real servers. */
      readonly family?: IpFamily;
    };

export interface VirtualServerGroup extends Configured {
  readonly name: string;
  readonly entries: readonly GroupEntry[];
}

/** The root SSL block: the client certificate of all SSL checks, and who must have signed the servers'. Paths of PEM files. */
export interface SslContext {
  readonly password?: string;
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
}

/** Everything the checkers process acts on. */
export interface LvsConfig {
  readonly virtualServers: readonly VirtualServer[];
  readonly groups: readonly VirtualServerGroup[];
  readonly ssl?: SslContext;
}
