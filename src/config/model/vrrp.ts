import type { IpAddress, IpFamily } from '../../core/index.ts';
import type { NumberOrName, RouteEntry, RuleEntry } from './routes.ts';
import type { TrackLists, VrrpScript, VrrpTrackProcess } from './tracking.ts';
import type { AddressEntry, Configured, NotifyScripts } from './values.ts';

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
  /**
   * How often one is sent for addresses that are on another interface than the instance's, so that switches do not forget them: 1 s to
   * a day; only where that is a VMAC, or with `all` on every interface. Absent: never.
   */
  readonly garpExtraIf?: { readonly intervalMs: number; readonly all: boolean };
}

export type VrrpAuthentication =
  { readonly authType: 'PASS'; readonly authPass: string } | { readonly authType: 'AH'; readonly authPass: string };

/** auth_hmac: adverts of every version carry and need a signature. */
export interface AuthHmac {
  /** In the file's order; ids 1 to 255, each once. */
  readonly keys: readonly { readonly id: number; readonly key: AuthHmacKey }[];
  /** The id of the key that signs. Absent where the file names none that is there: such an instance must not go on without a signature. */
  readonly activeKey?: number;
  /** How far a timestamp may be off, 1 to 300 s; three times advert_int, at least 5 s, unless said. */
  readonly timeWindowMs: number;
  readonly antiReplay: 'time' | 'monotonic';
  /** `permissive` takes adverts that fail, `receive-only` does not sign. */
  readonly mode: 'enforce' | 'permissive' | 'receive-only';
}

/** 32 to 64 bytes. */
export type AuthHmacKey =
  | { readonly from: 'text'; readonly text: string }
  | { readonly from: 'hex'; readonly hex: string }
  | { readonly from: 'file'; readonly path: string };

export interface UnicastPeer extends Configured {
  readonly address: IpAddress;
  /** Adverts with a TTL (hop limit) below this are not taken, where the source is checked; 0 unless said. */
  readonly minTtl: number;
  /** Likewise above this; 255 unless said. */
  readonly maxTtl: number;
}

/** use_vmac and use_ipvlan: the addresses are on an interface of their own that is made on top of the instance's. */
export type VmacSettings = MacvlanSettings | IpvlanSettings;

export interface MacvlanSettings {
  readonly kind: 'macvlan';
  /** Absent: vmac_prefix, a dot and the virtual_router_id. */
  readonly ifname?: string;
  /** Lowercase with colons. Absent: the address that RFC 9568 gives the virtual router. */
  readonly mac?: string;
  /** The interface group (ip-link(8)). */
  readonly group?: NumberOrName;
  /** Changes of the interface are announced to others (by netlink). */
  readonly netlinkNotifyMsg: boolean;
  /** Adverts go out of and come in by the interface below. */
  readonly xmitBase: boolean;
}

export interface IpvlanSettings {
  readonly kind: 'ipvlan';
  readonly ifname?: string;
  /** Of the interface itself; adverts have it as their source. An IPv4 instance needs one. */
  readonly address?: IpAddress;
  /** Of the address; absent: it stands alone. */
  readonly prefixLength?: number;
  readonly mode: 'bridge' | 'private' | 'vepa';
  readonly group?: NumberOrName;
  readonly xmitBase: boolean;
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
  readonly authHmac?: AuthHmac;
  readonly virtualIpaddress: readonly AddressEntry[];
  readonly virtualIpaddressExcluded: readonly AddressEntry[];
  readonly virtualRoutes: readonly RouteEntry[];
  readonly virtualRules: readonly RuleEntry[];
  readonly promoteSecondaries: boolean;
  readonly unicastSrcIp?: IpAddress;
  readonly mcastSrcIp?: IpAddress;
  readonly mcastDstIp?: IpAddress;
  readonly trackSrcIp: boolean;
  readonly unicastPeer: readonly UnicastPeer[];
  /** FAULT where none of the unicast peers can be used, instead of multicast. */
  readonly unicastFaultNoPeer: boolean;
  /** 0 to 255. Absent: 255 for IPv4, the kernel's default for IPv6. */
  readonly unicastTtl?: number;
  readonly checkUnicastSrc: boolean;
  /** The checksum of VRRP version 3 that keepalived up to 1.3.6 had for unicast: used with such peers, or never. Absent: found out. */
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
  /** After a start nothing is done for so long; no keyword gives it, it is for those who make configurations themselves. */
  readonly startupDelayMs?: number;
  /** Bytes of the receiving socket's buffer. Absent: as vrrp_rx_bufs_policy says. */
  readonly kernelRxBufSize?: number;
  readonly vmac?: VmacSettings;
  /** Addresses on other interfaces get a VMAC there as well. */
  readonly useVmacAddr: boolean;
  /** The VRF that unicast adverts go by, instead of an interface. */
  readonly vrf?: string;
  /** lvs_sync_daemon of old: already in global_defs' where that says nothing else. */
  readonly lvsSyncDaemonInterface?: string;
  /** An instance that does not preempt counts at this priority, 1 to 254, when nothing is heard any more. Absent: its own. */
  readonly timerExpiredBackup?: number;
  readonly noVirtualIpaddress: boolean;
  readonly notifyPriorityChanges: boolean;
  /** `notify_deleted` without a command: the DELETED state is told to notify instead of FAULT. */
  readonly notifyDeletedEnabled: boolean;
  /** Mail at each change of state; smtp_alert_vrrp and smtp_alert of global_defs are already filled in. */
  readonly smtpAlert: boolean;
  /** 0 to 4. */
  readonly debug: number;
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

/** Interfaces that share one limit on gratuitous ARPs and unsolicited NAs, as behind one switch. */
export interface GarpGroup extends Configured {
  /** Between two of them; 0: no limit. */
  readonly garpIntervalMs: number;
  readonly gnaIntervalMs: number;
  readonly interfaces: readonly string[];
}

/** Instances on whose interfaces static addresses, routes and rules depend: these come back when one of the interfaces does. */
export interface TrackGroup extends Configured {
  readonly name: string;
  /** Instance names in the file's order. */
  readonly group: readonly string[];
}

/** How the link of an interface is watched where netlink does not tell of it. */
export interface LinkbeatInterface extends Configured {
  readonly interface: string;
  /** Absent: the first that works. */
  readonly method?: 'MII' | 'ETHTOOL' | 'IOCTL';
}

/** How long an interface must be down (up) until that counts: up to 255 s each. */
export interface InterfaceUpDownDelays extends Configured {
  readonly interface: string;
  readonly downMs: number;
  readonly upMs: number;
}

/** Everything the vrrp process acts on. */
export interface VrrpConfig {
  readonly instances: readonly VrrpInstance[];
  readonly syncGroups: readonly VrrpSyncGroup[];
  readonly scripts: readonly VrrpScript[];
  readonly trackProcesses: readonly VrrpTrackProcess[];
  readonly garpGroups: readonly GarpGroup[];
  readonly trackGroups: readonly TrackGroup[];
  readonly linkbeatInterfaces: readonly LinkbeatInterface[];
  readonly interfaceUpDownDelays: readonly InterfaceUpDownDelays[];
  readonly staticIpaddress: readonly AddressEntry[];
  readonly staticRoutes: readonly RouteEntry[];
  readonly staticRules: readonly RuleEntry[];
}
