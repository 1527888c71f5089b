import { ipFamily, parseIp, type IpFamily } from '../../core/index.ts';
import type { Word } from '../../parser/index.ts';
import type { GroupEntry, VirtualServerGroup, VirtualServerKey } from '../model/lvs.ts';
import type { Entry, Reading } from '../read.ts';
import { parsePort } from './port.ts';

export function readKey(args: readonly Word[]): VirtualServerKey | undefined {
  const [first, second] = args;
  if (first?.text === 'fwmark') {
    const fwmark = /^\d{1,10}$/.test(second?.text ?? '') ? Number(second?.text) : 0;
    return fwmark > 0 && fwmark <= 0xffffffff ? { kind: 'fwmark', fwmark, family: 'ipv4' } : undefined;
  }
  if (first?.text === 'group') return second === undefined ? undefined : { kind: 'group', group: second.text };
  const address = parseIp(first?.text ?? '');
  const port = parsePort(second);
  return address.ok && port !== undefined ? { kind: 'address', address: address.value, port } : undefined;
}

/** The family of a group's entry; of a mark only where it says. */
export function memberFamily(entry: GroupEntry): IpFamily | undefined {
  return entry.kind === 'range' ? ipFamily(entry.first) : entry.family;
}

export function familyOfServers(realServers: readonly Entry[]): IpFamily | undefined {
  const first = parseIp(realServers[0]?.statement.args[0]?.text ?? '');
  return first.ok ? ipFamily(first.value) : undefined;
}

/** An address has its own family; a mark or a group that does not say takes the real servers'. */
export function familyOf(
  key: VirtualServerKey,
  groups: ReadonlyMap<string, VirtualServerGroup>,
  realServers: readonly Entry[],
  reading: Reading,
): IpFamily {
  const own = key.kind === 'address' ? ipFamily(key.address) : undefined;
  const given = reading.entry('ip_family');
  if (own !== undefined && given !== undefined && own !== givenFamily(reading))
    reading.findings.error(
      'mixed-families',
      given.statement.keyword.span,
      `'ip_family ${given.statement.args[0]?.text ?? ''}' in ${reading.object} is not the family of its address`,
      'remove it: the address says which family it is',
    );
  if (own !== undefined) return own;
  const members = key.kind === 'group' ? (groups.get(key.group)?.entries ?? []) : [];
  const member = members.find(({ kind }) => kind === 'range') ?? members.find((entry) => memberFamily(entry));
  const ofMember = member && memberFamily(member);
  return ofMember ?? askedFamily(reading) ?? familyOfServers(realServers) ?? 'ipv4';
}

/** What `ip_family` says. */
export function givenFamily(reading: Reading): IpFamily | undefined {
  const given = reading.entry('ip_family');
  if (given === undefined) return undefined;
  return given.value === 'inet6' ? 'ipv6' : 'ipv4';
}

/** What `ip_family` says, or the form of a granularity that stands before it: a prefix length is for IPv6. */
function askedFamily(reading: Reading): IpFamily | undefined {
  const asked = reading.entries.find(({ keyword }) => /^(?:ip_family|persistence_granularity)$/.test(keyword.name));
  const word = asked?.statement.args[0]?.text;
  if (asked === undefined || word === undefined) return undefined;
  return (asked.keyword.name === 'ip_family' ? word === 'inet6' : /^\d+$/.test(word)) ? 'ipv6' : 'ipv4';
}
