import {
  ByteReader,
  ByteWriter,
  ipFamily,
  ipFromBytes,
  ipToBytes,
  keyFamily,
  type IpAddress,
  type IpFamily,
  type IpvsDestination,
  type IpvsForwarding,
  type IpvsProtocol,
  type IpvsService,
  type IpvsServiceKey,
  type IpvsTunnel,
} from '../core/index.ts';
import {
  attributeText,
  attributeU16,
  attributeU16be,
  attributeU32,
  attributeU8,
  parseAttributes,
  writeBytes,
  writeNested,
  writeText,
  writeU16,
  writeU16be,
  writeU32,
  writeU8,
} from '../netlink/index.ts';
import { addressFamily, commandAttribute, destAttribute, serviceAttribute, serviceFlag } from './attributes.ts';

const protocolNumbers: Readonly<Record<IpvsProtocol, number>> = { tcp: 6, udp: 17, sctp: 132 };
const protocolNames: ReadonlyMap<number, IpvsProtocol> = new Map([
  [6, 'tcp'],
  [17, 'udp'],
  [132, 'sctp'],
]);
const forwardings: readonly IpvsForwarding[] = ['masq', 'local', 'tunnel', 'direct-route', 'bypass'];
const tunnelTypes: readonly IpvsTunnel['type'][] = ['ipip', 'gue', 'gre'];
/** The flags that a user sets; the mask tells the kernel to leave its own ones alone. */
const userFlags =
  serviceFlag.persistent | serviceFlag.onePacket | serviceFlag.sched1 | serviceFlag.sched2 | serviceFlag.sched3;

function familyNumber(family: IpFamily): number {
  return family === 'ipv4' ? addressFamily.inet : addressFamily.inet6;
}

/** The kernel wants and gives 16 bytes for either family; an IPv4 address stands first. */
function address16(address: IpAddress): Uint8Array {
  const bytes = ipToBytes(address);
  if (bytes.length === 16) return bytes;
  const padded = new Uint8Array(16);
  padded.set(bytes);
  return padded;
}

function writeKey(writer: ByteWriter, key: IpvsServiceKey): void {
  writeU16(writer, serviceAttribute.addressFamily, familyNumber(keyFamily(key)));
  if (key.kind === 'fwmark') {
    writeU32(writer, serviceAttribute.fwmark, key.fwmark);
  } else {
    writeU16(writer, serviceAttribute.protocol, protocolNumbers[key.protocol]);
    writeBytes(writer, serviceAttribute.address, address16(key.address));
    writeU16be(writer, serviceAttribute.port, key.port);
  }
}

export function writeServiceKey(writer: ByteWriter, key: IpvsServiceKey): void {
  writeNested(writer, commandAttribute.service, () => {
    writeKey(writer, key);
  });
}

export function writeService(writer: ByteWriter, service: IpvsService): void {
  writeNested(writer, commandAttribute.service, () => {
    writeKey(writer, service.key);
    writeText(writer, serviceAttribute.schedName, service.scheduler);
    if (service.persistenceEngine !== undefined) writeText(writer, serviceAttribute.peName, service.persistenceEngine);
    writeBytes(writer, serviceAttribute.flags, new ByteWriter(8).u32le(service.flags).u32le(userFlags).finish());
    writeU32(writer, serviceAttribute.timeout, service.timeoutSecs);
    writeBytes(writer, serviceAttribute.netmask, netmaskBytes(service));
  });
}

/** IPv4: the mask itself in network order; IPv6: the prefix length in host order. */
function netmaskBytes(service: IpvsService): Uint8Array {
  const writer = new ByteWriter(4);
  return (keyFamily(service.key) === 'ipv6' ? writer.u32le(service.netmask) : writer.u32be(service.netmask)).finish();
}

/** Only what identifies a destination. */
export function writeDestinationKey(writer: ByteWriter, address: IpAddress, port: number): void {
  writeNested(writer, commandAttribute.dest, () => {
    writeU16(writer, destAttribute.addressFamily, familyNumber(ipFamily(address)));
    writeBytes(writer, destAttribute.address, address16(address));
    writeU16be(writer, destAttribute.port, port);
  });
}

export function writeDestination(writer: ByteWriter, destination: IpvsDestination): void {
  writeNested(writer, commandAttribute.dest, () => {
    writeU16(writer, destAttribute.addressFamily, familyNumber(ipFamily(destination.address)));
    writeBytes(writer, destAttribute.address, address16(destination.address));
    writeU16be(writer, destAttribute.port, destination.port);
    writeU32(writer, destAttribute.fwdMethod, forwardings.indexOf(destination.forwarding));
    writeU32(writer, destAttribute.weight, destination.weight);
    writeU32(writer, destAttribute.upperThreshold, destination.upperThreshold);
    writeU32(writer, destAttribute.lowerThreshold, destination.lowerThreshold);
    const { tunnel } = destination;
    if (tunnel === undefined) return;
    writeU8(writer, destAttribute.tunType, tunnelTypes.indexOf(tunnel.type));
    writeU16be(writer, destAttribute.tunPort, tunnel.port);
    writeU16(writer, destAttribute.tunFlags, tunnel.flags);
  });
}

