import type { IpvsDestination, IpvsOperation, IpvsService, IpvsTableEntry, SourceSpan } from '../core/index.ts';
import type { RealServer, SorryServer } from '../config/index.ts';
import { desiredEntries, groupFinder } from './desired.ts';
import { destinationId, realServerId, serviceId } from './identity.ts';
import type { LvsState, RealServerState, VirtualServerState } from './state.ts';

/** Why an operation is in a plan, and the line that asks for it where one does. */
export interface PlanReason {
  readonly why: string;
  readonly span?: SourceSpan;
}

/** The reasons of the operations that turn `actual` into the table of `state`, in the same order. `where` names the actual table. */
export function planReasons(
  operations: readonly IpvsOperation[],
  actual: readonly IpvsTableEntry[],
  state: LvsState,
  where: string,
): readonly PlanReason[] {
  const present = new Map(actual.map((entry) => [serviceId(entry.service.key), entry]));
  const findGroup = groupFinder(state.config);
  const asked = new Map<string, VirtualServerState>();
  for (const virtual of state.virtualServers) {
    for (const { service } of desiredEntries(virtual, findGroup)) {
      const id = serviceId(service.key);
      if (!asked.has(id)) asked.set(id, virtual);
    }
  }
  return operations.map((operation) => {
    const id = serviceId('scheduler' in operation.service ? operation.service.key : operation.service);
    return reason(operation, present.get(id), asked.get(id), where);
  });
}

function reason(
  operation: IpvsOperation,
  before: IpvsTableEntry | undefined,
  virtual: VirtualServerState | undefined,
  where: string,
): PlanReason {
  switch (operation.op) {
    case 'new-service':
      return { why: `not in ${where}`, ...spanOf(virtual?.config) };
    case 'set-service':
      return { why: changed(serviceChanges(before?.service, operation.service)), ...spanOf(virtual?.config) };
    case 'del-service':
      return { why: 'no longer in the configuration' };
    case 'new-dest': {
      const { destination } = operation;
      const isSorry = virtual?.sorryActive === true && sameServer(virtual.config.sorryServer, destination);
      return {
        why: isSorry ? 'the sorry server: the quorum is not reached at start' : `not in ${where}`,
        ...spanOf(serverOf(virtual, destination)),
      };
    }
    case 'set-dest': {
      const { destination } = operation;
      const id = destinationId(destination);
      const there = before?.destinations.find((candidate) => destinationId(candidate) === id);
      return { why: changed(serverChanges(there, destination)), ...spanOf(serverOf(virtual, destination)) };
    }
    case 'del-dest': {
      const real = virtual?.realServers.find(({ config }) => sameServer(config, operation));
      if (real !== undefined) {
        const why =
          virtual?.sorryActive === true ? 'the sorry server stands in for it' : `down at start (${downBy(real)})`;
        return { why, span: real.config.span };
      }
      const sorry = virtual?.config.sorryServer;
      if (sorry !== undefined && sameServer(sorry, operation))
        return { why: 'the sorry server: not needed, the quorum is reached', span: sorry.span };
      return { why: 'not in the configuration' };
    }
  }
}

function downBy({ config, checkerIds, checkers }: RealServerState): string {
  const file = config.checkers.find(
    ({ type }, i) => type === 'FILE_CHECK' && checkers.get(checkerIds[i] ?? '') === false,
  );
  return file?.type === 'FILE_CHECK' ? `track_file ${file.trackFile}` : 'alpha';
}

type Named = Pick<IpvsDestination, 'address' | 'port'>;

function sameServer(server: RealServer | SorryServer | undefined, named: Named): boolean {
  return server !== undefined && realServerId(server) === destinationId(named);
}

function serverOf(virtual: VirtualServerState | undefined, named: Named): RealServer | SorryServer | undefined {
  const sorry = virtual?.config.sorryServer;
  const real = virtual?.realServers.find(({ config }) => sameServer(config, named))?.config;
  return real ?? (sameServer(sorry, named) ? sorry : undefined);
}

function spanOf(at: { readonly span: SourceSpan } | undefined): { readonly span?: SourceSpan } {
  return at === undefined ? {} : { span: at.span };
}

function changed(names: readonly string[]): string {
  return `${names.join(', ')} ${names.length > 1 ? 'differ' : 'differs'}`;
}

/** In the words of the configuration. */
function serviceChanges(before: IpvsService | undefined, after: IpvsService): readonly string[] {
  const differs: readonly (readonly [string, boolean])[] = [
    ['lb_algo', before?.scheduler !== after.scheduler],
    ['flags', (before?.flags ?? 0) >> 1 !== after.flags >> 1],
    ['persistence_timeout', before?.timeoutSecs !== after.timeoutSecs || ((before.flags ^ after.flags) & 1) === 1],
    ['persistence_granularity', before?.netmask !== after.netmask],
    ['persistence_engine', before?.persistenceEngine !== after.persistenceEngine],
  ];
  return differs.flatMap(([name, is]) => (is ? [name] : []));
}

function serverChanges(before: IpvsDestination | undefined, after: IpvsDestination): readonly string[] {
  const tunnel = JSON.stringify(before?.tunnel) !== JSON.stringify(after.tunnel);
  const differs: readonly (readonly [string, boolean])[] = [
    ['lb_kind', before?.forwarding !== after.forwarding || tunnel],
    ['weight', before?.weight !== after.weight],
    ['uthreshold', before?.upperThreshold !== after.upperThreshold],
    ['lthreshold', before?.lowerThreshold !== after.lowerThreshold],
  ];
  return differs.flatMap(([name, is]) => (is ? [name] : []));
}
