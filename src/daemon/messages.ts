import type { BfdInstance, GlobalDefs, LvsConfig, ScriptCommand, SslContext, TrackFile } from '../config/index.ts';
import type { SyncSettings } from '../lvs/index.ts';
import type { IpvsTimeouts } from '../ipvs-netlink/index.ts';
import type { VrrpTableOptions } from '../nftables-netlink/index.ts';
import type { LvsAlert } from '../notify/index.ts';
import type { LogOptions, ReceiveBuffer, Scheduling } from '../platform/index.ts';
import type {
  EngineConfig,
  InstanceStateName,
  NotifyState,
  SuccessorFacts,
  SuccessorNews,
  VmacNaming,
  VrrpStats,
} from '../vrrp/index.ts';
import type { IpvsSyncDaemon } from '../core/index.ts';
import type { Compact } from './compact.ts';
import type { VrrpReport } from './dumps/report.ts';

/** How a part logs; its name in the log is its own. */
export interface PartLog extends Omit<LogOptions, 'ident'> {
  /** Behind its name: of several daemons on a host. */
  readonly identSuffix?: string;
}

/** What supervisor and parts say to each other: plain data. */

/** What a part does with addresses, table and the like when the supervisor is gone (--on-supervisor-death). */
export type Orphaned = 'clean-up' | 'keep';

/** Every part is told at its start. */
export interface PartStart {
  readonly type: 'start';
  readonly log: PartLog;
  readonly scheduling: Scheduling;
  readonly orphaned: Orphaned;
}

/** Where a part leaves its state for the next run of the daemon. */
export interface StatePlace {
  readonly path: string;
  /** The machine's run that we are in. */
  readonly boot: string;
}

/** `keep`: a successor goes on with what is there, so nothing is taken back and nobody told. */
export interface StopOrder {
  readonly type: 'stop';
  readonly keep?: true;
}

/** Whether a BFD session is up. */
interface BfdStateMessage {
  readonly type: 'bfd-state';
  readonly bfd: string;
  readonly up: boolean;
}

export type ToBfd =
  | (PartStart & { readonly instances: readonly BfdInstance[] })
  | { readonly type: 'reload'; readonly instances: readonly BfdInstance[] }
  | StopOrder;

export type FromBfd = { readonly type: 'ready' } | BfdStateMessage;

/** A track_file holds another number. */
interface FileValue {
  readonly type: 'file-value';
  readonly trackFile: string;
  readonly value: number;
}

/** Asks for a report, for dumps; with `clear`, all counters begin at 0 afterwards. */
interface AskReport {
  readonly type: 'report';
  readonly clear: boolean;
}

export type ToVrrp =
  | (PartStart & {
      readonly stateFile: StatePlace;
      readonly config: EngineConfig;
      /** What the predecessor that died, or left its work to us, reported last. */
      readonly resume?: SuccessorFacts['states'];
      /** Likewise. */
      readonly ahSequences: SuccessorFacts['ahSequences'];
      readonly scripts: SuccessorFacts['scripts'];
      readonly stats?: Readonly<Record<string, VrrpStats>>;
      /** When a predecessor that left its work to us sent its last adverts, since the machine was started. */
      readonly leftAtMs?: number;
      /** The tables of nftables that a former run left. */
      readonly firewallBefore?: string;
      /** The interfaces of use_ipvlan that a former run left. */
      readonly ipvlansBefore?: readonly string[];
      readonly settings: VrrpSettings;
      /** Kernel settings that the predecessor changed, as they were before. */
      readonly sysctlsBefore?: SysctlsBefore;
      readonly keepAddresses: boolean;
      readonly logAddresses: boolean;
      /** What the track_files hold, by name. */
      readonly files: Readonly<Record<string, number>>;
      /** Whether the quorum of each track_process runs, by name. */
      readonly processes: Readonly<Record<string, boolean>>;
      /** Whether each BFD session is up, as far as it is known. */
      readonly bfds: Readonly<Record<string, boolean>>;
    })
  | {
      readonly type: 'reload';
      readonly config: EngineConfig;
      readonly settings: VrrpSettings;
      readonly files: Readonly<Record<string, number>>;
      readonly processes: Readonly<Record<string, boolean>>;
    }
  | AskReport
  | { readonly type: 'script-result'; readonly script: string; readonly ok: boolean; readonly reason: string }
  | FileValue
  | { readonly type: 'process-state'; readonly trackProcess: string; readonly ok: boolean }
  | BfdStateMessage
  | StopOrder;

/** What the vrrp process does besides the engine. */
export interface VrrpSettings {
  /** Where iproute2's names of tables and the like are, later folders counting. */
  readonly iprouteFolders: readonly string[];
  readonly vmacNaming: VmacNaming;
  readonly firewall: FirewallSettings;
  readonly disableLocalIgmp: boolean;
  /** Interfaces whose drivers are asked for their links. */
  readonly linkbeat: readonly string[];
  readonly receiveBuffers: AdvertBuffers;
  /** Of the sockets to the kernel. */
  readonly netlinkCommands: ReceiveBuffer;
  readonly netlinkMonitor: ReceiveBuffer;
}

