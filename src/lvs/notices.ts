import type { RealServer, VirtualServer } from '../config/index.ts';
import { realServerText, virtualServerText } from './identity.ts';
import type { LvsEffect, RealServerState, VirtualServerState } from './state.ts';

/** What the log says, in the reference's words, and what scripts and FIFOs are told. */

export function info(text: string): LvsEffect {
  return { type: 'log', level: 'info', text };
}

function warning(text: string): LvsEffect {
  return { type: 'log', level: 'warning', text };
}

export function realServerNotice(virtual: VirtualServer, real: RealServer, up: boolean, reason?: string): LvsEffect {
  const script = up ? real.notifyUp : real.notifyDown;
  return {
    type: 'notify',
    object: 'RS',
    virtualServer: virtualServerText(virtual),
    realServer: realServerText(real, virtual),
    state: up ? 'UP' : 'DOWN',
    smtpAlert: real.smtpAlert,
    ...(reason === undefined ? {} : { reason }),
    ...(script === undefined ? {} : { script }),
  };
}

export function quorumNotice(virtual: VirtualServer, up: boolean, reason: string): LvsEffect {
  const script = up ? virtual.quorumUp : virtual.quorumDown;
  return {
    type: 'notify',
    object: 'VS',
    virtualServer: virtualServerText(virtual),
    state: up ? 'UP' : 'DOWN',
    smtpAlert: virtual.smtpAlert,
    reason,
    ...(script === undefined ? {} : { script }),
  };
}

export function realServerChange(virtual: VirtualServer, real: RealServer, up: boolean): readonly LvsEffect[] {
  const server = realServerText(real, virtual);
  const vs = virtualServerText(virtual);
  const notice = realServerNotice(virtual, real, up);
  if (real.inhibitOnFailure)
    return up
      ? [info(`Enabling service ${server} of VS ${vs}`), notice]
      : [warning(`Disabling service ${server} of VS ${vs}`), notice];
  return up
    ? [info(`Adding service ${server} to VS ${vs}`), notice]
    : [warning(`Removing service ${server} from VS ${vs}`), notice];
}

export function weightChange(virtual: VirtualServer, before: RealServerState, now: RealServerState): LvsEffect {
  const what = `from ${String(before.weight)} to ${String(now.weight)} for ${now.alive ? 'active' : 'inactive'} service`;
  const server = realServerText(now.config, virtual);
  return info(`Changing weight ${what} ${server} of VS ${virtualServerText(virtual)}`);
}

/** At the start, or when it has come back. */
export function quorumGained(
  virtual: VirtualServer,
  sum: number,
  { sorryWasActive = false, atStart = false }: { readonly sorryWasActive?: boolean; readonly atStart?: boolean },
): readonly LvsEffect[] {
  const { quorum, hysteresis } = virtual;
  const needed = `${String(quorum)}+${String(hysteresis)}=${String(quorum + hysteresis)} <= ${String(sum)}`;
  const reason = `Gained quorum ${needed}`;
  return [
    info(`${reason} for VS ${virtualServerText(virtual)}`),
    ...(sorryWasActive ? sorryOut(virtual) : []),
    quorumNotice(virtual, true, atStart ? `Starting with quorum up ${needed}` : reason),
  ];
}

export function quorumLost(virtual: VirtualServer, sum: number): readonly LvsEffect[] {
  const { quorum, hysteresis } = virtual;
  const needed = `${String(quorum)}-${String(hysteresis)}=${String(quorum - hysteresis)}`;
  const reason = `Lost quorum ${needed} > ${String(sum)}`;
  return [
    warning(`${reason} for VS ${virtualServerText(virtual)}`),
    ...sorryIn(virtual),
    quorumNotice(virtual, false, reason),
  ];
}

export function quorumMissing(virtual: VirtualServer, sum: number): readonly LvsEffect[] {
  const { quorum, hysteresis } = virtual;
  const needed = `${String(quorum)}+${String(hysteresis)}=${String(quorum + hysteresis)}`;
  const reason = `Starting with quorum down ${needed} > ${String(sum)}`;
  return [
    info(`${reason} for VS ${virtualServerText(virtual)}`),
    ...sorryIn(virtual),
    quorumNotice(virtual, false, reason),
  ];
}

export function sorryIn(virtual: VirtualServer): readonly LvsEffect[] {
  const { sorryServer } = virtual;
  if (sorryServer === undefined) return [];
  const vs = virtualServerText(virtual);
  const verb = sorryServer.inhibit ? 'Enabling' : 'Adding';
  return [
    info(`${verb} sorry server ${realServerText(sorryServer, virtual)} to VS ${vs}`),
    info(`Removing alive servers from the pool for VS ${vs}`),
  ];
}

function sorryOut(virtual: VirtualServer): readonly LvsEffect[] {
  const { sorryServer } = virtual;
  if (sorryServer === undefined) return [];
  const vs = virtualServerText(virtual);
  const verb = sorryServer.inhibit ? 'Disabling' : 'Removing';
  return [
    info(`${verb} sorry server ${realServerText(sorryServer, virtual)} from VS ${vs}`),
    info(`Adding alive servers to the pool for VS ${vs}`),
  ];
}

/** A virtual server that a reload takes away: servers that were in the table and a quorum that was there are told to be gone. */
export function virtualServerGone({
  config,
  realServers,
  quorumUp,
  sorryActive,
}: VirtualServerState): readonly LvsEffect[] {
  const served = realServers.filter(({ alive }) => alive && !sorryActive);
  return [
    info(`Removing Virtual Server ${virtualServerText(config)}`),
    ...served.flatMap(({ config: real }) => realServerGone(config, real)),
    ...(quorumUp ? [quorumNotice(config, false, 'Removing')] : []),
  ];
}

export function realServerGone(virtual: VirtualServer, real: RealServer): readonly LvsEffect[] {
  const text = `Removing service ${realServerText(real, virtual)} from VS ${virtualServerText(virtual)}`;
  return [info(text), realServerNotice(virtual, real, false, 'Removing')];
}

/** At the end of the daemon: with `omega` scripts and FIFOs hear of it as of a failure, of the quorum in any case. */
export function shutdown({ config, realServers }: VirtualServerState): readonly LvsEffect[] {
  const vs = virtualServerText(config);
  const effects = realServers
    .filter(({ alive }) => alive)
    .flatMap(({ config: real }) => [
      info(`Shutting down service ${realServerText(real, config)} from VS ${vs}`),
      ...(config.omega ? [realServerNotice(config, real, false, 'Shutting down')] : []),
    ]);
  return config.omega ? [...effects, quorumNotice(config, false, 'Shutting down')] : effects;
}
