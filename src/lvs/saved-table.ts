import {
  ByteReader,
  err,
  ipFamily,
  ipToBytes,
  ok,
  parseIp,
  type IpAddress,
  type IpFamily,
  type IpvsDestination,
  type IpvsForwarding,
  type IpvsProtocol,
  type IpvsService,
  type IpvsServiceKey,
  type IpvsTableEntry,
  type IpvsTunnel,
  type Result,
} from '../core/index.ts';
import { flagBits, persistentFlag } from './desired.ts';
import { serviceId } from './identity.ts';

export interface SavedTable {
  readonly table: readonly IpvsTableEntry[];
  /** Whether a line tells connection thresholds: `ipvsadm -S` leaves them out, `ipvsadm -R` takes them. */
  readonly thresholds: boolean;
}

type Words = Iterator<string, undefined>;

/** Reads a table as `ipvsadm -Sn` prints it (ipvsadm(8)). The error names the line and what would be right. */
export function parseSavedTable(text: string): Result<SavedTable> {
  const entries = new Map<string, { readonly service: IpvsService; readonly destinations: IpvsDestination[] }>();
  let thresholds = false;
  for (const [i, line] of text.split('\n').entries()) {
    const words = line.trim().split(/\s+/);
    if (line.trim() === '' || line.trim().startsWith('#')) continue;
    const read = readLine(words);
    if (!read.ok) return err(`line ${String(i + 1)}: ${read.error}`);
    const { service, destination } = read.value;
    const id = serviceId(service.key);
    const entry = entries.get(id);
    if (destination === undefined) {
      if (entry !== undefined) return err(`line ${String(i + 1)}: the service is there twice`);
      entries.set(id, { service, destinations: [] });
    } else {
      if (entry === undefined) return err(`line ${String(i + 1)}: no line -A before it adds its service`);
      entry.destinations.push(destination);
      thresholds ||= words.includes('-x') || words.includes('-y');
    }
  }
  return ok({ table: [...entries.values()], thresholds });
}

interface Draft {
  key?: IpvsServiceKey;
  server?: { readonly address: IpAddress; readonly port: number };
  scheduler: string;
  flags: number;
  timeoutSecs: number;
  netmask?: string;
  engine?: string;
  forwarding: IpvsForwarding;
  weight: number;
  upper: number;
  lower: number;
  ipv6: boolean;
  tunnel: IpvsTunnel;
}

function readLine([what, ...rest]: readonly string[]): Result<{
  readonly service: IpvsService;
  readonly destination?: IpvsDestination;
}> {
  if (what !== '-A' && what !== '-a') return err(`'${String(what)}' is neither -A nor -a, as ipvsadm -Sn prints`);
  const draft: Draft = {
    scheduler: 'wlc',
    flags: 0,
    timeoutSecs: 0,
    forwarding: 'direct-route',
    weight: 1,
    upper: 0,
    lower: 0,
    ipv6: false,
    tunnel: { type: 'ipip', port: 0, flags: 0 },
  };
  const words = rest[Symbol.iterator]() as Words;
  for (let word = words.next(); word.done !== true; word = words.next()) {
    const problem = readOption(word.value, draft, words);
    if (problem !== undefined) return err(problem);
  }
  const service = serviceOf(draft);
  if (!service.ok || what === '-A') return service.ok ? ok({ service: service.value }) : service;
  if (draft.server === undefined) return err('a line -a needs -r ADDRESS:PORT');
  const { forwarding, weight, upper, lower, tunnel } = draft;
  const destination = { ...draft.server, forwarding, weight, upperThreshold: upper, lowerThreshold: lower };
  return ok({
    service: service.value,
    destination: forwarding === 'tunnel' ? { ...destination, tunnel } : destination,
  });
}

function serviceOf({ key, scheduler, flags, timeoutSecs, netmask, engine, ipv6 }: Draft): Result<IpvsService> {
  if (key === undefined) return err('it names no service: -t, -u, --sctp-service or -f');
  const family = key.kind === 'fwmark' ? (ipv6 ? 'ipv6' : 'ipv4') : ipFamily(key.address);
  const mask = netmaskOf(netmask, family);
  if (mask === undefined) return err(`-M '${String(netmask)}' is not a netmask`);
  return ok({
    key: key.kind === 'fwmark' ? { ...key, family } : key,
    scheduler,
    flags,
    timeoutSecs,
    netmask: mask,
    ...(engine === undefined ? {} : { persistenceEngine: engine }),
  });
}

