import { attributeText, attributeU32, parseAttributes, type Attributes } from '../netlink/index.ts';

/** Links (linux/rtnetlink.h, if_link.h). */

const linkAttribute = { address: 1, ifname: 3, mtu: 4, link: 5, master: 10, linkInfo: 18 } as const;
const linkInfoAttribute = { kind: 1, data: 2 } as const;
const vrfTableAttribute = 1;
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

function linkInfo(attributes: Attributes): Pick<Link, 'kind' | 'vrfTable'> {
  const bytes = attributes.get(linkAttribute.linkInfo);
  if (bytes === undefined) return {};
  const info = parseAttributes(bytes);
  const kind = attributeText(info, linkInfoAttribute.kind);
  if (kind === undefined) return {};
  const data = info.get(linkInfoAttribute.data);
  const vrfTable =
    kind === 'vrf' && data !== undefined ? attributeU32(parseAttributes(data), vrfTableAttribute) : undefined;
  return { kind, ...(vrfTable === undefined ? {} : { vrfTable }) };
}
