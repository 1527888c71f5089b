import type { Checker, Forwarding, ScriptCommand, VirtualServer, VirtualServerGroup } from '../../config/index.ts';
import { realServerText, virtualServerText, type LvsState } from '../../lvs/index.ts';
import { checkerData } from './check-data.ts';
import type { CommandWords } from './report.ts';

type VirtualState = LvsState['virtualServers'][number];
type RealState = VirtualState['realServers'][number];

/** keepalived_check.data after its global definitions, in the sections of the reference. */
export function checkersData(state: LvsState, command: CommandWords): readonly string[] {
  const { groups } = state.config;
  const checkers = state.virtualServers.flatMap(({ config: virtual, realServers }) =>
    realServers.flatMap((real) => checks(virtual, real, command)),
  );
  return [
    '------< LVS Topology >------',
    ...(groups.length === 0 ? [] : [' ------< Virtual server group >------']),
    ...groups.flatMap(groupData),
    ...state.virtualServers.flatMap((virtual) => virtualData(virtual, command)),
    ...(checkers.length === 0 ? [] : ['------< Health checkers >------', ...checkers]),
  ];
}

function groupData({ name, entries }: VirtualServerGroup): readonly string[] {
  return [
    ` Virtual Server Group = ${name}`,
    ...entries.map((entry) => {
      if (entry.kind === 'fwmark') return `   FWMARK = ${String(entry.fwmark)}`;
      const { first, last, port } = entry;
      return `   VIP${first === last ? '' : ' Range'} = ${first}${first === last ? '' : `-${last}`}, VPORT = ${String(port)}`;
    }),
  ];
}

function virtualData(
  { config, quorumUp, sorryActive, realServers }: VirtualState,
  command: CommandWords,
): readonly string[] {
  const { sorryServer, persistenceTimeoutSecs } = config;
  return [
    ' ------< Virtual server >------',
    ` ${keyWords(config)}`,
    ...[
      `Address family = ${config.family === 'ipv4' ? 'inet' : 'inet6'}`,
      `lvs_sched = ${config.lbAlgo}`,
      ...config.flags.map((flag) => `${flag} = enabled`),
      ...(persistenceTimeoutSecs === undefined ? [] : [`persistence timeout = ${String(persistenceTimeoutSecs)}`]),
      `protocol = ${config.key.kind === 'fwmark' ? 'none' : config.protocol}`,
      `alpha is ${onOff(config.alpha)}`,
      `omega is ${onOff(config.omega)}`,
      `quorum = ${String(config.quorum)}, hysteresis = ${String(config.hysteresis)}`,
      ...scripts('Quorum', config.quorumUp, config.quorumDown, command),
      `Using smtp notification = ${config.smtpAlert ? 'yes' : 'no'}`,
      ...(config.virtualhost === undefined ? [] : [`VirtualHost = ${config.virtualhost}`]),
      ...(sorryServer === undefined
        ? []
        : [
            `sorry server = ${realServerText(sorryServer, config)}`,
            `  forwarding method = ${forwardingWords(sorryServer.forwarding)}`,
            `  Inhibit on failure is ${onOff(sorryServer.inhibit)}`,
            `  in use = ${String(sorryActive)}`,
          ]),
      `alive = ${String(Number(realServers.some(({ alive }) => alive)))}`,
      `quorum_state_up = ${String(Number(quorumUp))}`,
    ].map((line) => `   ${line}`),
    ...realServers.flatMap((real) => realData(config, real, command)),
  ];
}

function realData(
  virtual: VirtualServer,
  { config, alive, weight, checkers }: RealState,
  command: CommandWords,
): readonly string[] {
  const { uthreshold, lthreshold } = config;
  return [
    '   ------< Real server >------',
    ...[
      `RIP = ${config.address}, RPORT = ${String(config.port)}, WEIGHT = ${String(config.weight)} EFF WEIGHT = ${String(weight)}`,
      `forwarding method = ${forwardingWords(config.forwarding)}`,
      `Alpha is ${onOff(virtual.alpha)}`,
      `connection limit range = ${String(lthreshold)} -> ${String(uthreshold)}`,
      `Inhibit on failure is ${onOff(config.inhibitOnFailure)}`,
      ...scripts('  RS', config.notifyUp, config.notifyDown, command),
      `Using smtp notification = ${config.smtpAlert ? 'yes' : 'no'}`,
      `initial weight = ${String(config.weight)}`,
      `effective weight = ${String(weight)}`,
      `alive = ${String(Number(alive))}`,
      `num failed checkers = ${String([...checkers.values()].filter((up) => !up).length)}`,
    ].map((line) => `   ${line}`),
  ];
}

function checks(
  virtual: VirtualServer,
  { config, checkerIds, checkers }: RealState,
  command: CommandWords,
): readonly string[] {
  return config.checkers.flatMap((checker: Checker, i) => [
    ` ${virtualServerText(virtual)} -> ${realServerText(config, virtual)}`,
    `   Up = ${checkers.get(checkerIds[i] ?? '') === false ? 'no' : 'yes'}`,
    ...checkerData(checker, command),
  ]);
}

function keyWords(config: VirtualServer): string {
  const { key } = config;
  switch (key.kind) {
    case 'address':
      return `VS VIP = ${key.address}, VPORT = ${String(key.port)}`;
    case 'fwmark':
      return `VS FWMARK = ${String(key.fwmark)}`;
    case 'group':
      return `VS GROUP = ${virtualServerText(config)}`;
  }
}

function forwardingWords(forwarding: Forwarding): string {
  return forwarding.lbKind === 'TUN' ? `TUN, type = ${forwarding.tunType.toUpperCase()}` : forwarding.lbKind;
}

function scripts(
  title: string,
  up: ScriptCommand | undefined,
  down: ScriptCommand | undefined,
  command: CommandWords,
): readonly string[] {
  return [
    ...(up === undefined ? [] : [`${title} up notify script = ${command(up)}`]),
    ...(down === undefined ? [] : [`${title} down notify script = ${command(down)}`]),
  ];
}

function onOff(on: boolean): string {
  return on ? 'ON' : 'OFF';
}
