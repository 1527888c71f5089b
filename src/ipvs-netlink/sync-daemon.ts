import { ipFamily, ipFromBytes, ipToBytes, type ByteWriter, type IpvsSyncDaemon } from '../core/index.ts';
import {
  attributeText,
  attributeU16,
  attributeU32,
  attributeU8,
  parseAttributes,
  writeBytes,
  writeNested,
  writeText,
  writeU16,
  writeU32,
  writeU8,
} from '../netlink/index.ts';
import { commandAttribute, daemonAttribute } from './attributes.ts';

/** IP_VS_STATE_MASTER, IP_VS_STATE_BACKUP. */
const states = { master: 1, backup: 2 } as const;

/** The kernel knows one daemon of either role. */
export function writeDaemonKey(writer: ByteWriter, role: IpvsSyncDaemon['role']): void {
  writeNested(writer, commandAttribute.daemon, () => {
    writeU32(writer, daemonAttribute.state, states[role]);
  });
}

export function writeDaemon(writer: ByteWriter, daemon: IpvsSyncDaemon): void {
  writeNested(writer, commandAttribute.daemon, () => {
    writeU32(writer, daemonAttribute.state, states[daemon.role]);
    writeText(writer, daemonAttribute.mcastIfn, daemon.interface);
    writeU32(writer, daemonAttribute.syncId, daemon.syncId);
    if (daemon.maxlen !== undefined) writeU16(writer, daemonAttribute.syncMaxlen, daemon.maxlen);
    if (daemon.group !== undefined) {
      const type = ipFamily(daemon.group) === 'ipv4' ? daemonAttribute.mcastGroup : daemonAttribute.mcastGroup6;
      writeBytes(writer, type, ipToBytes(daemon.group));
    }
    if (daemon.port !== undefined) writeU16(writer, daemonAttribute.mcastPort, daemon.port);
    if (daemon.ttl !== undefined) writeU8(writer, daemonAttribute.mcastTtl, daemon.ttl);
  });
}

/** A daemon of a dump; undefined where it lacks its role. */
export function parseDaemon(bytes: Uint8Array): IpvsSyncDaemon | undefined {
  const attributes = parseAttributes(bytes);
  const state = attributeU32(attributes, daemonAttribute.state);
  if (state !== states.master && state !== states.backup) return undefined;
  const group4 = attributes.get(daemonAttribute.mcastGroup);
  const group6 = attributes.get(daemonAttribute.mcastGroup6);
  const group = group4?.length === 4 ? group4 : group6?.length === 16 ? group6 : undefined;
  const maxlen = attributeU16(attributes, daemonAttribute.syncMaxlen);
  const port = attributeU16(attributes, daemonAttribute.mcastPort);
  const ttl = attributeU8(attributes, daemonAttribute.mcastTtl);
  return {
    role: state === states.master ? 'master' : 'backup',
    interface: attributeText(attributes, daemonAttribute.mcastIfn) ?? '',
    syncId: attributeU32(attributes, daemonAttribute.syncId) ?? 0,
    ...(maxlen === undefined ? {} : { maxlen }),
    ...(group === undefined ? {} : { group: ipFromBytes(group) }),
    ...(port === undefined ? {} : { port }),
    ...(ttl === undefined ? {} : { ttl }),
  };
}
