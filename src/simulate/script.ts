import type { IpAddress, SourceSpan } from '../core/index.ts';
import type { ScriptOutcome } from './machine.ts';

/** A script as it was read: what is done when, and what is expected of it. */
export interface Script {
  readonly events: readonly ScriptEvent[];
  readonly expectations: readonly Expectation[];
  readonly wiring: readonly Wiring[];
  /** Files that a reload names, as they are written. */
  readonly reloads: readonly string[];
  /** Names that must exist, to be looked up. */
  readonly names: readonly NameUse[];
  /** Absent: some time after the last event. */
  readonly endMs?: number;
}

export interface NameUse {
  readonly kind:
    'director' | 'interface' | 'link' | 'instance' | 'vrrp_script' | 'track_file' | 'track_process' | 'bfd_instance';
  readonly name: string;
  readonly span: SourceSpan;
  /** The director that it is of; absent: any. */
  readonly director?: string;
}

/** Adds a name that must exist, and gives it back. */
export type Use = (
  kind: NameUse['kind'],
  word: { readonly text: string; readonly span: SourceSpan },
  director?: string,
) => string;

export interface ScriptEvent {
  readonly atMs: number;
  /** As it was written, without its time. */
  readonly text: string;
  readonly span: SourceSpan;
  readonly action: Action;
}

export type Action =
  | { readonly do: 'interface'; readonly director: string; readonly ifname: string; readonly up: boolean }
  | { readonly do: 'start' | 'stop' | 'kill' | 'thaw' | 'power-off' | 'power-on'; readonly director: string }
  /** Absent: until it thaws. */
  | { readonly do: 'freeze'; readonly director: string; readonly forMs?: number }
  | { readonly do: 'clock'; readonly director: string; readonly byMs: number }
  | { readonly do: 'reload'; readonly director: string; readonly file: string }
  | { readonly do: 'script'; readonly director: string; readonly name: string; readonly outcome: ScriptOutcome }
  | { readonly do: 'file'; readonly director: string; readonly name: string; readonly value: number }
  | { readonly do: 'process' | 'bfd'; readonly director: string; readonly name: string; readonly well: boolean }
  | { readonly do: 'lose'; readonly director: string; readonly address: IpAddress }
  /** Without `link`: on all. */
  | {
      readonly do: 'cut';
      readonly from: string;
      readonly to: string;
      readonly bothWays: boolean;
      readonly link?: string;
    }
  | { readonly do: 'heal'; readonly link?: string }
  | { readonly do: 'loss' | 'duplicate' | 'reorder'; readonly share: number; readonly link?: string }
  | { readonly do: 'delay'; readonly minMs: number; readonly maxMs: number; readonly link?: string };

/** How the machines are put together where the configurations do not tell. */
export type Wiring =
  | {
      readonly do: 'address';
      readonly director: string;
      readonly ifname: string;
      readonly address: IpAddress;
      readonly span: SourceSpan;
    }
  | {
      readonly do: 'link';
      readonly name: string;
      readonly ends: readonly { readonly director: string; readonly ifname: string }[];
      readonly span: SourceSpan;
    };

/** Times are those between which it must hold; `untilMs` absent: to the end. */
export interface Expectation {
  readonly text: string;
  readonly span: SourceSpan;
  readonly fromMs: number;
  readonly untilMs?: number;
  readonly claim: Claim;
  /** An instance or a sync group; absent: all. */
  readonly of?: string;
}

export type Claim =
  /** From `withinMs` after the event until the next one. */
  | {
      readonly is: 'state';
      readonly director: string;
      readonly state: 'MASTER' | 'BACKUP' | 'FAULT';
      readonly withinMs: number;
    }
  | { readonly is: 'one-master' | 'nobody-master'; readonly withinMs: number }
  | { readonly is: 'holds'; readonly director?: string; readonly address: IpAddress; readonly withinMs: number }
  | { readonly is: 'no-two' | 'no-gap'; readonly longestMs: number }
  | { readonly is: 'changes'; readonly atMost: number };
