import type { IpAddress, SourceSpan } from '../../core/index.ts';

/**
 * The typed model is plain data (JSON survives it): it crosses process borders. Properties carry keepalived.conf's words;
 * times are milliseconds and may have a fraction (the language has microseconds). A setting that the file does not give
 * and that has no fixed default is absent.
 */

/** Where an object was configured: what a message about it names. */
export interface Configured {
  readonly span: SourceSpan;
}

/** A command of the configuration, split into words as the reference splits them; run without a shell. */
export interface ScriptCommand {
  readonly argv: readonly string[];
  readonly user?: string;
  readonly group?: string;
}

/** An address line of virtual_ipaddress, virtual_ipaddress_excluded or static_ipaddress (words as in ip-address(8)). */
export interface AddressEntry extends Configured {
  readonly address: IpAddress;
  /** 32 or 128 where the line gives none. */
  readonly prefixLength: number;
  readonly dev?: string;
  /** rtnetlink scope number; 0 global, 253 link, 254 host. */
  readonly scope?: number;
  /** '+' computes the broadcast address, '-' sets none. */
  readonly broadcast?: IpAddress | '+' | '-';
  readonly label?: string;
  readonly peer?: { readonly address: IpAddress; readonly prefixLength: number };
  /** IFA_F_* words given on the line. */
  readonly flags?: readonly ('home' | 'nodad' | 'mngtmpaddr' | 'noprefixroute' | 'autojoin')[];
  /** Seconds; 'forever' is 0xffffffff. */
  readonly preferredLftSecs?: number;
  readonly noTrack?: boolean;
  readonly trackGroup?: string;
  readonly useVmac?: boolean;
}

/** An entry of track_interface, track_script, track_process, track_file or track_bfd. */
export interface TrackEntry extends Configured {
  readonly name: string;
  /** Absent: the tracked object's own weight. */
  readonly weight?: number;
  readonly reverse?: boolean;
}

/** Reaction to state changes, in instances and sync groups. */
export interface NotifyScripts {
  readonly notifyMaster?: ScriptCommand;
  readonly notifyBackup?: ScriptCommand;
  readonly notifyFault?: ScriptCommand;
  readonly notifyStop?: ScriptCommand;
  readonly notifyDeleted?: ScriptCommand;
  readonly notifyMasterRxLowerPri?: ScriptCommand;
  readonly notify?: ScriptCommand;
}
