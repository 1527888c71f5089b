import type { Config, ScriptCommand } from '../../config/index.ts';
import type { InterfaceFacts, InstanceView, VrrpView } from '../../vrrp/index.ts';

/** What the vrrp process tells of itself for dumps. */
export interface VrrpReport {
  readonly view: VrrpView;
  /** Milliseconds since 1970 at the zero of the clock that the view's times are on. */
  readonly clockZeroMs: number;
  readonly interfaces: readonly InterfaceReport[];
}

export interface InterfaceReport extends InterfaceFacts {
  /** With colons; empty where it has none. */
  readonly mac: string;
  readonly mtu: number;
  readonly loopback: boolean;
  readonly adminUp: boolean;
  readonly running: boolean;
}

/** What dumps are written of: the configuration as it was read, and what the host says of its programs. */
export interface DumpSource {
  readonly config: Config;
  readonly host: DumpHost;
  /** By name: what each track_file holds, whether each track_process has its quorum, whether each BFD session is up. */
  readonly files: Readonly<Record<string, number>>;
  readonly processes: Readonly<Record<string, boolean>>;
  readonly bfds: Readonly<Record<string, boolean>>;
}

/** The program as it is run, and its arguments, each in single quotes. */
export type CommandWords = (command: ScriptCommand) => string;

export interface DumpHost {
  readonly command: CommandWords;
  /** `uid:gid` that it is run as. */
  readonly owner: (command: ScriptCommand) => string;
}

/** Where adverts come from and go to. */
export function deviceOf({ ownInterface, interface: base }: InstanceView): string {
  return ownInterface ?? base ?? '';
}

/** `Sat Nov 21 16:29:36.778043 2026`, in local time. */
export function dateText(ms: number): string {
  const at = new Date(Math.floor(ms));
  const [day = '', month = '', date = '', year = '', clock = ''] = at.toString().split(' ');
  const micros = String(Math.floor((ms % 1000) * 1000)).padStart(6, '0');
  return `${day} ${month} ${date.replace(/^0/, ' ')} ${clock}.${micros} ${year}`;
}

/** Seconds with microseconds. */
export function secondsText(ms: number): string {
  return (ms / 1000).toFixed(6);
}
