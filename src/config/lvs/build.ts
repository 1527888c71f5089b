import { ipFamily, ipToBytes, parseIp, type IpAddress, type IpFamily } from '../../core/index.ts';
import type { Statement, Word } from '../../parser/index.ts';
import { defined } from '../defined.ts';
import { inherit } from './check-settings.ts';
import type {
  GroupEntry,
  LvsConfig,
  LvsProtocol,
  RealServer,
  SorryServer,
  VirtualServer,
  VirtualServerGroup,
  VirtualServerKey,
} from '../model/lvs.ts';
import type { GlobalDefs } from '../model/global-defs.ts';
import { readForwarding } from './forwarding.ts';
import { parsePort } from './port.ts';
import { readSnmpName, realServersOf, type Followed, type RealServerContext } from './real-servers.ts';
import { buildServerGroup } from './server-groups.ts';
import { readSsl } from './ssl.ts';
import { readBlock, type Entry, type Findings, type Reading } from '../read.ts';

export function buildLvs(findings: Findings, root: Reading, global: GlobalDefs, followed: Followed): LvsConfig {
  const groups = root.all('virtual_server_group').flatMap((entry) => buildServerGroup(findings, entry) ?? []);
  const byName = new Map(groups.map((group) => [group.name, group]));
  const seen = new Set<string>();
  const virtualServers = root.all('virtual_server').flatMap((entry) => {
    const virtual = buildVirtualServer(findings, entry, { groups: byName, global, followed });
    if (virtual === undefined) return [];
    const id = JSON.stringify([virtual.key, virtual.protocol]);
    if (seen.has(id)) {
      findings.error(
        'duplicate-object',
        entry.statement.keyword.span,
        `${nameOf(entry.statement)} is defined twice`,
        'the second definition is ignored: put all real servers into one',
        'none',
      );
      return [];
    }
    seen.add(id);
    return [virtual];
  });
  return { virtualServers, groups, ...defined({ ssl: readSsl(findings, root) }) };
}

function nameOf(statement: Statement): string {
  return `virtual_server ${statement.args.map((word) => word.text).join(' ')}`;
}

interface VirtualServerContext {
  readonly groups: ReadonlyMap<string, VirtualServerGroup>;
  readonly global: GlobalDefs;
  readonly followed: Followed;
}

function buildVirtualServer(
  findings: Findings,
  { statement }: Entry,
  { groups, global, followed }: VirtualServerContext,
): VirtualServer | undefined {
  const object = nameOf(statement);
  const { span } = statement.keyword;
  const key = readKey(statement.args);
  if (key === undefined) {
    findings.error(
      'bad-argument',
      (statement.args[0] ?? statement.keyword).span,
      `'${object}' is not valid`,
      'it takes ADDRESS [PORT], fwmark NUMBER or group NAME; the block is ignored',
      statement.args.length === 0 ? 'missing-parameter' : 'general',
    );
    return undefined;
  }
  const reading = readBlock(findings, 'virtual_server', object, statement.block?.statements ?? []);
  const lbAlgo = readScheduler(findings, object, reading);
  checkOrder(findings, object, reading);
  const forwarding = readForwarding(findings, object, reading.entry('lb_kind') ?? reading.entry('lvs_method')) ?? {
    lbKind: 'NAT',
  };
  const realEntries = reading.all('real_server');
  const family = familyOf(key, groups, realEntries, reading);
  const inherited = inherit(reading, undefined, global.checkerLogAllFailures);
  const realServers = realServersOf(findings, object, realEntries, {
    forwarding,
    reading,
    inherited,
    global,
    key,
    family,
    followed,
  });
  const { quorum, hysteresis } = quorumOf(findings, object, reading, realServers);
  const sorryServer = buildSorryServer(findings, object, reading, { forwarding, key, family });
  const protocol = readProtocol(findings, object, reading, { key, groups, span });
  if (realServers.length === 0) {
    findings.warning(
      'no-real-servers',
      span,
      `${object} has no real servers`,
      'the service is ignored: add a real_server, with weight 0 where only the sorry server is to answer',
    );
    return undefined;
  }
  if (!reading.has('lb_kind') && !reading.has('lvs_method'))
    findings.warning('missing-keyword', span, `${object} has no lb_kind`, "'NAT' is taken; write what you mean");
  if (key.kind === 'group' && !groups.has(key.group))
    findings.error(
      'unknown-group',
      span,
      `virtual_server_group ${key.group} of ${object} is not defined`,
      'the service has no address: define the group',
      'none',
    );
  if (reading.has('ops') && protocol !== 'UDP' && key.kind === 'address')
    findings.warning(
      'ops-without-udp',
      reading.entry('ops')?.statement.keyword.span ?? span,
      `'ops' in ${object} has no effect`,
      'one-packet scheduling is for UDP only: remove it',
    );
  if (lbAlgo === undefined)
    findings.warning('missing-keyword', span, `${object} has no lb_algo`, "'wlc' is taken; write what you mean");
  const persistence = persistenceOf(findings, object, reading, { family, allPorts: isForAllPorts(key, groups), span });
  const optional = {
    quorumUp: reading.firstCommand('quorum_up'),
    quorumDown: reading.firstCommand('quorum_down'),
    sorryServer,
    virtualhost: reading.text('virtualhost'),
    snmpName: readSnmpName(reading),
    ...persistence,
  };
  return {
    span,
    key: key.kind === 'fwmark' ? { ...key, family } : key,
    protocol,
    family,
    lbAlgo: lbAlgo ?? 'wlc',
    flags: serviceFlags.filter(
      (flag) => reading.has(flag) && !(flag === 'ops' && protocol !== 'UDP' && key.kind === 'address'),
    ),
    quorum,
    hysteresis,
    alpha: reading.flag('alpha'),
    omega: reading.flag('omega'),
    haSuspend: readHaSuspend(findings, object, reading, key),
    smtpAlert: reading.flag('smtp_alert', global.smtpAlertChecker ?? global.smtpAlert ?? false),
    realServers,
    ...defined(optional),
  };
}