function readAddress(bytes: Uint8Array | undefined, family: number): IpAddress | undefined {
  const length = family === addressFamily.inet6 ? 16 : 4;
  return bytes === undefined || bytes.length < length ? undefined : ipFromBytes(bytes.subarray(0, length));
}

/** A service of a dump; undefined where it lacks what identifies it (a newer kernel's kind, or bytes cut off). */
export function parseService(bytes: Uint8Array): IpvsService | undefined {
  const attributes = parseAttributes(bytes);
  const family = attributeU16(attributes, serviceAttribute.addressFamily);
  if (family !== addressFamily.inet && family !== addressFamily.inet6) return undefined;
  const key = parseKey(attributes, family);
  const scheduler = attributeText(attributes, serviceAttribute.schedName);
  if (key === undefined || scheduler === undefined) return undefined;
  const flags = attributeU32(attributes, serviceAttribute.flags) ?? 0;
  const peName = attributeText(attributes, serviceAttribute.peName);
  return {
    key,
    scheduler,
    flags: flags & ~serviceFlag.hashed,
    timeoutSecs: attributeU32(attributes, serviceAttribute.timeout) ?? 0,
    netmask: parseNetmask(attributes.get(serviceAttribute.netmask), family),
    ...(peName === undefined || peName === '' ? {} : { persistenceEngine: peName }),
  };
}

function parseKey(attributes: ReadonlyMap<number, Uint8Array>, family: number): IpvsServiceKey | undefined {
  const fwmark = attributeU32(attributes, serviceAttribute.fwmark);
  if (fwmark !== undefined && fwmark !== 0) {
    return { kind: 'fwmark', fwmark, family: family === addressFamily.inet ? 'ipv4' : 'ipv6' };
  }
  const protocol = protocolNames.get(attributeU16(attributes, serviceAttribute.protocol) ?? 0);
  const address = readAddress(attributes.get(serviceAttribute.address), family);
  const port = attributeU16be(attributes, serviceAttribute.port);
  if (protocol === undefined || address === undefined || port === undefined) return undefined;
  return { kind: 'address', protocol, address, port };
}

function parseNetmask(bytes: Uint8Array | undefined, family: number): number {
  const ipv6 = family === addressFamily.inet6;
  if (bytes === undefined || bytes.length < 4) return ipv6 ? 128 : 0xffffffff;
  return ipv6 ? new ByteReader(bytes).u32le() : new ByteReader(bytes).u32be();
}

/** What the kernel counts at a destination besides what it is. */
export interface DestinationUse {
  readonly activeConns: number;
  readonly inactConns: number;
  readonly persistConns: number;
}

/** A destination of a dump; `serviceFamily` is its family where the kernel does not say (before 3.18). */
export function parseDestination(
  bytes: Uint8Array,
  serviceFamily: IpFamily,
): (IpvsDestination & { readonly use: DestinationUse }) | undefined {
  const attributes = parseAttributes(bytes);
  const family = attributeU16(attributes, destAttribute.addressFamily) ?? familyNumber(serviceFamily);
  const address = readAddress(attributes.get(destAttribute.address), family);
  const port = attributeU16be(attributes, destAttribute.port);
  const method = attributeU32(attributes, destAttribute.fwdMethod);
  const forwarding = method === undefined ? undefined : forwardings[method & 7];
  if (address === undefined || port === undefined || forwarding === undefined) return undefined;
  const tunType = tunnelTypes[attributeU8(attributes, destAttribute.tunType) ?? 0];
  return {
    address,
    port,
    forwarding,
    weight: attributeU32(attributes, destAttribute.weight) ?? 0,
    upperThreshold: attributeU32(attributes, destAttribute.upperThreshold) ?? 0,
    lowerThreshold: attributeU32(attributes, destAttribute.lowerThreshold) ?? 0,
    ...(forwarding === 'tunnel' && tunType !== undefined
      ? {
          tunnel: {
            type: tunType,
            port: attributeU16be(attributes, destAttribute.tunPort) ?? 0,
            flags: attributeU16(attributes, destAttribute.tunFlags) ?? 0,
          },
        }
      : {}),
    use: {
      activeConns: attributeU32(attributes, destAttribute.activeConns) ?? 0,
      inactConns: attributeU32(attributes, destAttribute.inactConns) ?? 0,
      persistConns: attributeU32(attributes, destAttribute.persistConns) ?? 0,
    },
  };
}
