import type { Statement } from '../../parser/index.ts';
import { defined } from '../defined.ts';
import type { GlobalDefs } from '../model/global-defs.ts';
import type { LvsConfig, VirtualServer, VirtualServerGroup, VirtualServerKey } from '../model/lvs.ts';
import { readBlock, type Entry, type Findings, type Reading } from '../read.ts';
import { inherit } from './check-settings.ts';
import { readForwarding } from './forwarding.ts';
import { familyOf, familyOfServers, givenFamily, readKey } from './key.ts';
import { isForAllPorts, persistenceOf } from './persistence.ts';
import { hasOnlyMarks, readProtocol } from './protocol.ts';
import { quorumOf } from './quorum.ts';
import { readSnmpName, realServersOf, type Followed } from './real-servers.ts';
import { inOrder, readScheduler } from './scheduler.ts';
import { buildServerGroup } from './server-groups.ts';
import { buildSorryServer } from './sorry-server.ts';
import { readSsl } from './ssl.ts';
import { nearerTls, type GivenTls } from './tls.ts';

const serviceFlags = ['ops', 'flag-1', 'flag-2', 'flag-3', 'sh-port', 'sh-fallback', 'mh-port', 'mh-fallback'];

export function buildLvs(findings: Findings, root: Reading, global: GlobalDefs, followed: Followed): LvsConfig {
  const groups = root.all('virtual_server_group').flatMap((entry) => buildServerGroup(findings, entry) ?? []);
  const byName = new Map(groups.map((group) => [group.name, group]));
  const sslBlock = root.entry('SSL')?.statement;
  const tls = sslBlock === undefined ? undefined : nearerTls(followed.extensions.of(sslBlock), undefined);
  const seen = new Set<string>();
  const virtualServers = root.all('virtual_server').flatMap((entry) => {
    const virtual = buildVirtualServer(findings, entry, { groups: byName, global, followed, tls });
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
  readonly tls: GivenTls | undefined;
}

function buildVirtualServer(
  findings: Findings,
  { statement }: Entry,
  { groups, global, followed, tls }: VirtualServerContext,
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
  const given = readBlock(findings, 'virtual_server', object, statement.block?.statements ?? []);
  const reading = inOrder(findings, object, given);
  const lbAlgo = readScheduler(findings, object, reading);
  const forwarding = readForwarding(findings, object, reading.entry('lb_kind') ?? reading.entry('lvs_method')) ?? {
    lbKind: 'NAT',
  };
  const realEntries = reading.all('real_server');
  const family = familyOf(key, groups, realEntries, reading);
  const inherited = inherit(reading, undefined, global.checkerLogAllFailures);
  const serverFamily = key.kind === 'group' ? (givenFamily(reading) ?? familyOfServers(realEntries) ?? family) : family;
  const realServers = realServersOf(findings, object, realEntries, {
    forwarding,
    reading,
    inherited,
    global,
    key,
    family: serverFamily,
    groupPorts: groupPortsOf(key, groups),
    followed,
    tls: nearerTls(followed.extensions.of(statement), tls),
  });
  const { quorum, hysteresis } = quorumOf(findings, object, reading, realServers);
  const sorryServer = buildSorryServer(findings, object, reading, { forwarding, key, family: serverFamily });
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
  const mayTakeOps = protocol === 'UDP' || hasOnlyMarks(key, groups);
  if (reading.has('ops') && !mayTakeOps)
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
    flags: serviceFlags.filter((flag) => reading.has(flag) && (flag !== 'ops' || mayTakeOps)),
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

function groupPortsOf(key: VirtualServerKey, groups: ReadonlyMap<string, VirtualServerGroup>): ReadonlySet<number> {
  const entries = key.kind === 'group' ? (groups.get(key.group)?.entries ?? []) : [];
  return new Set(entries.flatMap((entry) => (entry.kind === 'range' ? [entry.port] : [])));
}
