import type { ByteWriter } from '../core/index.ts';
import {
  attributeText,
  attributeU16,
  attributeU32,
  parseAttributes,
  writeBytes,
  writeNested,
  writeText,
  writeU16,
  writeU32,
  writeU8,
  type Attributes,
} from '../netlink/index.ts';

/** Links (linux/rtnetlink.h, if_link.h). */

const linkAttribute = {
  address: 1,
  ifname: 3,
  mtu: 4,
  link: 5,
  master: 10,
  linkInfo: 18,
  addressFamilies: 26,
  group: 27,
} as const;
const linkInfoAttribute = { kind: 1, data: 2 } as const;
const vrfTableAttribute = 1;
const macvlanModeAttribute = 1;
const ipvlanAttribute = { mode: 1, flags: 2 } as const;
/** MACVLAN_MODE_PRIVATE: macvlans of one interface do not hear each other. */
const macvlanPrivate = 1;
/** IPVLAN_F_*. */
const ipvlanFlags = { bridge: 0, private: 1, vepa: 2 } as const;
type IpvlanMode = keyof typeof ipvlanFlags;
const ipv6Family = 10;
const addressGeneration = { attribute: 8, none: 1 } as const;
/** IFF_* of linux/if.h. */
export const linkFlag = { up: 0x1, loopback: 0x8, running: 0x40, lowerUp: 0x10000 } as const;
export const ifinfomsgLength = 16;

export interface Link {
  readonly ifindex: number;
  readonly ifname: string;
  /** IFF_UP: an administrator wants it up. */
  readonly up: boolean;
  /** IFF_RUNNING: it can carry packets (cable, peer). */
  readonly running: boolean;
  /** IFF_LOWER_UP: the driver sees a carrier. */
  readonly lowerUp: boolean;
  readonly loopback: boolean;
  readonly mtu: number;
  /** The link-layer address; empty where it has none. */
  readonly mac: Uint8Array;
  /** `veth`, `macvlan`, `vrf`, …; absent for hardware. */
  readonly kind?: string;
  /** The bridge, bond or VRF that it is a port of. */
  readonly masterIfindex?: number;
  /** The interface that it is made on (macvlan, vlan) or the other end of a pair. */
  readonly lowerIfindex?: number;
  /** Of a VRF: its routing table. */
  readonly vrfTable?: number;
  /** Of a macvlan: in private mode. Of an ipvlan: in mode L2. */
  readonly stacked?: boolean;
  /** Of an ipvlan. */
  readonly ipvlanMode?: IpvlanMode;
}

/** A link that is made on top of another: a macvlan in private mode, or an ipvlan in mode L2. */
export type StackedLink = {
  readonly ifname: string;
  readonly parentIfindex: number;
  readonly group?: number;
} & ({ readonly kind: 'macvlan'; readonly mac: Uint8Array } | { readonly kind: 'ipvlan'; readonly mode: IpvlanMode });

/** What a link is set to; what is absent stays. */
export interface LinkChange {
  readonly up?: boolean;
  readonly mac?: Uint8Array;
  /** The kernel gives it no link-local address by itself. */
  readonly noLinkLocal?: boolean;
  /** The bridge, bond or VRF that it becomes a port of; 0: of none. */
  readonly masterIfindex?: number;
}

/** ifinfomsg without a change of flags, and the attributes of a new link. */
export function writeStackedLink(writer: ByteWriter, link: StackedLink): void {
  writer.zeros(ifinfomsgLength);
  writeText(writer, linkAttribute.ifname, link.ifname);
  writeU32(writer, linkAttribute.link, link.parentIfindex);
  if (link.kind === 'macvlan') writeBytes(writer, linkAttribute.address, link.mac);
  if (link.group !== undefined) writeU32(writer, linkAttribute.group, link.group);
  writeNested(writer, linkAttribute.linkInfo, (info) => {
    writeText(info, linkInfoAttribute.kind, link.kind);
    writeNested(info, linkInfoAttribute.data, (data) => {
      if (link.kind === 'macvlan') {
        writeU32(data, macvlanModeAttribute, macvlanPrivate);
      } else {
        writeU16(data, ipvlanAttribute.mode, 0);
        writeU16(data, ipvlanAttribute.flags, ipvlanFlags[link.mode]);
      }
    });
  });
}

