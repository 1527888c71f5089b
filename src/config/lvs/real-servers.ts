import { ipFamily, parseIp, type IpFamily } from '../../core/index.ts';
import { defined } from '../defined.ts';
import { inherit, type CheckContext, type Inherited } from './check-settings.ts';
import { buildCheckers } from './checkers.ts';
import { readForwarding } from './forwarding.ts';
import type { GlobalDefs } from '../model/global-defs.ts';
import type { Forwarding, RealServer, VirtualServerKey } from '../model/lvs.ts';
import { parsePort } from './port.ts';
import { readBlock, type Entry, type Findings, type Reading } from '../read.ts';
import { nearerTls, type GivenTls } from './tls.ts';

/** What checkers may name. */
export type Followed = Pick<CheckContext, 'trackFiles' | 'bfdInstances' | 'extensions'>;

export interface RealServerContext {
  readonly forwarding: Forwarding;
  readonly reading: Reading;
  readonly inherited: Inherited;
  readonly global: GlobalDefs;
  readonly key: VirtualServerKey;
  /** Of all servers that are not reached through tunnels. */
  readonly family: IpFamily;
  /** Of the services of a group. */
  readonly groupPorts: ReadonlySet<number>;
  readonly followed: Followed;
  readonly tls: GivenTls | undefined;
}

export function realServersOf(
  findings: Findings,
  virtual: string,
  entries: readonly Entry[],
  context: RealServerContext,
): readonly RealServer[] {
  const seen = new Set<string>();
  return entries.flatMap((entry) => {
    const real = buildRealServer(findings, virtual, entry, context);
    if (real === undefined) return [];
    const id = `${real.address} ${String(real.port)}`;
    if (seen.has(id)) {
      findings.error(
        'duplicate-object',
        real.span,
        `real_server ${id} is twice in ${virtual}`,
        'the second is ignored',
      );
      return [];
    }
    seen.add(id);
    return [real];
  });
}

function buildRealServer(
  findings: Findings,
  virtual: string,
  { statement }: Entry,
  context: RealServerContext,
): RealServer | undefined {
  const [addressWord, portWord] = statement.args;
  const object = `real_server ${statement.args.map((word) => word.text).join(' ')} of ${virtual}`;
  const address = parseIp(addressWord?.text ?? '');
  const givenPort = parsePort(portWord);
  const { span } = statement.keyword;
  if (!address.ok || givenPort === undefined) {
    findings.error(
      'bad-argument',
      (addressWord ?? statement.keyword).span,
      `'${object}' is not valid`,
      'it takes ADDRESS [PORT]; the server is ignored',
    );
    return undefined;
  }
  const reading = readBlock(findings, 'virtual_server/real_server', object, statement.block?.statements ?? []);
  const forwarding = readForwarding(findings, object, reading.entry('lvs_method')) ?? context.forwarding;
  const { key } = context;
  if (forwarding.lbKind !== 'TUN' && context.family !== ipFamily(address.value)) {
    findings.error(
      'mixed-families',
      span,
      `${object} is of another family than its service`,
      'only TUN can do that; the server is ignored',
    );
    return undefined;
  }
  let port = givenPort === 0 && key.kind === 'address' ? key.port : givenPort;
  if (forwarding.lbKind !== 'NAT' && key.kind === 'fwmark' && port !== 0) {
    findings.warning(
      'port-mismatch',
      span,
      `${object} has a port, but ${forwarding.lbKind} keeps the one of the packet`,
      'remove it; the checks need connect_port',
    );
    port = 0;
  }
  if (forwarding.lbKind !== 'NAT' && key.kind === 'address' && port !== key.port) {
    findings.warning(
      'port-mismatch',
      span,
      `${object} has another port than its service`,
      `only NAT can change the port: ${String(key.port)} is used`,
    );
    port = key.port;
  }
  const other = [...context.groupPorts].find((groupPort) => groupPort !== port);
  if (forwarding.lbKind !== 'NAT' && other !== undefined && port !== 0)
    findings.warning(
      'port-mismatch',
      span,
      `${object} has another port than the entries of its group`,
      `only NAT can change the port: write ${String(other)}`,
    );
  const weight = reading.number('weight') ?? context.reading.number('weight') ?? 1;
  const inherited = inherit(reading, context.inherited);
  const virtualhost = reading.text('virtualhost') ?? context.reading.text('virtualhost');
  const target = {
    address: address.value,
    port,
    ...defined({ virtualhost, serviceVirtualhost: context.reading.text('virtualhost') }),
  };
  return {
    span,
    address: address.value,
    port,
    weight,
    forwarding,
    inhibitOnFailure: reading.flag('inhibit_on_failure', context.reading.flag('inhibit_on_failure')),
    uthreshold: reading.number('uthreshold') ?? 0,
    lthreshold: reading.number('lthreshold') ?? 0,
    smtpAlert: reading.flag('smtp_alert', context.global.smtpAlertChecker ?? context.global.smtpAlert ?? true),
    ...defined({
      notifyUp: reading.firstCommand('notify_up'),
      notifyDown: reading.firstCommand('notify_down'),
      virtualhost,
      snmpName: readSnmpName(reading),
    }),
    checkers: buildCheckers(findings, reading, {
      server: object,
      target,
      from: inherited,
      tls: nearerTls(context.followed.extensions.of(statement), context.tls),
      ...context.followed,
    }),
  };
}

/** It takes exactly one word. */
export function readSnmpName(reading: Reading): string | undefined {
  const [name, extra] = reading.entry('snmp_name')?.statement.args ?? [];
  if (extra === undefined) return name?.text;
  reading.findings.error(
    'bad-argument',
    extra.span,
    `'snmp_name' in ${reading.object} has more than one word`,
    'it takes one name, in double quotes where that has blanks; it is ignored',
  );
  return undefined;
}
