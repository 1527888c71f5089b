import type { IpAddress } from '../../core/index.ts';
import type { ScriptCommand } from './values.ts';
import type { GarpSettings } from './vrrp.ts';

/** A named pipe that is written to; made where it does not exist. */
export interface NotifyFifo {
  readonly path: string;
  /** Who owns the pipe. Absent: as script_user says. */
  readonly user?: string;
  readonly group?: string;
  /** Reads from it; its path is the command's last argument. */
  readonly script?: ScriptCommand;
}

/** A part's scheduling as vrrp_priority, vrrp_rt_priority, checker_… ask for it. */
export interface ProcessSettings {
  /** The nice value, -20 to 19. Absent: as it was started. */
  readonly priority?: number;
  /** Of SCHED_RR, 1 to 99. Absent: ordinary scheduling. */
  readonly rtPriority?: number;
  /** How long it may run without a pause under SCHED_RR, microseconds; 10000 unless said. */
  readonly rlimitRttimeUs: number;
  /** Its memory stays in RAM, as far as it can be locked. */
  readonly noSwap: boolean;
  /** The processors that it may run on, from 0, in rising order. Absent: all. */
  readonly cpuAffinity?: readonly number[];
  /** At most 15 characters. Absent: the program's name, or with process_names one that tells the parts apart. */
  readonly processName?: string;
}

export interface LvsSyncDaemon {
  readonly interface: string;
  /** The vrrp_instance whose state chooses the role; absent: both roles run. */
  readonly vrrpInstance?: string;
  /** 0 to 255. Absent: the instance's virtual_router_id, else 0. */
  readonly id?: number;
  /** Bytes of a message, 1 to 65507. Absent, as the rest below: the kernel's default. */
  readonly maxlen?: number;
  readonly port?: number;
  /** 1 to 255. */
  readonly ttl?: number;
  /** The multicast group that it sends to. */
  readonly group?: IpAddress;
}

/** The tables of nftables that keep adverts, accept mode and IPVS as they should be. */
export interface NftablesSettings {
  readonly table: string;
  /** Of the chains; -1 unless said. */
  readonly priority: number;
}

/** A socket's receive buffer. */
export interface ReceiveBuffer {
  /** Absent: the kernel's default. */
  readonly bytes?: number;
  /** Beyond the limit net.core.rmem_max. */
  readonly force: boolean;
}

export interface SnmpSettings {
  /** Of the master agent; absent: the library's default. */
  readonly socket?: string;
  readonly traps: boolean;
  readonly vrrp: boolean;
  readonly checker: boolean;
  /** The MIBs of RFC 2787 and of RFC 6527. */
  readonly rfcV2: boolean;
  readonly rfcV3: boolean;
  /** How old the statistics that are told may be; 5 s unless said. */
  readonly vsStatsUpdateIntervalMs: number;
  /** That of virtual servers unless said. */
  readonly rsStatsUpdateIntervalMs: number;
}

export interface DbusSettings {
  readonly enabled: boolean;
  readonly serviceName: string;
  /** Stands for the interface in the path of an instance that has none. */
  readonly noInterfaceName: string;
}

export type IncludeCheck = 'read' | 'match' | 'wildcard_match' | 'brace_match';

/** global_defs and the process settings of the top level. */
/** How the mail server is spoken to beyond the reference (docs/extensions.md). Paths are of PEM files. */
export interface SmtpAccess {
  /** `starttls`: no mail leaves before the connection is encrypted; `on`: it is from its first byte. */
  readonly tls: 'off' | 'starttls' | 'on';
  /** Whether the server must have a certificate that is valid for its name. */
  readonly verify: boolean;
  readonly caFile?: string;
  readonly serverName?: string;
  readonly login?: { readonly user: string; readonly passwordFile: string };
}

export interface GlobalDefs {
  readonly routerId: string;

  readonly notificationEmail: readonly string[];
  readonly notificationEmailFrom?: string;
  readonly smtpServer?: { readonly host: string; readonly port: number };
  /** Absent: the name of the host. */
  readonly smtpAccess?: SmtpAccess;
  readonly smtpHeloName?: string;
  /** 1 s to 4294 s, 30 s unless said. */
  readonly smtpConnectTimeoutMs: number;
  /** Already filled into instances, groups, virtual and real servers. */
  readonly smtpAlert?: boolean;
  readonly smtpAlertVrrp?: boolean;
  readonly smtpAlertChecker?: boolean;
  readonly noEmailFaults: boolean;
  readonly checkerEmailsOnStateChangeOnly: boolean;

  readonly netNamespace?: string;
  /** '' is the namespace that the daemon was started in. */
  readonly netNamespaceIpvs?: string;
  readonly namespaceWithIpsets: boolean;
  readonly instance?: string;
  readonly usePidDir: boolean;
  readonly childWaitTimeMs: number;
  /** Parts are named keepalived_vrrp, keepalived_lvs and keepalived_bfd where they have no name of their own. */
  readonly processNames: boolean;
  /** Of the supervisor. */
  readonly processName?: string;
  readonly vrrpProcess: ProcessSettings;
  readonly checkerProcess: ProcessSettings;
  readonly bfdProcess: ProcessSettings;

