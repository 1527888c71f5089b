import type { IpAddress, IpFamily } from '../../core/index.ts';
import type { AddressEntry, Configured, IprouteEntry, NotifyScripts, ScriptCommand, TrackEntry } from './values.ts';

/** Gratuitous ARP and unsolicited NA settings; global_defs' vrrp_garp_* are already copied in. */
export interface GarpSettings {
  /** After becoming MASTER, the second burst; 0: none. */
  readonly garpMasterDelayMs: number;
  readonly garpMasterRepeat: number;
  /** 0: no refresh. */
  readonly garpMasterRefreshMs: number;
  readonly garpMasterRefreshRepeat: number;
  readonly garpLowerPrioDelayMs: number;
  readonly garpLowerPrioRepeat: number;
}

export type VrrpAuthentication =
  { readonly authType: 'PASS'; readonly authPass: string } | { readonly authType: 'AH'; readonly authPass: string };

export interface UnicastPeer extends Configured {
  readonly address: IpAddress;
  readonly minTtl: number;
  readonly maxTtl: number;
}

export interface VmacSettings {
  readonly kind: 'macvlan' | 'ipvlan';
  readonly ifname?: string;
  readonly mac?: string;
  readonly address?: IpAddress;
  readonly ipvlanMode?: 'bridge' | 'private' | 'vepa';
  readonly group?: string;
  readonly xmitBase: boolean;
  readonly vmacAddr: boolean;
}

export interface TrackLists {
  readonly trackInterface: readonly TrackEntry[];
  readonly trackScript: readonly TrackEntry[];
  readonly trackProcess: readonly TrackEntry[];
  readonly trackFile: readonly TrackEntry[];
  readonly trackBfd: readonly TrackEntry[];
}

export interface VrrpInstance extends Configured, GarpSettings, NotifyScripts, TrackLists {
  readonly name: string;
  /** The initial state that the file asks for. */
  readonly state: 'MASTER' | 'BACKUP';
  readonly interface?: string;
  readonly virtualRouterId: number;
  /** 1 to 255; 255 owns the addresses. */
  readonly priority: number;
  readonly version: 2 | 3;
  readonly family: IpFamily;
  readonly advertIntMs: number;
  readonly authentication?: VrrpAuthentication;
  readonly virtualIpaddress: readonly AddressEntry[];
  readonly virtualIpaddressExcluded: readonly AddressEntry[];
  readonly virtualRoutes: readonly IprouteEntry[];
  readonly virtualRules: readonly IprouteEntry[];
  readonly promoteSecondaries: boolean;
  readonly unicastSrcIp?: IpAddress;
  readonly mcastSrcIp?: IpAddress;
  readonly mcastDstIp?: IpAddress;
  readonly trackSrcIp: boolean;
  readonly unicastPeer: readonly UnicastPeer[];
  readonly unicastFaultNoPeer: boolean;
  readonly unicastTtl?: number;
  readonly checkUnicastSrc: boolean;
  readonly oldUnicastChecksum?: 'yes' | 'never';
  readonly v3ChecksumAsV2: boolean;
  readonly nopreempt: boolean;
  readonly preemptDelayMs: number;
  readonly downTimerAdverts: number;
  readonly skipCheckAdvAddr: boolean;
  readonly strictMode: boolean;
  readonly accept: boolean;
  readonly lowerPrioNoAdvert: boolean;
  readonly higherPrioSendAdvert: boolean;
  readonly ownerIgnoreAdverts: boolean;
  readonly dontTrackPrimary: boolean;
  readonly linkbeatUsePolling: boolean;
  readonly startupDelayMs?: number;
  readonly kernelRxBufSize?: number;
  readonly vmac?: VmacSettings;
  readonly vrf?: string;
  readonly noVirtualIpaddress: boolean;
  readonly notifyPriorityChanges: boolean;
  /** `notify_deleted` without a command: the DELETED state is told to notify instead of FAULT. */
  readonly notifyDeletedEnabled: boolean;
  readonly smtpAlert: boolean;
  readonly debug?: number;
}

export interface VrrpSyncGroup extends Configured, NotifyScripts, TrackLists {
  readonly name: string;
  /** Instance names in the file's order. */
  readonly group: readonly string[];
  readonly syncGroupTrackingWeight: boolean;
  readonly globalTracking: boolean;
  readonly notifyPriorityChanges: boolean;
  readonly smtpAlert: boolean;
}

export interface VrrpScript extends Configured {
  readonly name: string;
  readonly script: ScriptCommand;
  readonly intervalMs: number;
  /** Absent: the interval. */
  readonly timeoutMs?: number;
  readonly weight: number;
  readonly reverse: boolean;
  readonly rise: number;
  readonly fall: number;
  readonly initFail: boolean;
}

export interface VrrpTrackProcess extends Configured {
  readonly name: string;
  readonly process: readonly string[];
  readonly paramMatch?: 'initial' | 'partial' | 'exact';
  readonly weight: number;
  readonly reverse: boolean;
  readonly quorum: number;
  readonly quorumMax?: number;
  readonly forkDelayMs: number;
  readonly terminateDelayMs: number;
  readonly fullCommand: boolean;
}

export interface TrackFile extends Configured {
  readonly name: string;
  readonly file: string;
  readonly weight: number;
  readonly reverse: boolean;
  /** Written at start: the value, and whether an existing file is overwritten. */
  readonly initFile?: { readonly value: number; readonly overwrite: boolean };
}

export interface GarpGroup extends Configured {
  readonly garpIntervalMs: number;
  readonly gnaIntervalMs: number;
  readonly interfaces: readonly string[];
}

export interface TrackGroup extends Configured {
  readonly name: string;
  readonly group: readonly string[];
}

export interface BfdInstance extends Configured {
  readonly name: string;
  readonly neighborIp: IpAddress;
  readonly sourceIp?: IpAddress;
  readonly minRxMs: number;
  readonly minTxMs: number;
  readonly idleTxMs: number;
  readonly multiplier: number;
  readonly passive: boolean;
  readonly ttl?: number;
  readonly maxHops?: number;
  readonly weight: number;
  readonly reverse: boolean;
}

/** Everything the vrrp process acts on. */
export interface VrrpConfig {
  readonly instances: readonly VrrpInstance[];
  readonly syncGroups: readonly VrrpSyncGroup[];
  readonly scripts: readonly VrrpScript[];
  readonly trackProcesses: readonly VrrpTrackProcess[];
  readonly garpGroups: readonly GarpGroup[];
  readonly trackGroups: readonly TrackGroup[];
  readonly staticIpaddress: readonly AddressEntry[];
  readonly staticRoutes: readonly IprouteEntry[];
  readonly staticRules: readonly IprouteEntry[];
}
