import type { IpvsDestination, IpvsOperation, IpvsService, IpvsTableEntry } from '../core/index.ts';
import { destinationId, serviceId } from './identity.ts';

/**
 * The operations that turn `actual` into `desired`, in an order that the kernel can follow. Entries that are right are not
 * touched: connections and counters live on. Services that are neither desired nor in `owned` (ids of services that this daemon
 * or its configuration had) belong to others and are left alone; in a desired service every destination is ours to decide.
 */
export function plan(
  desired: readonly IpvsTableEntry[],
  actual: readonly IpvsTableEntry[],
  owned: ReadonlySet<string>,
): readonly IpvsOperation[] {
  const operations: IpvsOperation[] = [];
  const present = new Map(actual.map((entry) => [serviceId(entry.service.key), entry]));
  const wanted = new Set(desired.map((entry) => serviceId(entry.service.key)));
  for (const [id, entry] of present) {
    if (!wanted.has(id) && owned.has(id)) operations.push({ op: 'del-service', service: entry.service.key });
  }
  for (const entry of desired) {
    // Two groups may name one address: the first one has it.
    if (wanted.delete(serviceId(entry.service.key))) {
      planService(entry, present.get(serviceId(entry.service.key)), operations);
    }
  }
  return operations;
}

function planService(desired: IpvsTableEntry, actual: IpvsTableEntry | undefined, operations: IpvsOperation[]): void {
  const service = desired.service.key;
  if (actual === undefined) operations.push({ op: 'new-service', service: desired.service });
  else if (!sameService(desired.service, actual.service))
    operations.push({ op: 'set-service', service: desired.service });
  const left = new Map((actual?.destinations ?? []).map((destination) => [destinationId(destination), destination]));
  const planned = new Set<string>();
  for (const destination of desired.destinations) {
    const id = destinationId(destination);
    if (planned.has(id)) continue;
    planned.add(id);
    const there = left.get(id);
    left.delete(id);
    if (there === undefined) operations.push({ op: 'new-dest', service, destination });
    else if (!sameDestination(destination, there)) operations.push({ op: 'set-dest', service, destination });
  }
  for (const { address, port } of left.values()) operations.push({ op: 'del-dest', service, address, port });
}

function sameService(a: IpvsService, b: IpvsService): boolean {
  return (
    a.scheduler === b.scheduler &&
    a.flags === b.flags &&
    a.timeoutSecs === b.timeoutSecs &&
    a.netmask === b.netmask &&
    a.persistenceEngine === b.persistenceEngine
  );
}

function sameDestination(a: IpvsDestination, b: IpvsDestination): boolean {
  return (
    // A server that is this host itself is local to the kernel, whatever it was told.
    (a.forwarding === b.forwarding || b.forwarding === 'local') &&
    a.weight === b.weight &&
    a.upperThreshold === b.upperThreshold &&
    a.lowerThreshold === b.lowerThreshold &&
    a.tunnel?.type === b.tunnel?.type &&
    a.tunnel?.port === b.tunnel?.port &&
    a.tunnel?.flags === b.tunnel?.flags
  );
}

/** `table` after `operations`, as the kernel would have it; operations on what is not there change nothing. */
export function applied(
  table: readonly IpvsTableEntry[],
  operations: readonly IpvsOperation[],
): readonly IpvsTableEntry[] {
  const entries = new Map(
    table.map(({ service, destinations }) => [
      serviceId(service.key),
      { service, destinations: new Map(destinations.map((destination) => [destinationId(destination), destination])) },
    ]),
  );
  for (const operation of operations) {
    switch (operation.op) {
      case 'new-service':
      case 'set-service': {
        const id = serviceId(operation.service.key);
        entries.set(id, {
          service: operation.service,
          destinations: entries.get(id)?.destinations ?? new Map<string, IpvsDestination>(),
        });
        break;
      }
      case 'del-service':
        entries.delete(serviceId(operation.service));
        break;
      case 'new-dest':
      case 'set-dest':
        entries
          .get(serviceId(operation.service))
          ?.destinations.set(destinationId(operation.destination), operation.destination);
        break;
      case 'del-dest':
        entries.get(serviceId(operation.service))?.destinations.delete(destinationId(operation));
        break;
    }
  }
  return [...entries.values()].map(({ service, destinations }) => ({
    service,
    destinations: [...destinations.values()],
  }));
}