  /** With `supplementaryGroups` (a group that begins with ':') the user's other groups too. Absent: keepalived_script if there is one, else root. */
  readonly scriptUser?: { readonly user: string; readonly group?: string; readonly supplementaryGroups?: boolean };
  readonly enableScriptSecurity: boolean;
  /** Scripts are run by the path that the file has, and not by what a symbolic link leads to. */
  readonly useSymlinkPaths: boolean;
  readonly setSupplementaryGroups: boolean;
  readonly startupScript?: ScriptCommand;
  /** 1 s to 1000 s, 10 s unless said. */
  readonly startupScriptTimeoutMs: number;
  readonly shutdownScript?: ScriptCommand;
  readonly shutdownScriptTimeoutMs: number;

  /** How high a part may be scheduled that comes too late, 0 to 99; -1 or absent: never. */
  readonly maxAutoPriority?: number;
  /** Between two such changes; 1 s unless said. */
  readonly minAutoPriorityDelayMs: number;

  readonly notifyFifo?: NotifyFifo;
  readonly vrrpNotifyFifo?: NotifyFifo;
  readonly lvsNotifyFifo?: NotifyFifo;
  /** Already filled into instances and groups. */
  readonly vrrpNotifyPriorityChanges: boolean;
  readonly fifoWriteVrrpStatesOnReload: boolean;

  /** Of static addresses that name no interface; eth0 where it is absent. */
  readonly defaultInterface?: string;
  readonly linkbeatUsePolling: boolean;
  readonly dynamicInterfaces: boolean;
  readonly allowIfChanges: boolean;
  readonly disableLocalIgmp: boolean;
  readonly vrrpMcastGroup4: IpAddress;
  readonly vrrpMcastGroup6: IpAddress;
  readonly vrrpStartupDelayMs: number;
  readonly vrrpDelayAfterBootMs: number;
  /** Between gratuitous ARPs (NAs), 0: none. */
  readonly vrrpGarpIntervalMs: number;
  readonly vrrpGnaIntervalMs: number;
  /** Already filled into the instances. */
  readonly vrrpMinGarp: boolean;
  /** Already filled into the instances. */
  readonly vrrpGarpExtraIf?: GarpSettings['garpExtraIf'];
  readonly logUnknownVrids: boolean;
  readonly vrrpOwnerIgnoreAdverts: boolean;
  /** Absent: the kernel's default; a number is bytes. */
  readonly vrrpRxBufsPolicy?: 'MTU' | 'ADVERT' | number;
  /** 3 unless said. */
  readonly vrrpRxBufsMultiplier: number;
  /** The names of VMACs begin with it. */
  readonly vmacPrefix: string;
  /** Those of VMACs for addresses on other interfaces; vmac_prefix unless said. */
  readonly vmacAddrPrefix: string;
  /** The rest of the vrrp_* defaults are already copied into the instances, as the reference copies them. */

  /** Absent: not asked for; the reference then makes its table where VMACs or no_accept need one. */
  readonly nftables?: NftablesSettings & { readonly ifindex: boolean };
  readonly nftablesIpvs?: NftablesSettings & { readonly startFwmark: number };
  readonly nftablesCounters: boolean;
  /** The chains of vrrp_iptables; without an output chain only what comes in is filtered. Absent: iptables are not used. */
  readonly vrrpIptables?: { readonly inputChain: string; readonly outputChain?: string };
  /** The names of vrrp_ipsets in the order of the line; none: ipsets are not used. Absent: the reference's own names. */
  readonly vrrpIpsets?: readonly string[];

  readonly lvsTimeouts?: { readonly tcpMs?: number; readonly tcpfinMs?: number; readonly udpMs?: number };
  readonly lvsFlush: boolean;
  /** `all`: the whole table, `VS`: the virtual servers of the file, without taking each real server out. */
  readonly lvsFlushOnStop: 'no' | 'all' | 'VS';
  readonly lvsSyncDaemon?: LvsSyncDaemon;
  readonly rsInitNotifies: boolean;
  /** Already filled into the checkers. */
  readonly checkerLogAllFailures: boolean;

  readonly vrrpNetlinkCmdRcvBufs: ReceiveBuffer;
  readonly vrrpNetlinkMonitorRcvBufs: ReceiveBuffer;
  readonly lvsNetlinkCmdRcvBufs: ReceiveBuffer;
  readonly lvsNetlinkMonitorRcvBufs: ReceiveBuffer;
  readonly processMonitorRcvBufs: ReceiveBuffer;

  readonly snmp: SnmpSettings;
  readonly dbus: DbusSettings;

  /** A new configuration is tried before a reload; the findings go to the file, absent: nowhere. */
  readonly reloadCheckConfig?: { readonly logFile?: string };
  /** Its first line is the time of a reload that is to come. */
  readonly reloadTimeFile?: string;
  readonly reloadRepeat: boolean;
  /** There while a configuration is read; without a path it is beside the pid file. */
  readonly reloadFile?: { readonly path?: string };
  readonly includeCheck: readonly IncludeCheck[];
  readonly configSaveDir?: string;
  readonly tmpConfigDirectory?: string;
  readonly randomSeed?: number;

  readonly dataUseInstance: boolean;
  readonly stateDumpFile?: string;
  readonly statsDumpFile?: string;
  readonly jsonDumpFile?: string;
  readonly jsonVersion: 1 | 2;
  /** Of the files that are made. Absent: 0177. */
  readonly umask?: number;
  readonly iprouteUsrDir?: string;
  readonly iprouteEtcDir?: string;
}
