import { err, ok, type Result } from '../core/index.ts';
import type { IpvsTimeouts } from '../ipvs-netlink/index.ts';
import { noStats, type InstanceStateName, type VrrpStats } from '../vrrp/index.ts';
import type { SysctlsBefore } from './messages.ts';

/** What parts leave in the run folder for the next start of the daemon. Whatever is read there, each value of it is looked at. */

export interface VrrpLeft {
  readonly states?: Readonly<Record<string, InstanceStateName>>;
  readonly ahSequences?: Readonly<Record<string, number>>;
  readonly scripts?: Readonly<Record<string, boolean>>;
  readonly stats?: Readonly<Record<string, VrrpStats>>;
  /** When the last adverts were sent, since the machine was started. Absent: the work was not left to a successor. */
  readonly leftAtMs?: number;
  /** Also while the part runs: should it be killed with all others. */
  readonly sysctlsBefore?: SysctlsBefore;
  /** The tables of nftables that are there. */
  readonly firewall?: string;
  /** The names of the interfaces of use_ipvlan: nothing else tells them from those of others. */
  readonly ipvlans?: readonly string[];
}

export interface CheckersLeft {
  /** By checker id. */
  readonly checkers?: readonly (readonly [string, boolean])[];
  readonly leftAtMs?: number;
  readonly timeoutsBefore?: IpvsTimeouts;
  /** The kernel's services that are ours, by `serviceId`. */
  readonly services?: readonly string[];
  /** The roles of the synchronisation daemons that are ours. */
  readonly sync?: readonly ('master' | 'backup')[];
}

export interface LeftByPart {
  readonly vrrp: VrrpLeft;
  readonly checkers: CheckersLeft;
}

/** Of the form below; it grows when that changes in a way that an older program would misread. */
const format = 1;
/** More than 100,000 checkers of large configurations take. */
export const longestStateBytes = 64 * 1024 * 1024;
const mostEntries = 1_000_000;
const longestText = 4096;

export function formatLeft<P extends keyof LeftByPart>(
  part: P,
  boot: string,
  left: { readonly [K in keyof LeftByPart[P]]?: LeftByPart[P][K] | undefined },
): string {
  return `${JSON.stringify({ format, part, boot, left })}\n`;
}

/** `boot` is the machine's run that we are in: states of another mean nothing. */
export function parseLeft<P extends keyof LeftByPart>(part: P, boot: string, text: string): Result<LeftByPart[P]> {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return err('it is no JSON');
  }
  if (!isObject(file) || file['part'] !== part) return err(`it is no state of the ${part} part`);
  if (file['format'] !== format) return err('another version wrote it in a form of its own');
  if (file['boot'] !== boot) return err('it is older than the last boot');
  const { left } = file;
  if (!isObject(left)) return err('it holds nothing');
  const readers: Readonly<Record<string, (value: unknown) => boolean>> = part === 'vrrp' ? ofVrrp : ofCheckers;
  for (const [name, value] of Object.entries(left)) {
    const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (reader?.(value) !== true) return err(`its '${name.slice(0, 40)}' is not what it should be`);
  }
  return ok(left as LeftByPart[P]);
}

const ofVrrp = {
  states: recordOf(isStateName),
  ahSequences: recordOf(isCount),
  scripts: recordOf(isBoolean),
  stats: recordOf(isStats),
  leftAtMs: isTime,
  sysctlsBefore: isSysctls,
  firewall: isText,
  ipvlans: listOf(isText),
} satisfies Readonly<Record<keyof VrrpLeft, (value: unknown) => boolean>>;

const ofCheckers = {
  checkers: listOf((pair) => Array.isArray(pair) && pair.length === 2 && isText(pair[0]) && isBoolean(pair[1])),
  leftAtMs: isTime,
  timeoutsBefore: isTimeouts,
  services: listOf(isText),
  sync: listOf((role) => role === 'master' || role === 'backup'),
} satisfies Readonly<Record<keyof CheckersLeft, (value: unknown) => boolean>>;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function recordOf(is: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => {
    if (!isObject(value)) return false;
    const entries = Object.entries(value);
    return entries.length <= mostEntries && entries.every(([name, one]) => name.length <= longestText && is(one));
  };
}

function listOf(is: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => Array.isArray(value) && value.length <= mostEntries && value.every(is);
}

function isStateName(value: unknown): boolean {
  return value === 'INIT' || value === 'BACKUP' || value === 'MASTER' || value === 'FAULT';
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= longestText;
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isStats(value: unknown): boolean {
  return isObject(value) && Object.keys(noStats).every((name) => isCount(value[name]));
}

/** Settings of the kernel are numbers. */
function isSetting(value: unknown): boolean {
  return typeof value === 'string' && /^-?\d{1,10}$/.test(value);
}

function isSysctls(value: unknown): boolean {
  const owners: readonly string[] = ['vmacs', 'promoted', 'igmp'] satisfies readonly (keyof SysctlsBefore)[];
  if (!isObject(value)) return false;
  return Object.entries(value).every(([owner, settings]) => owners.includes(owner) && recordOf(isSetting)(settings));
}

function isTimeouts(value: unknown): boolean {
  const names: readonly string[] = ['tcpSecs', 'tcpFinSecs', 'udpSecs'] satisfies readonly (keyof IpvsTimeouts)[];
  return isObject(value) && Object.entries(value).every(([name, secs]) => names.includes(name) && isCount(secs));
}
