import type { IpAddress } from '../../core/index.ts';
import type { Configured, ScriptCommand, TrackEntry } from './values.ts';

/** What an instance or a sync group looks at. Without a weight, or with weight 0, a failure means FAULT. */
export interface TrackLists {
  readonly trackInterface: readonly TrackEntry[];
  readonly trackScript: readonly TrackEntry[];
  readonly trackProcess: readonly TrackEntry[];
  readonly trackFile: readonly TrackEntry[];
  readonly trackBfd: readonly TrackEntry[];
}

export interface VrrpScript extends Configured {
  readonly name: string;
  readonly script: ScriptCommand;
  /** 1 s unless said. */
  readonly intervalMs: number;
  /** Absent: the interval. */
  readonly timeoutMs?: number;
  /** -253 to 253, 0 unless said. */
  readonly weight: number;
  /** The weight counts while the script succeeds (fails) instead of while it fails (succeeds). */
  readonly reverse: boolean;
  /** Successes in a row until it counts as up again; 1 unless said. */
  readonly rise: number;
  /** Failures in a row until it counts as down; 1 unless said. */
  readonly fall: number;
  /** It counts as failed until it has succeeded. */
  readonly initFail: boolean;
}

export interface VrrpTrackProcess extends Configured {
  readonly name: string;
  /** The program, a path or a name as in /proc/PID/comm, and the parameters that are compared as `paramMatch` says. */
  readonly process: readonly string[];
  /** Absent: parameters are not compared. `partial`: the first ones are equal; `initial`: also, and the last needs to begin alike only. */
  readonly paramMatch?: 'initial' | 'partial' | 'exact';
  /** -254 to 254, 0 unless said. */
  readonly weight: number;
  readonly reverse: boolean;
  /** Processes of this name that must run, 1 to 65535; 1 unless said. */
  readonly quorum: number;
  /** Processes of this name that may run at most, 0 to 65535; absent: any number. */
  readonly quorumMax?: number;
  /** How long a process must be there (gone) until that counts: up to an hour, 0 unless said. */
  readonly forkDelayMs: number;
  readonly terminateDelayMs: number;
  /** The program is compared with the whole of /proc/PID/cmdline instead of the shortened name. */
  readonly fullCommand: boolean;
}

/** A file whose number counts: times `weight` it is added to a priority or a weight; with weight 0, not 0 means FAULT. */
export interface TrackFile extends Configured {
  readonly name: string;
  readonly file: string;
  /** -254 to 254, 1 unless said. */
  readonly weight: number;
  readonly reverse: boolean;
  /** Written at start where the file does not exist, with `overwrite` also where it does. */
  readonly initFile?: { readonly value: number; readonly overwrite: boolean };
}

/** A session of Bidirectional Forwarding Detection (RFC 5880). */
export interface BfdInstance extends Configured {
  /** At most 31 characters. */
  readonly name: string;
  readonly neighborIp: IpAddress;
  readonly sourceIp?: IpAddress;
  /** 1 to 4294967; 10 unless said. */
  readonly minRxMs: number;
  readonly minTxMs: number;
  /** While the neighbour is down, 1000 to 4294967; 1000 unless said. */
  readonly idleTxMs: number;
  /** Missed packets until the neighbour counts as down, 1 to 255; 5 unless said. */
  readonly multiplier: number;
  /** Wait for the neighbour's first packet before sending. */
  readonly passive: boolean;
  /** Of the packets that are sent: 255 for IPv4, 64 for IPv6 unless said. */
  readonly ttl: number;
  /** How many hops a packet may have come, -1: any number; 0 unless said, and never more than `ttl`. */
  readonly maxHops: number;
  /** Port 4784 of RFC 5883 instead of 3784. */
  readonly multihop: boolean;
  /** -253 to 253, 0 unless said. */
  readonly weight: number;
  readonly reverse: boolean;
  /** Who is told of changes: both unless the file names one. */
  readonly vrrp: boolean;
  readonly checker: boolean;
}
