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

function hasFamily(entry: GroupEntry): entry is GroupEntry & { readonly kind: 'fwmark'; readonly family: IpFamily } {
  return entry.kind === 'fwmark' && entry.family !== undefined;
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
  if (own !== undefined && given !== undefined && own !== (given.value === 'inet6' ? 'ipv6' : 'ipv4'))
    reading.findings.error(
      'mixed-families',
      given.statement.keyword.span,
      `'ip_family ${given.statement.args[0]?.text ?? ''}' in ${reading.object} is not the family of its address`,
      'remove it: the address says which family it is',
    );
  if (own !== undefined) return own;
  const range =
    key.kind === 'group' ? groups.get(key.group)?.entries.find((entry) => entry.kind === 'range') : undefined;
  if (range?.kind === 'range') return ipFamily(range.first);
  const mark = key.kind === 'group' ? groups.get(key.group)?.entries.find(hasFamily) : undefined;
  if (mark !== undefined) return mark.family;
  const asked = reading.text('ip_family');
  if (asked !== undefined) return asked === 'inet6' ? 'ipv6' : 'ipv4';
  const first = parseIp(realServers[0]?.statement.args[0]?.text ?? '');
  return first.ok ? ipFamily(first.value) : 'ipv4';
}
