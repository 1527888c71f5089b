import type { IpAddress } from '../../core/index.ts';
import type { ScriptCommand } from './values.ts';

export interface NotifyFifo {
  readonly path: string;
  readonly script?: ScriptCommand;
}

/** A part's scheduling as vrrp_priority, vrrp_rt_priority, checker_… ask for it. */
export interface ProcessSettings {
  readonly priority?: number;
  readonly rtPriority?: number;
  readonly rlimitRtimeUs?: number;
  readonly noSwap?: boolean;
  readonly cpuAffinity?: readonly number[];
  readonly processName?: string;
}

export interface LvsSyncDaemon {
  readonly interface: string;
  /** The vrrp_instance whose state chooses the role; absent: both roles run. */
  readonly vrrpInstance?: string;
  readonly id?: number;
  readonly maxlen?: number;
  readonly port?: number;
  readonly ttl?: number;
  readonly group?: IpAddress;
  readonly inhibit?: boolean;
}

/** global_defs and the process settings of the top level. */
export interface GlobalDefs {
  readonly routerId: string;
  readonly notificationEmail: readonly string[];
  readonly notificationEmailFrom?: string;
  readonly smtpServer?: { readonly host: string; readonly port: number };
  readonly smtpHeloName?: string;
  readonly smtpConnectTimeoutMs: number;
  readonly smtpAlert?: boolean;
  readonly smtpAlertVrrp?: boolean;
  readonly smtpAlertChecker?: boolean;
  readonly noEmailFaults: boolean;
  readonly checkerEmailsOnStateChangeOnly: boolean;
  readonly rsInitNotifies: boolean;

  readonly netNamespace?: string;
  /** '' is the namespace that the daemon was started in. */
  readonly netNamespaceIpvs?: string;
  readonly instance?: string;
  readonly usePidDir: boolean;
  readonly childWaitTimeMs: number;
  readonly scriptUser?: { readonly user: string; readonly group?: string };
  readonly enableScriptSecurity: boolean;
  readonly maxAutoPriority?: number;
  readonly startupScript?: ScriptCommand;
  readonly startupScriptTimeoutMs?: number;
  readonly shutdownScript?: ScriptCommand;
  readonly shutdownScriptTimeoutMs?: number;
  readonly reloadCheckConfig?: { readonly logFile?: string };
  readonly reloadTimeFile?: string;
  readonly reloadRepeat: boolean;
  readonly reloadFile?: string;
  readonly vrrpProcess: ProcessSettings;
  readonly checkerProcess: ProcessSettings;
  readonly bfdProcess: ProcessSettings;

  readonly notifyFifo?: NotifyFifo;
  readonly vrrpNotifyFifo?: NotifyFifo;
  readonly lvsNotifyFifo?: NotifyFifo;
  readonly vrrpNotifyPriorityChanges: boolean;
  readonly fifoWriteVrrpStatesOnReload: boolean;

  readonly defaultInterface?: string;
  readonly dynamicInterfaces: boolean;
  readonly allowIfChanges: boolean;
  readonly vrrpMcastGroup4: IpAddress;
  readonly vrrpMcastGroup6: IpAddress;
  readonly vrrpStartupDelayMs: number;
  readonly vrrpDelayAfterBootMs: number;
  /** Between gratuitous ARPs (NAs), 0: none. */
  readonly vrrpGarpIntervalMs: number;
  readonly vrrpGnaIntervalMs: number;
  readonly vrrpMinGarp: boolean;
  readonly logUnknownVrids: boolean;
  readonly vrrpOwnerIgnoreAdverts: boolean;
  readonly vrrpRxBufsPolicy?: 'MTU' | 'ADVERT' | 'NO_SEND_RX' | number;
  readonly vrrpIpv6Only?: boolean;
  /** The rest of the vrrp_* defaults are already copied into the instances, as the reference copies them. */

  readonly lvsTimeouts?: { readonly tcpMs?: number; readonly tcpfinMs?: number; readonly udpMs?: number };
  readonly lvsFlush: boolean;
  readonly lvsFlushOnStop: 'no' | 'all' | 'VS';
  readonly lvsSyncDaemon?: LvsSyncDaemon;

  readonly dataUseInstance: boolean;
  readonly stateDumpFile?: string;
  readonly jsonVersion: 1 | 2;
  readonly umask?: number;
}