/** How large the receive buffers of adverts are, where an instance does not say (vrrp_rx_bufs_policy). */
export interface AdvertBuffers {
  /** For each instance: packets of so many bytes, or adverts, `multiplier` times; or so many bytes. Absent: the kernel's default. */
  readonly policy?: 'MTU' | 'ADVERT' | number;
  readonly multiplier: number;
}

export interface FirewallSettings extends VrrpTableOptions {
  /** nftables_ifindex: link-local addresses go with the interface's index also where it may come and go. */
  readonly byIndex: boolean;
}

/** Kernel settings that were changed and what they were before, by who changed them. */
export interface SysctlsBefore {
  /** By path under net/ipv4/conf. */
  readonly vmacs?: Readonly<Record<string, string>>;
  /** promote_secondaries, by interface. */
  readonly promoted?: Readonly<Record<string, string>>;
  /** By name under net/ipv4. */
  readonly igmp?: Readonly<Record<string, string>>;
}

export type FromVrrp =
  | { readonly type: 'ready' }
  | (SuccessorNews & { readonly type: 'states' })
  | {
      readonly type: 'notify-vrrp';
      readonly object: 'INSTANCE' | 'GROUP';
      readonly name: string;
      readonly state: NotifyState;
      readonly priority: number;
      readonly fifoOnly?: true;
    }
  | { readonly type: 'sysctls-before'; readonly sysctls: SysctlsBefore }
  | { readonly type: 'vrrp-report'; readonly report: VrrpReport }
  | { readonly type: 'run-script'; readonly script: string; readonly timeoutMs: number };

export interface CheckersSettings {
  readonly lvs: LvsConfig;
  /** Those that checks may name. */
  readonly trackFiles: readonly TrackFile[];
  readonly ssl?: SslContext;
  readonly rsInitNotifies: boolean;
  /** Of which events there is mail: of every check that changes, of servers alone, of nothing. */
  readonly mail: 'checks' | 'servers' | 'none';
  readonly timeouts?: IpvsTimeouts;
  readonly flush: boolean;
  /** The whole table at stop, and not only what is ours. */
  readonly flushOnStop: boolean;
  /** A path of the network namespace whose table it is; absent: our own. */
  readonly ipvsNamespace?: string;
  readonly sync?: SyncSettings;
  readonly scripts: ScriptRules;
  /** Of the sockets to the kernel. */
  readonly netlinkCommands: ReceiveBuffer;
  readonly netlinkMonitor: ReceiveBuffer;
}

export type SyncRole = IpvsSyncDaemon['role'];

/** Whom scripts run as and which are not run at all. */
export type ScriptRules = Pick<GlobalDefs, 'scriptUser' | 'enableScriptSecurity'>;

export type ToCheckers =
  | (PartStart & {
      readonly stateFile: StatePlace;
      readonly settings: Compact<CheckersSettings>;
      /** Checkers by id and how the predecessor found them. */
      readonly resume?: readonly (readonly [string, boolean])[];
      /** The kernel's timeouts before a predecessor set any. */
      readonly timeoutsBefore?: IpvsTimeouts;
      /** What a former run had in the kernel: services by `serviceId`, and roles of synchronisation daemons. */
      readonly servicesBefore: readonly string[];
      readonly syncBefore: readonly SyncRole[];
      readonly keepTable: boolean;
      /** How often the table is compared with what it should be; 0: never. */
      readonly tableCheckMs: number;
      /** Of the VRRP instances, by name, as far as they are known. */
      readonly vrrpStates: Readonly<Record<string, InstanceStateName>>;
      /** What the track_files hold, by name. */
      readonly files: Readonly<Record<string, number>>;
      /** Whether each BFD session is up, as far as it is known. */
      readonly bfds: Readonly<Record<string, boolean>>;
    })
  | {
      readonly type: 'reload';
      readonly settings: Compact<CheckersSettings>;
      readonly files: Readonly<Record<string, number>>;
    }
  | AskReport
  | FileValue
  | BfdStateMessage
  | (Pick<SuccessorNews, 'whole' | 'states'> & { readonly type: 'vrrp-states' })
  | StopOrder;

export type FromCheckers =
  | { readonly type: 'ready' }
  | { readonly type: 'checker'; readonly id: string; readonly up: boolean }
  | { readonly type: 'timeouts-before'; readonly timeouts: IpvsTimeouts }
  /** Somebody wants mail of it. */
  | { readonly type: 'mail-lvs'; readonly alert: LvsAlert }
  /** Lines for the file of data. */
  | { readonly type: 'checkers-report'; readonly lines: readonly string[] }
  | {
      readonly type: 'notify-lvs';
      readonly object: 'VS' | 'RS';
      readonly virtualServer: string;
      readonly realServer?: string;
      readonly state: 'UP' | 'DOWN';
      readonly script?: ScriptCommand;
    };

export type Log = (level: 'debug' | 'info' | 'warning' | 'error', text: string) => void;

export type VrrpStart = Extract<ToVrrp, { type: 'start' }>;
/** What comes between start and stop. */
export type VrrpOrder = Exclude<ToVrrp, { type: 'start' | 'stop' }>;
export type BfdStart = Extract<ToBfd, { type: 'start' }>;
export type BfdOrder = Exclude<ToBfd, { type: 'start' | 'stop' }>;
export type CheckersStart = Extract<ToCheckers, { type: 'start' }>;
export type CheckersOrder = Exclude<ToCheckers, { type: 'start' | 'stop' }>;
