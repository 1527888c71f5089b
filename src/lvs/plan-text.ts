import {
  ByteWriter,
  ipFromBytes,
  keyFamily,
  type IpvsDestination,
  type IpvsOperation,
  type IpvsService,
  type IpvsServiceKey,
  type IpvsTableEntry,
} from '../core/index.ts';
import { destinationId, serviceId } from './identity.ts';

/** A plan for people: a line for each operation, `+` for what is made, `-` for what goes, `~` for what changes and how. */
export function formatPlan(operations: readonly IpvsOperation[], actual: readonly IpvsTableEntry[]): readonly string[] {
  const present = new Map(actual.map((entry) => [serviceId(entry.service.key), entry]));
  return operations.map((operation) => {
    switch (operation.op) {
      case 'new-service':
        return `+ ${serviceKeyText(operation.service.key)} ${serviceText(operation.service)}`;
      case 'set-service': {
        const before = present.get(serviceId(operation.service.key))?.service;
        return `~ ${serviceKeyText(operation.service.key)} ${changeText(before && serviceText(before), serviceText(operation.service))}`;
      }
      case 'del-service': {
        const count = present.get(serviceId(operation.service))?.destinations.length ?? 0;
        return `- ${serviceKeyText(operation.service)} with its ${String(count)} server${count === 1 ? '' : 's'}`;
      }
      case 'new-dest':
        return `+ ${serviceKeyText(operation.service)} -> ${serverText(operation.destination)} ${settingsText(operation.destination)}`;
      case 'set-dest': {
        const { service, destination } = operation;
        const before = present
          .get(serviceId(service))
          ?.destinations.find((candidate) => destinationId(candidate) === destinationId(destination));
        const change = changeText(before && settingsText(before), settingsText(destination));
        return `~ ${serviceKeyText(service)} -> ${serverText(destination)} ${change}`;
      }
      case 'del-dest':
        return `- ${serviceKeyText(operation.service)} -> ${serverText(operation)}`;
    }
  });
}

/** `[192.168.0.174]:tcp:80`, `FWM 10`, `FWM 10 IPv6`. */
export function serviceKeyText(key: IpvsServiceKey): string {
  if (key.kind === 'fwmark') return `FWM ${String(key.fwmark)}${key.family === 'ipv6' ? ' IPv6' : ''}`;
  return `[${key.address}]:${key.protocol}:${String(key.port)}`;
}

function serverText({ address, port }: Pick<IpvsDestination, 'address' | 'port'>): string {
  return `[${address}]:${String(port)}`;
}

function serviceText(service: IpvsService): string {
  const { scheduler, flags, timeoutSecs, persistenceEngine } = service;
  const persistence = timeoutSecs === 0 ? '' : ` persistent ${String(timeoutSecs)} s /${maskText(service)}`;
  const engine = persistenceEngine === undefined ? '' : ` ${persistenceEngine}`;
  // Bit 0 is persistence, which the timeout tells.
  return `${scheduler}${persistence}${engine}${flags >> 1 === 0 ? '' : ` flags ${String(flags & ~1)}`}`;
}

/** The length of the mask, or the mask itself where it has no length. */
function maskText({ key, netmask }: IpvsService): string {
  if (keyFamily(key) === 'ipv6') return String(netmask);
  const length = Math.clz32(~netmask);
  return length === 32 || netmask << length === 0
    ? String(length)
    : ipFromBytes(new ByteWriter(4).u32be(netmask).finish());
}

function settingsText(destination: IpvsDestination): string {
  const { forwarding, tunnel, weight, upperThreshold, lowerThreshold } = destination;
  const how =
    tunnel === undefined ? forwarding : `${forwarding} ${tunnel.type} ${String(tunnel.port)} ${String(tunnel.flags)}`;
  const limits =
    upperThreshold === 0 && lowerThreshold === 0
      ? ''
      : ` thresholds ${String(lowerThreshold)}-${String(upperThreshold)}`;
  return `${how} weight ${String(weight)}${limits}`;
}

function changeText(before: string | undefined, after: string): string {
  return before === undefined ? after : `${before} => ${after}`;
}
