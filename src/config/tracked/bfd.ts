import { ipFamily } from '../../core/index.ts';
import { defined } from '../defined.ts';
import type { BfdInstance } from '../model/tracking.ts';
import { named } from '../named.ts';
import { readBlock, type Entry, type Findings, type Reading } from '../read.ts';
import { readWeight } from '../weight.ts';

const longestName = 31;

export function buildBfdInstances(findings: Findings, root: Reading): readonly BfdInstance[] {
  const sessions: BfdInstance[] = [];
  return named(findings, root, 'bfd_instance', (name, entry) => {
    const bfd = buildBfd(findings, name, entry);
    if (bfd === undefined) return undefined;
    const other = sessions.find((known) => isSameSession(known, bfd));
    if (other === undefined) {
      sessions.push(bfd);
      return bfd;
    }
    findings.error(
      'duplicate-object',
      bfd.span,
      `bfd_instance ${name} has the neighbor_ip ${bfd.neighborIp} of bfd_instance ${other.name}`,
      'the second is ignored: one session with a neighbour serves all who track it; another needs another source_ip',
    );
    return undefined;
  });
}

function isSameSession(a: BfdInstance, b: BfdInstance): boolean {
  if (a.neighborIp !== b.neighborIp) return false;
  return a.sourceIp === undefined || b.sourceIp === undefined || a.sourceIp === b.sourceIp;
}

function buildBfd(findings: Findings, name: string, { statement }: Entry): BfdInstance | undefined {
  const object = `bfd_instance ${name}`;
  const { span } = statement.keyword;
  if (name.length > longestName) {
    const message = `the name of ${object} is too long`;
    findings.error('bad-argument', span, message, `at most ${String(longestName)} characters; the block is ignored`);
    return undefined;
  }
  const reading = readBlock(findings, 'bfd_instance', object, statement.block?.statements ?? []);
  checkDecimals(reading);
  const neighborIp = reading.address('neighbor_ip') ?? reading.address('neighbour_ip');
  const sourceIp = reading.address('source_ip');
  if (neighborIp === undefined) {
    findings.error('missing-keyword', span, `${object} has no neighbor_ip`, "add 'neighbor_ip ADDRESS'; it is ignored");
    return undefined;
  }
  if (sourceIp !== undefined && ipFamily(sourceIp) !== ipFamily(neighborIp)) {
    findings.error(
      'mixed-families',
      reading.entry('source_ip')?.statement.args[0]?.span ?? span,
      `source_ip ${sourceIp} of ${object} is of another family than ${neighborIp}`,
      'name an address of the same family; the block is ignored',
    );
    return undefined;
  }
  const ttl = reading.number('ttl') ?? reading.number('hoplimit') ?? (ipFamily(neighborIp) === 'ipv4' ? 255 : 64);
  const both = reading.has('vrrp') === reading.has('checker');
  return {
    name,
    span,
    neighborIp,
    ...defined({ sourceIp }),
    minRxMs: reading.number('min_rx') ?? 10,
    minTxMs: reading.number('min_tx') ?? 10,
    idleTxMs: reading.number('idle_tx') ?? 1000,
    multiplier: reading.number('multiplier') ?? 5,
    passive: reading.flag('passive'),
    ttl,
    maxHops: maxHops(reading, ttl),
    multihop: reading.flag('multihop'),
    ...readWeight(findings, object, reading.entry('weight'), 0),
    vrrp: both || reading.has('vrrp'),
    checker: both || reading.has('checker'),
  };
}

function maxHops(reading: Reading, ttl: number): number {
  const hops = reading.number('max_hops') ?? 0;
  const span = reading.entry('max_hops')?.statement.keyword.span;
  if (hops <= ttl || span === undefined) return hops;
  const message = `max_hops ${String(hops)} in ${reading.object} is more than its ttl`;
  reading.findings.warning('bad-argument', span, message, `${String(ttl)} is used`);
  return ttl;
}

/** These times are counted in microseconds. */
function checkDecimals(reading: Reading): void {
  for (const { keyword, statement } of reading.entries) {
    const word = statement.args[0];
    if (keyword.args.kind !== 'time' || word === undefined || !/\.\d{4}/.test(word.text)) continue;
    reading.findings.warning(
      'bad-argument',
      word.span,
      `'${keyword.name} ${word.text}' in ${reading.object} has too many decimal places`,
      'milliseconds have three at most: it is rounded',
    );
  }
}
