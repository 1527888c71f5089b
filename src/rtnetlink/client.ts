import { ByteWriter, err, ipFamily, ipFromBytes, ipToBytes, ok, type IpAddress, type Result } from '../core/index.ts';
import {
  attributeText,
  attributeU32,
  messageFlag,
  parseAttributes,
  writeBytes,
  writeText,
  writeU32,
  type NetlinkClient,
  type NetlinkError,
  type NetlinkMessage,
  type Request,
} from '../netlink/index.ts';

/** Links and addresses over NETLINK_ROUTE (linux/rtnetlink.h, if_link.h, if_addr.h). */

const messageTypes = { newLink: 16, delLink: 17, getLink: 18, newAddress: 20, delAddress: 21, getAddress: 22 } as const;
const linkAttribute = { address: 1, ifname: 3, mtu: 4, master: 10, linkInfo: 18 } as const;
const linkInfoAttribute = { kind: 1 } as const;
/** IFF_* of linux/if.h. */
const linkFlag = { up: 0x1, loopback: 0x8, running: 0x40, lowerUp: 0x10000 } as const;
const addressAttribute = { address: 1, local: 2, label: 3, broadcast: 4, cacheinfo: 6, flags: 8 } as const;

/** Multicast groups to join for link and address notifications (RTNLGRP_*). */
export const notificationGroups = { link: 1, ipv4Address: 5, ipv6Address: 9 } as const;

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
}

export interface InterfaceAddress {
  readonly ifindex: number;
  readonly address: IpAddress;
  readonly prefixLength: number;
  readonly scope: number;
  /** IFA_F_*: secondary 0x01, nodad 0x02, tentative 0x40, permanent 0x80, … */
  readonly flags: number;
}

export interface AddressRequest extends Omit<InterfaceAddress, 'scope' | 'flags'> {
  readonly scope?: number;
  readonly flags?: number;
  readonly label?: string;
  readonly broadcast?: IpAddress;
  readonly peer?: IpAddress;
  /** Seconds; absent: forever. */
  readonly preferredLftSecs?: number;
}

export type RouteEvent =
  | { readonly type: 'link'; readonly link: Link }
  | { readonly type: 'link-gone'; readonly ifindex: number; readonly ifname: string }
  | { readonly type: 'address'; readonly address: InterfaceAddress }
  | { readonly type: 'address-gone'; readonly address: InterfaceAddress };

/** The event that a notification tells; undefined for kinds that nobody here listens to, or bytes cut off. */
export function parseRouteEvent(message: NetlinkMessage): RouteEvent | undefined {
  switch (message.type) {
    case messageTypes.newLink:
    case messageTypes.delLink: {
      const link = parseLink(message.payload);
      if (link === undefined) return undefined;
      if (message.type === messageTypes.newLink) return { type: 'link', link };
      return { type: 'link-gone', ifindex: link.ifindex, ifname: link.ifname };
    }
    case messageTypes.newAddress:
    case messageTypes.delAddress: {
      const address = parseAddress(message.payload);
      if (address === undefined) return undefined;
      return { type: message.type === messageTypes.newAddress ? 'address' : 'address-gone', address };
    }
    default:
      return undefined;
  }
}

const ifinfomsgLength = 16;
const ifaddrmsgLength = 8;

function parseLink(payload: Uint8Array): Link | undefined {
  if (payload.length < ifinfomsgLength) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  // Bridge ports are announced a second time in the bridge's own family; that is no change of the link.
  if (view.getUint8(0) !== 0) return undefined;
  const flags = view.getUint32(8, true);
  const attributes = parseAttributes(payload.subarray(ifinfomsgLength));
  const ifname = attributeText(attributes, linkAttribute.ifname);
  if (ifname === undefined) return undefined;
  const info = attributes.get(linkAttribute.linkInfo);
  const kind = info === undefined ? undefined : attributeText(parseAttributes(info), linkInfoAttribute.kind);
  const masterIfindex = attributeU32(attributes, linkAttribute.master);
  return {
    ifindex: view.getInt32(4, true),
    ifname,
    up: (flags & linkFlag.up) !== 0,
    running: (flags & linkFlag.running) !== 0,
    lowerUp: (flags & linkFlag.lowerUp) !== 0,
    loopback: (flags & linkFlag.loopback) !== 0,
    mtu: attributeU32(attributes, linkAttribute.mtu) ?? 0,
    mac: attributes.get(linkAttribute.address)?.slice() ?? new Uint8Array(0),
    ...(kind === undefined ? {} : { kind }),
    ...(masterIfindex === undefined ? {} : { masterIfindex }),
  };
}

