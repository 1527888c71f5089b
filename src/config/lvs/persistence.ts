import { ipFamily, parseIp, type IpAddress, type IpFamily } from '../../core/index.ts';
import type { Statement } from '../../parser/index.ts';
import type { VirtualServerGroup, VirtualServerKey } from '../model/lvs.ts';
import type { Findings, Reading } from '../read.ts';

/** The kernel serves port 0 (all ports) only with persistence. */
export function isForAllPorts(key: VirtualServerKey, groups: ReadonlyMap<string, VirtualServerGroup>): boolean {
  if (key.kind === 'address') return key.port === 0;
  const entries = key.kind === 'group' ? groups.get(key.group)?.entries : undefined;
  return entries?.some((entry) => entry.kind === 'range' && entry.port === 0) === true;
}

export function persistenceOf(
  findings: Findings,
  object: string,
  reading: Reading,
  {
    family,
    allPorts,
    span,
  }: { readonly family: IpFamily; readonly allPorts: boolean; readonly span: Statement['keyword']['span'] },
): {
  readonly persistenceTimeoutSecs?: number;
  readonly persistenceGranularity?: IpAddress | number;
  readonly persistenceEngine?: string;
} {
  const engine = readEngine(findings, object, reading);
  const entry = reading.entry('persistence_granularity');
  const word = entry?.statement.args[0];
  // An engine alone is no persistence.
  const wanted = reading.has('persistence_timeout') || entry !== undefined;
  const forced = allPorts && !wanted;
  if (forced)
    findings.warning(
      'persistence-needed',
      span,
      `${object} is for all ports`,
      "the kernel asks for persistence: 'persistence_timeout 360' is used",
    );
  const asked = wanted || forced;
  if (!asked) return {};
  const persistenceTimeoutSecs = reading.number('persistence_timeout') ?? 360;
  const granularity = word === undefined ? undefined : readGranularity(word.text, family);
  if (word !== undefined && granularity === undefined) {
    findings.error(
      'bad-argument',
      word.span,
      `'persistence_granularity ${word.text}' of ${object} is not valid`,
      family === 'ipv4' ? 'it takes a netmask, such as 255.255.255.0' : 'it takes the length of a prefix, 1 to 128',
      // The reference takes a plain number for the last byte of a netmask.
      family === 'ipv4' && /^\d+$/.test(word.text) ? 'none' : 'general',
    );
  }
  return {
    persistenceTimeoutSecs,
    ...(granularity === undefined ? {} : { persistenceGranularity: granularity }),
    ...(engine === undefined ? {} : { persistenceEngine: engine }),
  };
}

function readEngine(findings: Findings, object: string, reading: Reading): string | undefined {
  const engine = reading.text('persistence_engine');
  const word = reading.entry('persistence_engine')?.statement.args[0];
  if (engine !== undefined && word !== undefined && engine.length > 15)
    findings.warning(
      'bad-argument',
      word.span,
      `persistence_engine '${engine}' of ${object} is too long`,
      'a name has at most 15 characters: the rest is cut off',
    );
  return engine?.slice(0, 15);
}

function readGranularity(text: string, family: IpFamily): IpAddress | number | undefined {
  if (family === 'ipv6')
    return /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 128 ? Number(text) : undefined;
  const parsed = parseIp(text);
  return parsed.ok && ipFamily(parsed.value) === 'ipv4' ? parsed.value : undefined;
}