const protocols: Readonly<Record<string, IpvsProtocol>> = { '-t': 'tcp', '-u': 'udp', '--sctp-service': 'sctp' };
const forwardings: Readonly<Record<string, IpvsForwarding>> = { '-m': 'masq', '-g': 'direct-route', '-i': 'tunnel' };
const tunnelFlags: Readonly<Record<string, number>> = { '--tun-nocsum': 0, '--tun-csum': 1, '--tun-remcsum': 2 };

/** Takes an option and its value into the draft; answers what is wrong. */
function readOption(option: string, draft: Draft, words: Words): string | undefined {
  const forwarding = forwardings[option];
  const tunnelFlag = tunnelFlags[option];
  if (forwarding !== undefined) draft.forwarding = forwarding;
  else if (tunnelFlag !== undefined) draft.tunnel = { ...draft.tunnel, flags: tunnelFlag };
  else if (option === '-6') draft.ipv6 = true;
  else if (option === '-o') draft.flags |= flagBits['ops'] ?? 0;
  else {
    const value = words.next().value;
    if (value === undefined) return `${option} has no value, or is not an option that ipvsadm -Sn prints`;
    return readValue(option, value, draft);
  }
  return undefined;
}

function readValue(option: string, value: string, draft: Draft): string | undefined {
  const protocol = protocols[option];
  const number = /^\d{1,10}$/.test(value) ? Number(value) : undefined;
  const wrong = `${option} '${value}' is not a number`;
  if (protocol !== undefined || option === '-r') {
    const end = endpoint(value);
    if (end === undefined) return `${option} '${value}' is not ADDRESS:PORT: print the table with ipvsadm -Sn`;
    if (protocol === undefined) draft.server = end;
    else draft.key = { kind: 'address', protocol, ...end };
    return undefined;
  }
  switch (option) {
    case '-f':
      if (number === undefined) return wrong;
      draft.key = { kind: 'fwmark', fwmark: number, family: 'ipv4' };
      return undefined;
    case '-s':
      draft.scheduler = value;
      return undefined;
    case '-M':
      draft.netmask = value;
      return undefined;
    case '--pe':
      draft.engine = value;
      return undefined;
    case '-b':
      return readFlags(value, draft);
    case '--tun-type':
      if (value !== 'ipip' && value !== 'gue' && value !== 'gre')
        return `--tun-type '${value}' is not ipip, gue or gre`;
      draft.tunnel = { ...draft.tunnel, type: value };
      return undefined;
  }
  if (number === undefined) return /^(?:-[pwxy]|--tun-port)$/.test(option) ? wrong : `${option} is not known`;
  return readNumber(option, number, draft);
}

function readNumber(option: string, value: number, draft: Draft): string | undefined {
  switch (option) {
    case '-p':
      draft.timeoutSecs = value;
      draft.flags |= persistentFlag;
      return undefined;
    case '-w':
      draft.weight = value;
      return undefined;
    case '-x':
      draft.upper = value;
      return undefined;
    case '-y':
      draft.lower = value;
      return undefined;
    case '--tun-port':
      draft.tunnel = { ...draft.tunnel, port: value };
      return undefined;
    default:
      return `${option} is not known`;
  }
}

function readFlags(value: string, draft: Draft): string | undefined {
  for (const flag of value.split(',')) {
    const bit = flagBits[flag];
    if (bit === undefined) return `-b '${flag}' is not a flag of a scheduler`;
    draft.flags |= bit;
  }
  return undefined;
}

function endpoint(text: string): { readonly address: IpAddress; readonly port: number } | undefined {
  const parts = /^(?:\[([^\]]*)\]|([\d.]+)):(\d{1,5})$/.exec(text);
  const address = parseIp(parts?.[1] ?? parts?.[2] ?? '');
  const port = Number(parts?.[3]);
  return address.ok && port <= 65535 ? { address: address.value, port } : undefined;
}

function netmaskOf(text: string | undefined, family: IpFamily): number | undefined {
  if (text === undefined) return family === 'ipv6' ? 128 : 0xffffffff;
  if (family === 'ipv6') return /^\d{1,3}$/.test(text) && Number(text) <= 128 ? Number(text) : undefined;
  const mask = parseIp(text);
  return mask.ok && ipFamily(mask.value) === 'ipv4' ? new ByteReader(ipToBytes(mask.value)).u32be() : undefined;
}
