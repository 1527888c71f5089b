import { ipToBytes, type IpAddress } from '../../../core/index.ts';
import type { VirtualServer, VirtualServerGroup } from '../../../config/index.ts';
import type { Director } from '../../director.ts';
import type { Rule } from '../../rule.ts';
import { nameOfService } from './objects.ts';

/** One kernel service, or the services of a range of addresses. */
interface Claim {
  readonly service: VirtualServer;
  readonly first: bigint;
  readonly last: bigint;
  /** What both claims want, in words. */
  readonly text: string;
}

/** The kernel has each service once: who comes second writes into the service of the first. */
export const overlappingServices: Rule = {
  id: 'overlapping-services',
  severity: 'error',
  title: 'two virtual servers are one service of the kernel',
  *check(director) {
    const seen = new Set<string>();
    for (const claims of claimsOf(director).values()) {
      let widest: Claim | undefined;
      for (const claim of claims.sort((a, b) => Number(a.first > b.first) - Number(a.first < b.first))) {
        if (widest !== undefined && claim.first <= widest.last) {
          const [earlier, later] = inOrder(widest.service, claim.service);
          const pair = `${place(earlier)} ${place(later)}`;
          if (!seen.has(pair)) {
            seen.add(pair);
            yield earlier === later
              ? {
                  at: director.header(later),
                  message: `the group of ${nameOfService(later)} has ${claim.text} more than once`,
                  hint: 'the kernel has each service once: leave one entry out of the group',
                }
              : {
                  at: director.header(later),
                  message: `${nameOfService(later)} and ${nameOfService(earlier)} are both ${claim.text}`,
                  hint: 'the kernel has each service once: leave the address out of one of them',
                  related: [{ span: director.header(earlier), message: nameOfService(earlier) }],
                };
          }
        }
        if (widest === undefined || claim.last > widest.last) widest = claim;
      }
    }
  },
};

/** By what must differ when addresses are equal: protocol and port; marks are numbers like addresses. */
function claimsOf({ config }: Director): ReadonlyMap<string, Claim[]> {
  const groups = new Map(config.lvs.groups.map((group) => [group.name, group]));
  const claims = new Map<string, Claim[]>();
  for (const service of config.lvs.virtualServers)
    for (const [key, claim] of claimsOfService(service, groups)) {
      const others = claims.get(key);
      if (others === undefined) claims.set(key, [claim]);
      else others.push(claim);
    }
  return claims;
}

function* claimsOfService(
  service: VirtualServer,
  groups: ReadonlyMap<string, VirtualServerGroup>,
): Iterable<readonly [string, Claim]> {
  const { key, protocol, family } = service;
  const byMark = (fwmark: number): readonly [string, Claim] => [
    `fwmark ${family}`,
    { service, first: BigInt(fwmark), last: BigInt(fwmark), text: `fwmark ${String(fwmark)}` },
  ];
  const byAddress = (first: IpAddress, last: IpAddress, port: number): readonly [string, Claim] => [
    `${protocol} ${String(port)} ${String(ipToBytes(first).length)}`,
    {
      service,
      first: numberOf(first),
      last: numberOf(last),
      text: `${protocol} ${range(first, last)} ${String(port)}`,
    },
  ];
  if (key.kind === 'fwmark') yield byMark(key.fwmark);
  else if (key.kind === 'address') yield byAddress(key.address, key.address, key.port);
  else
    for (const entry of groups.get(key.group)?.entries ?? [])
      yield entry.kind === 'fwmark' ? byMark(entry.fwmark) : byAddress(entry.first, entry.last, entry.port);
}

function numberOf(address: IpAddress): bigint {
  return ipToBytes(address).reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

function range(first: IpAddress, last: IpAddress): string {
  return first === last ? first : `${first} to ${last}`;
}

function inOrder(a: VirtualServer, b: VirtualServer): readonly [VirtualServer, VirtualServer] {
  return b.span.line < a.span.line ? [b, a] : [a, b];
}

function place({ span }: VirtualServer): string {
  return `${span.file}:${String(span.line)}:${String(span.column)}`;
}
