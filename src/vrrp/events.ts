import type { IpAddress, IpFamily } from '../core/index.ts';
import type { AddressEntry, BfdInstance, RouteEntry, RuleEntry, TrackFile, VrrpConfig } from '../config/index.ts';
import type { VrrpStats } from './stats.ts';

export type InstanceStateName = 'INIT' | 'BACKUP' | 'MASTER' | 'FAULT';

/** A network interface as the kernel shows it. */
export interface InterfaceFacts {
  readonly ifname: string;
  readonly ifindex: number;
  /** Administratively up and able to carry packets. */
  readonly up: boolean;
  readonly addresses: readonly IpAddress[];
}

/** The parts of a configuration that the engine acts on. */
export interface EngineConfig {
  readonly vrrp: VrrpConfig;
  readonly trackFiles: readonly TrackFile[];
  readonly mcastGroup4: IpAddress;
  readonly mcastGroup6: IpAddress;
  readonly startupDelayMs: number;
  /** Likewise until the machine has run for so long; absent: not. */
  readonly delayAfterBootMs?: number;
  /** Between two gratuitous ARPs (NAs) on one interface; absent: no limit. */
  readonly garpIntervalMs?: number;
  readonly gnaIntervalMs?: number;
  /** Where a tracked BFD session's own weight is; absent: none is configured. */
  readonly bfdInstances?: readonly BfdInstance[];
  /** Say once which virtual router ids are heard that no instance has (log_unknown_vrids). */
  readonly logUnknownVrids?: boolean;
  /** Tell the FIFOs all states after a reload (fifo_write_vrrp_states_on_reload). */
  readonly statesOnReload?: boolean;
}

export type VrrpEvent =
  | {
      readonly type: 'start';
      readonly interfaces: readonly InterfaceFacts[];
      /** How long the machine has been running; absent: long. */
      readonly sinceBootMs?: number;
      /** What a predecessor that died reported last, by instance name: taken up without a gap and without telling anybody. */
      readonly resume?: Readonly<Record<string, InstanceStateName>>;
      /** What the track_files hold, by name; 0 where it is not said. */
      readonly files?: Readonly<Record<string, number>>;
      /** Whether the quorum of each track_process runs, as far as it is known. */
      readonly processes?: Readonly<Record<string, boolean>>;
      /** Whether each BFD session is up; one that is not said is down. */
      readonly bfds?: Readonly<Record<string, boolean>>;
      /** As `successorFacts` told of the predecessor. */
      readonly ahSequences?: Readonly<Record<string, number>>;
      /** Likewise; and `statistics`. */
      readonly scripts?: Readonly<Record<string, boolean>>;
      readonly stats?: Readonly<Record<string, VrrpStats>>;
      /** How long ago the predecessor sent its last advert; absent: no peer can have missed one. */
      readonly sinceLeftMs?: number;
    }
  | {
      readonly type: 'packet';
      readonly ifname: string;
      readonly source: IpAddress;
      readonly destination: IpAddress;
      /** TTL or hop limit. */
      readonly ttl: number;
      readonly payload: Uint8Array;
      /** Its IPv4 header as it came, where the payload begins with an authentication header (IP protocol 51). */
      readonly header?: Uint8Array;
    }
  /** `went`: addresses that went since the last of these, also those that are back. */
  | { readonly type: 'interface'; readonly facts: InterfaceFacts; readonly went?: readonly IpAddress[] }
  | { readonly type: 'interface-gone'; readonly ifname: string }
  /** A route or rule of an instance that is tracked was taken away, and not by us; `text` names it. */
  | { readonly type: 'route-lost'; readonly instance: string; readonly text: string }
  | { readonly type: 'script-result'; readonly script: string; readonly ok: boolean; readonly reason: string }
  | { readonly type: 'file-value'; readonly trackFile: string; readonly value: number }
  /** Whether the quorum of a track_process runs. Instances that track it without weight wait for the first value. */
  | { readonly type: 'process-state'; readonly trackProcess: string; readonly ok: boolean }
  /** Until the first of these a session counts as down. */
  | { readonly type: 'bfd-state'; readonly bfd: string; readonly up: boolean }
  /** All counters begin at 0 again. */
  | { readonly type: 'clear-stats' }
  /** Where it would judge a silence (`judgesSilence`), all packets that have come are handed in before. */
  | { readonly type: 'timer' }
  | {
      readonly type: 'reload';
      readonly config: EngineConfig;
      /** As at start; absent: as before. */
      readonly files?: Readonly<Record<string, number>>;
      readonly processes?: Readonly<Record<string, boolean>>;
      /** All that there are now, where some were made or removed with it. */
      readonly interfaces?: readonly InterfaceFacts[];
    }
  | { readonly type: 'stop'; readonly keepAddresses: boolean }
  /** As `stop`, but a successor goes on: peers hear no farewell, and nobody is notified. */
  | { readonly type: 'leave' };

/** The last two go to the FIFOs only, and only where notify_priority_changes asks for them. */
export type NotifyState =
  'MASTER' | 'BACKUP' | 'FAULT' | 'STOP' | 'DELETED' | 'MASTER_RX_LOWER_PRI' | 'MASTER_PRIORITY' | 'BACKUP_PRIORITY';

export type VrrpEffect =
  | {
      readonly type: 'send-advert';
      readonly instance: string;
      readonly ifname: string;
      readonly family: IpFamily;
      readonly source: IpAddress;
      readonly destination: IpAddress;
      readonly ttl: number;
      /** Identification of the IPv4 header. */
      readonly id: number;
      /** Of the IP header: VRRP, or the authentication header that `pdu` then begins with. */
      readonly protocol: 112 | 51;
      readonly pdu: Uint8Array;
    }
  | { readonly type: 'add-addresses'; readonly ifname: string; readonly entries: readonly AddressEntry[] }
  | { readonly type: 'remove-addresses'; readonly ifname: string; readonly entries: readonly AddressEntry[] }
  /** What is sent to these addresses, or from them, is thrown away from now on (no_accept); each names its interface. */
  | { readonly type: 'block-addresses'; readonly instance: string; readonly entries: readonly AddressEntry[] }
  | { readonly type: 'unblock-addresses'; readonly instance: string }
  | {
      readonly type: 'add-routes' | 'remove-routes';
      readonly instance: string;
      readonly entries: readonly RouteEntry[];
    }
  | { readonly type: 'add-rules' | 'remove-rules'; readonly instance: string; readonly entries: readonly RuleEntry[] }
  /** Gratuitous ARP or unsolicited neighbour advertisement. */
  | { readonly type: 'announce'; readonly ifname: string; readonly address: IpAddress }
  | {
      readonly type: 'notify';
      readonly object: 'INSTANCE' | 'GROUP';
      readonly name: string;
      readonly state: NotifyState;
      /** The effective priority; 0 for groups. */
      readonly priority: number;
      /** It is told to the FIFOs alone: nothing has changed. */
      readonly fifoOnly?: true;
    }
  | { readonly type: 'run-script'; readonly script: string; readonly timeoutMs: number }
  | { readonly type: 'log'; readonly level: 'debug' | 'info' | 'warning' | 'error'; readonly text: string };
