import type { IpAddress, IpFamily } from '../../core/index.ts';
import type { Configured } from './values.ts';

/** An address with the length of its prefix: 32 or 128 where the file gives none. */
export interface Prefix {
  readonly address: IpAddress;
  readonly prefixLength: number;
}

/** A number, or a name that the host's iproute2 files must explain; the names that every kernel has are already numbers. */
export type NumberOrName = number | string;

export type RouteType =
  | 'unicast'
  | 'local'
  | 'broadcast'
  | 'anycast'
  | 'multicast'
  | 'unreachable'
  | 'prohibit'
  | 'blackhole'
  | 'throw'
  | 'nat';

/** Of `encap`, as ip-route(8) has it. */
export type RouteEncap =
  | {
      readonly type: 'ip' | 'ip6';
      readonly id?: string;
      readonly dst?: IpAddress;
      readonly src?: IpAddress;
      readonly tos?: NumberOrName;
      /** `ttl`, for ip6 also `hoplimit`. */
      readonly ttl?: number;
      readonly flags?: number;
    }
  | { readonly type: 'mpls'; readonly labels: readonly number[] }
  | { readonly type: 'ila'; readonly locator: string };

export interface RouteNexthop {
  readonly via?: IpAddress;
  readonly dev?: string;
  /** 1 to 256; 1 where the file gives none. */
  readonly weight: number;
  readonly onlink: boolean;
  readonly realms?: string;
  readonly encap?: RouteEncap;
}

/** The metrics of RTA_METRICS by their words in ip-route(8). Times are milliseconds, as the kernel takes them after iproute2's own scaling. */
export type RouteMetric =
  | 'mtu'
  | 'hoplimit'
  | 'advmss'
  | 'rtt'
  | 'rttvar'
  | 'reordering'
  | 'window'
  | 'cwnd'
  | 'ssthresh'
  | 'rto_min'
  | 'initcwnd'
  | 'initrwnd'
  | 'quickack'
  | 'fastopen_no_cookie';

/** A line of virtual_routes or static_routes; words as in ip-route(8). */
export interface RouteEntry extends Configured {
  readonly family: IpFamily;
  readonly type: RouteType;
  /** The default route has prefix length 0. */
  readonly to: Prefix;
  readonly via?: IpAddress;
  readonly dev?: string;
  readonly src?: IpAddress;
  /** IPv6 only. */
  readonly from?: Prefix;
  readonly table?: NumberOrName;
  /** 18 (keepalived) unless the line says otherwise and is not tracked. */
  readonly protocol: NumberOrName;
  readonly scope?: NumberOrName;
  readonly metric?: number;
  readonly tos?: NumberOrName;
  readonly realms?: string;
  readonly onlink: boolean;
  /** Seconds; IPv6 only. */
  readonly expiresSecs?: number;
  readonly metrics: Readonly<Partial<Record<RouteMetric, number>>>;
  /** Those of `metrics`, and `congctl`, that the kernel must not change by itself. */
  readonly locked: readonly (RouteMetric | 'congctl')[];
  readonly congctl?: string;
  /** The only feature there is is `ecn`. */
  readonly ecn: boolean;
  /** IPv6 only. */
  readonly pref?: 'low' | 'medium' | 'high';
  readonly ttlPropagate?: boolean;
  readonly encap?: RouteEncap;
  /** The labels of `as to`: MPLS only. */
  readonly asTo?: readonly number[];
  /** More than one way; `via` and `dev` are then absent. */
  readonly nexthops: readonly RouteNexthop[];
  readonly vrf?: string;
  /** How the route is made: like `ip route add`, `prepend` or `append`. */
  readonly operation?: 'add' | 'prepend' | 'append';
  /** Not looked after: nothing happens where somebody else removes it. */
  readonly noTrack: boolean;
  /** Static routes only. */
  readonly trackGroup?: string;
}

export type RuleAction =
  | { readonly type: 'table'; readonly table: NumberOrName }
  | { readonly type: 'goto'; readonly preference: number }
  | { readonly type: 'nop' | 'blackhole' | 'unreachable' | 'prohibit' | 'l3mdev' };

/** Both ends are included. */
export interface NumberRange {
  readonly first: number;
  readonly last: number;
}

/** A line of virtual_rules or static_rules; words as in ip-rule(8). */
export interface RuleEntry extends Configured {
  readonly family: IpFamily;
  readonly action: RuleAction;
  /** Where the file gives none, the reference counts down from 16384 over all its rules. */
  readonly preference?: number;
  readonly not: boolean;
  readonly from?: Prefix;
  readonly to?: Prefix;
  readonly tos?: NumberOrName;
  readonly fwmark?: { readonly mark: number; readonly mask: number };
  readonly realms?: string;
  readonly suppressPrefixlength?: number;
  readonly suppressIfgroup?: NumberOrName;
  readonly iif?: string;
  readonly oif?: string;
  /** 64 bits, decimal. */
  readonly tunnelId?: string;
  readonly uidrange?: NumberRange;
  readonly ipproto?: NumberOrName;
  readonly sport?: NumberRange;
  readonly dport?: NumberRange;
  /** 18 (keepalived) where it is tracked, else what the line says, else 0. */
  readonly protocol: number;
  readonly noTrack: boolean;
  /** Static rules only. */
  readonly trackGroup?: string;
}