function parseAddress(payload: Uint8Array): InterfaceAddress | undefined {
  if (payload.length < ifaddrmsgLength) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const attributes = parseAttributes(payload.subarray(ifaddrmsgLength));
  // With a peer, ADDRESS is the peer's; LOCAL is the interface's own.
  const bytes = attributes.get(addressAttribute.local) ?? attributes.get(addressAttribute.address);
  if (bytes === undefined || (bytes.length !== 4 && bytes.length !== 16)) return undefined;
  return {
    ifindex: view.getUint32(4, true),
    address: ipFromBytes(bytes),
    prefixLength: view.getUint8(1),
    scope: view.getUint8(3),
    flags: attributeU32(attributes, addressAttribute.flags) ?? view.getUint8(2),
  };
}

/** Links and addresses of one network namespace. */
export class RouteClient {
  readonly #netlink: NetlinkClient;

  constructor(netlink: NetlinkClient) {
    this.#netlink = netlink;
  }

  onEvent(listener: (event: RouteEvent) => void): void {
    this.#netlink.onNotification((message) => {
      const event = parseRouteEvent(message);
      if (event !== undefined) listener(event);
    });
  }

  /** Events may be missing: read links and addresses again. */
  onLost(listener: (reason: string) => void): void {
    this.#netlink.onLost(listener);
  }

  async links(): Promise<Result<readonly Link[], NetlinkError>> {
    const reply = await this.#netlink.request({
      operation: 'read links',
      type: messageTypes.getLink,
      flags: messageFlag.dump,
      body: (writer) => writer.zeros(ifinfomsgLength),
    });
    return reply.ok ? ok(reply.value.flatMap((message) => parseLink(message.payload) ?? [])) : reply;
  }

  async addresses(): Promise<Result<readonly InterfaceAddress[], NetlinkError>> {
    const reply = await this.#netlink.request({
      operation: 'read addresses',
      type: messageTypes.getAddress,
      flags: messageFlag.dump,
      body: (writer) => writer.zeros(ifaddrmsgLength),
    });
    return reply.ok ? ok(reply.value.flatMap((message) => parseAddress(message.payload) ?? [])) : reply;
  }

  /** Sets a link administratively up or down. */
  async setLinkUp(ifindex: number, up: boolean): Promise<Result<null, NetlinkError>> {
    const reply = await this.#netlink.request({
      operation: `set link ${String(ifindex)} ${up ? 'up' : 'down'}`,
      type: messageTypes.newLink,
      flags: 0,
      body: (writer) => {
        // ifinfomsg: family, type, index, flags, and which of the flags to change
        writer
          .u32le(0)
          .u32le(ifindex)
          .u32le(up ? linkFlag.up : 0)
          .u32le(linkFlag.up);
      },
    });
    return reply.ok ? ok(null) : reply;
  }

  /** Adds addresses, all in few datagrams; one that is there already is right (the result is ok). */
  async addAddresses(requests: readonly AddressRequest[]): Promise<readonly Result<null, NetlinkError>[]> {
    const flags = messageFlag.create | messageFlag.exclusive;
    return this.#change(requests, 'add', messageTypes.newAddress, flags, 'EEXIST');
  }

  /** Removes addresses; one that is not there is right. */
  async removeAddresses(requests: readonly AddressRequest[]): Promise<readonly Result<null, NetlinkError>[]> {
    return this.#change(requests, 'remove', messageTypes.delAddress, 0, 'EADDRNOTAVAIL');
  }

  close(): void {
    this.#netlink.close();
  }

  async #change(
    requests: readonly AddressRequest[],
    verb: string,
    type: number,
    flags: number,
    already: string,
  ): Promise<readonly Result<null, NetlinkError>[]> {
    const replies = await this.#netlink.requestAll(
      requests.map((request): Request => ({
        operation: `${verb} address ${request.address}/${String(request.prefixLength)}`,
        type,
        flags,
        body: (writer) => {
          writeAddress(writer, request);
        },
      })),
    );
    return replies.map((reply) => (reply.ok || reply.error.code === already ? ok(null) : err(reply.error)));
  }
}

const forever = 0xffffffff;

function writeAddress(writer: ByteWriter, request: AddressRequest): void {
  const bytes = ipToBytes(request.address);
  const flags = request.flags ?? 0;
  writer
    .u8(ipFamily(request.address) === 'ipv4' ? 2 : 10)
    .u8(request.prefixLength)
    .u8(flags & 0xff)
    .u8(request.scope ?? 0)
    .u32le(request.ifindex);
  writeBytes(writer, addressAttribute.local, bytes);
  writeBytes(writer, addressAttribute.address, request.peer === undefined ? bytes : ipToBytes(request.peer));
  if (request.broadcast !== undefined) writeBytes(writer, addressAttribute.broadcast, ipToBytes(request.broadcast));
  if (request.label !== undefined) writeText(writer, addressAttribute.label, request.label);
  if (flags !== 0) writeU32(writer, addressAttribute.flags, flags);
  if (request.preferredLftSecs !== undefined) {
    const lifetimes = new ByteWriter(16).u32le(request.preferredLftSecs).u32le(forever).zeros(8).finish();
    writeBytes(writer, addressAttribute.cacheinfo, lifetimes);
  }
}
