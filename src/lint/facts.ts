import { err, ok, parseIp, type IpAddress, type Result } from '../core/index.ts';
import type { HostFacts } from '../config/index.ts';

/**
 * What a host knows that a file does not say, as `watchkeeper facts` writes it: so that a configuration can be judged for a
 * director on another machine. Each part is optional, and what is not there is not judged.
 */
export interface Facts {
  readonly hostName?: string;
  readonly interfaces?: readonly InterfaceFacts[];
  /** Names of all users. */
  readonly users?: readonly string[];
  /** The programs that the configuration runs, by the path that it names them with. */
  readonly programs?: Readonly<Record<string, ProgramFacts>>;
  /** Kernel settings by their names: `net.ipv4.ip_forward`. */
  readonly sysctls?: Readonly<Record<string, string>>;
}

export interface InterfaceFacts {
  readonly name: string;
  readonly mtu?: number;
  /** Those that are on it now, with their prefix lengths: `192.0.2.1/24`. */
  readonly addresses?: readonly string[];
}

export interface ProgramFacts {
  readonly executable: boolean;
  /** Who besides root could change what is run, in words: `/opt/scripts is writable by others`. */
  readonly insecure?: string;
}

/** An address on an interface. */
export interface HostAddress {
  readonly interface: string;
  readonly address: IpAddress;
  readonly prefixLength: number;
}

/** Reads a facts file. The error says what is wrong with it. */
export function parseFacts(text: string): Result<Facts> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err('it is not JSON');
  }
  if (!isRecord(value)) return err('it is not a JSON object');
  const problem = facts(value);
  return problem === undefined ? ok(value as Facts) : err(problem);
}

function facts({ hostName, interfaces, users, programs, sysctls }: Record<string, unknown>): string | undefined {
  if (hostName !== undefined && typeof hostName !== 'string') return "'hostName' is not a text";
  if (interfaces !== undefined && !(Array.isArray(interfaces) && interfaces.every(isInterface)))
    return `'interfaces' is not a list of {"name": "eth0", "mtu": 1500, "addresses": ["192.0.2.1/24"]}`;
  if (users !== undefined && !isTexts(users)) return "'users' is not a list of names";
  if (programs !== undefined && !(isRecord(programs) && Object.values(programs).every(isProgram)))
    return `'programs' is not an object of {"/path": {"executable": true}}`;
  if (sysctls !== undefined && !(isRecord(sysctls) && Object.values(sysctls).every((one) => typeof one === 'string')))
    return `'sysctls' is not an object of {"net.ipv4.ip_forward": "1"}`;
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isInterface(value: unknown): boolean {
  if (!isRecord(value) || typeof value['name'] !== 'string') return false;
  const { mtu, addresses } = value;
  return (mtu === undefined || typeof mtu === 'number') && (addresses === undefined || isTexts(addresses));
}

function isProgram(value: unknown): boolean {
  return isRecord(value) && typeof value['executable'] === 'boolean';
}

/** The part that the reader of configurations asks for. */
export function hostFactsOf({ interfaces, users, programs }: Facts): HostFacts {
  return {
    ...(interfaces === undefined ? {} : { interfaces: new Set(interfaces.map(({ name }) => name)) }),
    ...(users === undefined ? {} : { knownUser: (name: string) => users.includes(name) }),
    ...(programs === undefined ? {} : { executable: (path: string) => programs[path]?.executable ?? true }),
  };
}

/** The addresses of a host's interfaces; what cannot be read as an address is left out. */
export function hostAddresses(facts: Facts | undefined): readonly HostAddress[] {
  return (facts?.interfaces ?? []).flatMap(({ name, addresses = [] }) =>
    addresses.flatMap((text): readonly HostAddress[] => {
      const [addressText = '', prefix = ''] = text.split('/');
      const address = parseIp(addressText);
      const prefixLength = /^\d{1,3}$/.test(prefix) ? Number(prefix) : 128;
      return address.ok ? [{ interface: name, address: address.value, prefixLength }] : [];
    }),
  );
}
