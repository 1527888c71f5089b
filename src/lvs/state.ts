import type { LvsConfig, RealServer, ScriptCommand, VirtualServer } from '../config/index.ts';

export interface RealServerState {
  readonly config: RealServer;
  /** Of the configured checkers, in their order. */
  readonly checkerIds: readonly string[];
  /** Checkers by id and whether each finds the server well; no checkers: always well. */
  readonly checkers: ReadonlyMap<string, boolean>;
  readonly alive: boolean;
  /** The configured weight as dynamic checkers change it. */
  readonly weight: number;
  /** What dynamic checkers last said of the weight, by id. */
  readonly dynamicWeights: ReadonlyMap<string, number>;
  /** Ids of the checkers (MISC_CHECK) whose weight stands in place of the configured one; that of others is added to it. */
  readonly replacing: ReadonlySet<string>;
  /** False while a server that starts down has not been checked: its first failure is told although it changes nothing. */
  readonly judged: boolean;
}

export interface VirtualServerState {
  readonly config: VirtualServer;
  readonly quorumUp: boolean;
  /** The sorry server stands in. */
  readonly sorryActive: boolean;
  readonly realServers: readonly RealServerState[];
}

export interface Finding {
  readonly up: boolean;
  /** What a dynamic checker says of the weight: a MISC_CHECK's weight, or what a FILE_CHECK adds. */
  readonly weight?: number;
}

/** By checker id, what those say now that follow something else and are not asked: it is known from the beginning. */
export type Followed = ReadonlyMap<string, Finding>;

export interface LvsState {
  readonly config: LvsConfig;
  readonly rsInitNotifies: boolean;
  readonly virtualServers: readonly VirtualServerState[];
  /** Where each checker belongs: indexes of virtual and real server. */
  readonly checkerIndex: ReadonlyMap<string, readonly [number, number]>;
  /** Ids of the kernel services that an earlier virtual server has, by the index of the virtual server that names them too. */
  readonly taken: ReadonlyMap<number, ReadonlySet<string>>;
}

export type LvsEvent =
  | ({ readonly type: 'checker'; readonly id: string } & Finding)
  | {
      readonly type: 'reload';
      readonly config: LvsConfig;
      readonly rsInitNotifies: boolean;
      readonly followed?: Followed;
    }
  | { readonly type: 'stop' };

export type LvsEffect =
  /** The entries of this virtual server are to be compared with the kernel's; -1: all. */
  | { readonly type: 'reconcile'; readonly virtualServer: number }
  | {
      readonly type: 'notify';
      readonly object: 'VS' | 'RS';
      readonly virtualServer: string;
      /** Of an RS event. */
      readonly realServer?: string;
      readonly state: 'UP' | 'DOWN';
      /** Somebody wants mail of it. */
      readonly smtpAlert: boolean;
      /** What led to it, where that is no check. */
      readonly reason?: string;
      readonly script?: ScriptCommand;
    }
  | { readonly type: 'log'; readonly level: 'info' | 'warning'; readonly text: string };
