import type { IpAddress } from '../core/index.ts';
import { openVrrpReceiver, type SocketError, type VrrpPacket, type VrrpReceiver } from '../platform/index.ts';
import type { VrrpInstance } from '../config/index.ts';
import { advertInterface, advertPacketBytes, authenticationProtocol, type EngineConfig } from '../vrrp/index.ts';
import type { Interfaces } from './interfaces.ts';
import type { AdvertBuffers } from './messages.ts';

/** setsockopt takes an int. */
const largestBuffer = 0x7fffffff;

interface Wanted {
  readonly ifname: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly protocol: 112 | 51;
  readonly groups: Set<IpAddress>;
  /** Undefined: the kernel's default. */
  bufferBytes: number | undefined;
}

/** The receiving sockets: one for each interface, family and IP protocol that an instance uses. */
export class VrrpReceivers {
  readonly #interfaces: Pick<Interfaces, 'index' | 'link'>;
  readonly #onPacket: (packet: VrrpPacket) => void;
  /** Told at each try: undefined where it worked. */
  readonly #onTrouble: (what: string, error: SocketError | undefined) => void;
  readonly #open = new Map<string, VrrpReceiver>();
  #wanted: ReadonlyMap<string, Wanted> = new Map();

  constructor(edges: {
    readonly interfaces: Pick<Interfaces, 'index' | 'link'>;
    readonly onPacket: (packet: VrrpPacket) => void;
    readonly onTrouble: (what: string, error: SocketError | undefined) => void;
  }) {
    this.#interfaces = edges.interfaces;
    this.#onPacket = edges.onPacket;
    this.#onTrouble = edges.onTrouble;
  }

  /** Opens what is missing, anew where an interface has come back, and closes what nobody needs any more. */
  set(config: EngineConfig, buffers: AdvertBuffers): void {
    const mtu = (ifname: string): number => this.#interfaces.link(ifname)?.mtu ?? 0;
    const wanted = receiversOf(config, (instance, ifname) => bufferBytes(instance, buffers, mtu(ifname)));
    this.#wanted = wanted;
    for (const [key, receiver] of this.#open) {
      if (this.#interfaces.index(wanted.get(key)?.ifname ?? '') === receiver.ifindex) continue;
      receiver.close();
      this.#open.delete(key);
    }
    for (const [key, { ifname, family, protocol, groups, bufferBytes }] of wanted) {
      const ifindex = this.#interfaces.index(ifname);
      if (ifindex === undefined || this.#open.has(key)) continue;
      const opened = openVrrpReceiver({
        ifname,
        ifindex,
        family,
        protocol,
        groups: [...groups],
        ...(bufferBytes === undefined ? {} : { receiveBufferBytes: bufferBytes }),
        onPacket: this.#onPacket,
        onError: (error) => {
          this.#open.delete(key);
          this.#onTrouble(`receive ${key}`, error);
        },
      });
      this.#onTrouble(`receive ${key}`, opened.ok ? undefined : opened.error);
      if (opened.ok) this.#open.set(key, opened.value);
    }
  }

  /** Whether one that is wanted on an interface that is there could not be opened, or broke. */
  get lacking(): boolean {
    return [...this.#wanted].some(
      ([key, { ifname }]) => !this.#open.has(key) && this.#interfaces.index(ifname) !== undefined,
    );
  }

  /** Takes what has come to them at once. */
  readAll(): void {
    for (const receiver of this.#open.values()) receiver.readAll();
  }

  close(): void {
    for (const receiver of this.#open.values()) receiver.close();
    this.#open.clear();
  }
}

/** What an instance adds to the buffer of its socket; several instances on one interface share one. */
export function bufferBytes(
  instance: VrrpInstance,
  { policy, multiplier }: AdvertBuffers,
  mtu: number,
): number | undefined {
  if (instance.kernelRxBufSize !== undefined) return instance.kernelRxBufSize;
  if (policy === 'MTU') return mtu * multiplier;
  return policy === 'ADVERT' ? advertPacketBytes(instance) * multiplier : policy;
}

/**
 * Groups and buffer are part of the key: a socket that is to hear others is another one. The buffer is that of all instances which
 * ask for one.
 */
function receiversOf(
  { vrrp, mcastGroup4, mcastGroup6 }: EngineConfig,
  bytesFor: (instance: VrrpInstance, ifname: string) => number | undefined,
): ReadonlyMap<string, Wanted> {
  const sockets = new Map<string, Wanted>();
  for (const instance of vrrp.instances) {
    const { family } = instance;
    const ifname = advertInterface(instance);
    if (ifname === undefined) continue;
    const sealed = instance.version === 2 && instance.authentication?.authType === 'AH';
    // Plain adverts are no use to an instance with auth_type AH; but that somebody sends them must be seen.
    for (const protocol of sealed ? ([112, authenticationProtocol] as const) : ([112] as const)) {
      const key = `${ifname} ${family} ${String(protocol)}`;
      const socket = sockets.get(key) ?? { ifname, family, protocol, groups: new Set(), bufferBytes: undefined };
      sockets.set(key, socket);
      const bytes = bytesFor(instance, ifname);
      if (bytes !== undefined) socket.bufferBytes = Math.min((socket.bufferBytes ?? 0) + bytes, largestBuffer);
      if (instance.unicastPeer.length > 0) continue;
      socket.groups.add(instance.mcastDstIp ?? (family === 'ipv4' ? mcastGroup4 : mcastGroup6));
    }
  }
  return new Map(
    [...sockets].map(([key, socket]) => [
      `${key} ${[...socket.groups].sort().join(' ')} ${String(socket.bufferBytes)}`,
      socket,
    ]),
  );
}