/** There is no address that could be on this host or not. */
function readHaSuspend(findings: Findings, object: string, reading: Reading, key: VirtualServerKey): boolean {
  const entry = reading.entry('ha_suspend');
  if (entry === undefined || key.kind !== 'fwmark') return entry !== undefined;
  findings.warning(
    'ha-suspend-of-fwmark',
    entry.statement.keyword.span,
    `'ha_suspend' in ${object} has no effect`,
    'a firewall mark has no address that could be elsewhere: remove it',
  );
  return false;
}

/** The kernel serves port 0 (all ports) only with persistence. */
function isForAllPorts(key: VirtualServerKey, groups: ReadonlyMap<string, VirtualServerGroup>): boolean {
  if (key.kind === 'address') return key.port === 0;
  const entries = key.kind === 'group' ? groups.get(key.group)?.entries : undefined;
  return entries?.some((entry) => entry.kind === 'range' && entry.port === 0) === true;
}

function readKey(args: readonly Word[]): VirtualServerKey | undefined {
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
function familyOf(
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

const serviceFlags = ['ops', 'flag-1', 'flag-2', 'flag-3', 'sh-port', 'sh-fallback', 'mh-port', 'mh-fallback'];
const schedulers: ReadonlySet<string> = new Set('rr wrr lc wlc lblc lblcr sh mh dh fo ovf sed nq twos'.split(' '));

function readScheduler(findings: Findings, object: string, reading: Reading): string | undefined {
  const entry = reading.entry('lb_algo') ?? reading.entry('lvs_sched');
  const word = entry?.statement.args[0];
  if (word === undefined || schedulers.has(word.text)) return word?.text;
  findings.error(
    'bad-argument',
    word.span,
    `scheduler '${word.text}' of ${object} is not known`,
    `it takes one of ${[...schedulers].join(', ')}`,
  );
  return undefined;
}

/** Lines that the reference takes only after the line that they belong to. */
function checkOrder(findings: Findings, object: string, reading: Reading): void {
  let scheduler = '';
  let sorry = false;
  for (const { keyword, statement } of reading.entries) {
    const { name } = keyword;
    if (name === 'lb_algo' || name === 'lvs_sched') scheduler = statement.args[0]?.text ?? '';
    if (name === 'sorry_server') sorry = true;
    const needed = /^(?:sh|mh)-(?:port|fallback)$/.test(name) ? name.slice(0, 2) : name === 'hashed' ? 'sh' : undefined;
    if (needed !== undefined && needed !== scheduler)
      findings.warning(
        'out-of-order',
        statement.keyword.span,
        `'${name}' in ${object} has no effect`,
        `it belongs after 'lb_algo ${needed}'`,
      );
    if ((name === 'sorry_server_inhibit' || name === 'sorry_server_lvs_method') && !sorry)
      findings.warning(
        'out-of-order',
        statement.keyword.span,
        `'${name}' in ${object} has no effect`,
        "it belongs after 'sorry_server'",
      );
  }
}

function readProtocol(
  findings: Findings,
  object: string,
  reading: Reading,
  {
    key,
    groups,
    span,
  }: {
    readonly key: VirtualServerKey;
    readonly groups: ReadonlyMap<string, VirtualServerGroup>;
    readonly span: Statement['keyword']['span'];
  },
): LvsProtocol {
  const protocol = reading.text('protocol');
  const entry = reading.entry('protocol');
  const byAddress =
    key.kind === 'address' ||
    (key.kind === 'group' && groups.get(key.group)?.entries.some((member) => member.kind === 'range') === true);
  const onlyMarks = key.kind === 'fwmark' || (key.kind === 'group' && groups.has(key.group) && !byAddress);
  if (onlyMarks && entry !== undefined)
    findings.warning(
      'protocol-of-fwmark',
      entry.statement.keyword.span,
      `'protocol' in ${object} has no effect`,
      'a firewall mark stands for all protocols that are marked: remove it',
    );
  if (protocol === 'TCP' || protocol === 'UDP' || protocol === 'SCTP') return protocol;
  if (byAddress) {
    findings.warning(
      'missing-keyword',
      span,
      `${object} has no protocol`,
      "'UDP' is taken, as keepalived does: write 'protocol TCP' or 'protocol UDP'",
    );
    return 'UDP';
  }
  return 'TCP';
}

function buildSorryServer(
  findings: Findings,
  virtual: string,
  reading: Reading,
  { forwarding, key, family }: Pick<RealServerContext, 'forwarding' | 'key' | 'family'>,
): SorryServer | undefined {
  const entry = reading.entry('sorry_server');
  if (entry === undefined) return undefined;
  const [addressWord, portWord] = entry.statement.args;
  const address = parseIp(addressWord?.text ?? '');
  const port = parsePort(portWord);
  const { span } = entry.statement.keyword;
  if (!address.ok || port === undefined) {
    findings.error(
      'bad-argument',
      (addressWord ?? entry.statement.keyword).span,
      `sorry_server of ${virtual} is not valid`,
      'it takes ADDRESS [PORT]',
    );
    return undefined;
  }
  reportSorryInhibit(findings, virtual, reading, `${addressWord?.text ?? ''} ${portWord?.text ?? '0'}`);
  const own =
    readForwarding(findings, `sorry_server of ${virtual}`, reading.entry('sorry_server_lvs_method')) ?? forwarding;
  if (own.lbKind !== 'TUN' && key.kind !== 'group' && ipFamily(address.value) !== family) {
    findings.error(
      'mixed-families',
      addressWord?.span ?? span,
      `sorry_server ${address.value} of ${virtual} is of another family than its service`,
      'only TUN can do that; the sorry server is ignored',
    );
    return undefined;
  }
  const keepsPort = own.lbKind !== 'NAT' && key.kind === 'address' && port !== 0 && port !== key.port;
  if (keepsPort)
    findings.warning(
      'port-mismatch',
      portWord?.span ?? span,
      `sorry_server of ${virtual} has another port than its service`,
      `only NAT can change the port: ${String(key.port)} is used`,
    );
  return {
    span,
    address: address.value,
    port: keepsPort ? key.port : port,
    forwarding: own,
    inhibit: reading.flag('sorry_server_inhibit'),
  };
}

/** One server cannot be both inhibited and removed; the kernel has it once. */
function reportSorryInhibit(findings: Findings, virtual: string, reading: Reading, sorry: string): void {
  for (const { statement } of reading.all('real_server')) {
    const inhibits =
      reading.flag('inhibit_on_failure') ||
      statement.block?.statements.some((line) => line.keyword.text === 'inhibit_on_failure') === true;
    const same = statement.args.map((word) => word.text).join(' ') === sorry;
    if (!same || inhibits === reading.flag('sorry_server_inhibit')) continue;
    findings.warning(
      'sorry-inhibit',
      statement.keyword.span,
      `real_server ${sorry} of ${virtual} is the sorry server too, and only one of them is inhibited`,
      inhibits ? "add 'sorry_server_inhibit' after 'sorry_server'" : "add 'inhibit_on_failure' to the real_server",
    );
  }
}

/** The quorum cannot exceed what the servers can reach, and the hysteresis must stay below the quorum. */
function quorumOf(
  findings: Findings,
  object: string,
  reading: Reading,
  servers: readonly RealServer[],
): { readonly quorum: number; readonly hysteresis: number } {
  let quorum = reading.number('quorum') ?? 1;
  let hysteresis = reading.number('hysteresis') ?? 0;
  const most = servers.reduce((sum, { weight }) => sum + weight, 0);
  const at = reading.entry('quorum')?.statement.keyword.span;
  if (at !== undefined && servers.length > 0 && quorum > most) {
    findings.warning(
      'quorum-too-high',
      at,
      `quorum ${String(quorum)} of ${object} is more than the weights of all its servers`,
      `${String(most)} is used`,
    );
    quorum = Math.max(1, most);
  }
  if (hysteresis >= quorum) {
    const span = reading.entry('hysteresis')?.statement.keyword.span;
    if (span !== undefined)
      findings.warning(
        'hysteresis-too-high',
        span,
        `hysteresis of ${object} is not below its quorum`,
        `${String(quorum - 1)} is used`,
      );
    hysteresis = quorum - 1;
  }
  return { quorum, hysteresis };
}

function persistenceOf(
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
  const wanted = reading.has('persistence_timeout') || entry !== undefined || engine !== undefined;
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
  if (!parsed.ok || ipFamily(parsed.value) !== 'ipv4') return undefined;
  const bits = [...ipToBytes(parsed.value)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits.includes('1') ? parsed.value : undefined;
}