export function writeLinkChange(writer: ByteWriter, ifindex: number, change: LinkChange): void {
  const { up, mac, noLinkLocal, masterIfindex } = change;
  // ifinfomsg: family, type, index, flags, and which of the flags to change
  writer
    .u32le(0)
    .u32le(ifindex)
    .u32le(up === true ? linkFlag.up : 0)
    .u32le(up === undefined ? 0 : linkFlag.up);
  if (mac !== undefined) writeBytes(writer, linkAttribute.address, mac);
  if (masterIfindex !== undefined) writeU32(writer, linkAttribute.master, masterIfindex);
  if (noLinkLocal !== true) return;
  writeNested(writer, linkAttribute.addressFamilies, (families) => {
    writeNested(families, ipv6Family, (settings) => {
      writeU8(settings, addressGeneration.attribute, addressGeneration.none);
    });
  });
}

export function parseLink(payload: Uint8Array): Link | undefined {
  if (payload.length < ifinfomsgLength) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  // Bridge ports are announced a second time in the bridge's own family; that is no change of the link.
  if (view.getUint8(0) !== 0) return undefined;
  const flags = view.getUint32(8, true);
  const attributes = parseAttributes(payload.subarray(ifinfomsgLength));
  const ifname = attributeText(attributes, linkAttribute.ifname);
  if (ifname === undefined) return undefined;
  const masterIfindex = attributeU32(attributes, linkAttribute.master);
  const lowerIfindex = attributeU32(attributes, linkAttribute.link);
  return {
    ifindex: view.getInt32(4, true),
    ifname,
    up: (flags & linkFlag.up) !== 0,
    running: (flags & linkFlag.running) !== 0,
    lowerUp: (flags & linkFlag.lowerUp) !== 0,
    loopback: (flags & linkFlag.loopback) !== 0,
    mtu: attributeU32(attributes, linkAttribute.mtu) ?? 0,
    mac: attributes.get(linkAttribute.address)?.slice() ?? new Uint8Array(0),
    ...linkInfo(attributes),
    ...(masterIfindex === undefined ? {} : { masterIfindex }),
    ...(lowerIfindex === undefined ? {} : { lowerIfindex }),
  };
}

const ipvlanModes = ['bridge', 'private', 'vepa'] as const satisfies readonly IpvlanMode[];

function linkInfo(attributes: Attributes): Pick<Link, 'kind' | 'vrfTable' | 'stacked' | 'ipvlanMode'> {
  const bytes = attributes.get(linkAttribute.linkInfo);
  if (bytes === undefined) return {};
  const info = parseAttributes(bytes);
  const kind = attributeText(info, linkInfoAttribute.kind);
  if (kind === undefined) return {};
  const data = info.get(linkInfoAttribute.data);
  if (data === undefined) return { kind };
  const settings = parseAttributes(data);
  if (kind === 'macvlan') return { kind, stacked: attributeU32(settings, macvlanModeAttribute) === macvlanPrivate };
  if (kind === 'ipvlan') {
    const flags = attributeU16(settings, ipvlanAttribute.flags) ?? ipvlanFlags.bridge;
    const ipvlanMode = ipvlanModes.find((mode) => ipvlanFlags[mode] === flags);
    const stacked = attributeU16(settings, ipvlanAttribute.mode) === 0;
    return { kind, stacked, ...(ipvlanMode === undefined ? {} : { ipvlanMode }) };
  }
  const vrfTable = kind === 'vrf' ? attributeU32(settings, vrfTableAttribute) : undefined;
  return { kind, ...(vrfTable === undefined ? {} : { vrfTable }) };
}
