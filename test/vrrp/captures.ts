import type { VrrpInstance } from '../../src/config/index.ts';
import { internetChecksum, ipFromBytes, ipToBytes } from '../../src/core/index.ts';
import type { InterfaceFacts, VrrpEvent } from '../../src/vrrp/index.ts';
import { address, engineConfig, instance, ip, span } from './configuration.ts';
import { Director } from './director.ts';
import { frame } from './wire.ts';

/** Adverts of keepalived 2.2.7 as they were captured (test/wire/vrrp), each with an instance that waits for it as BACKUP. */

export type Packet = Extract<VrrpEvent, { type: 'packet' }>;

interface Capture {
  /** Of the instance; the rest is as keepalived has it. */
  readonly waits: Partial<VrrpInstance>;
  readonly own: string;
}

const peer = (text: string): VrrpInstance['unicastPeer'][number] => ({
  span,
  address: ip(text),
  minTtl: 0,
  maxTtl: 255,
});
const authentication = (authType: 'PASS' | 'AH', authPass: string): Partial<VrrpInstance> => ({
  version: 2,
  authentication: { authType, authPass },
});
const unicast = (text: string): Partial<VrrpInstance> => ({ unicastPeer: [peer(text)], checkUnicastSrc: true });
const version3 = { version: 3, advertIntMs: 500 } as const;

export const captures = {
  'v2-pass': {
    waits: { ...authentication('PASS', '1111'), virtualRouterId: 41, virtualIpaddress: [address('10.66.0.100')] },
    own: '10.66.0.2',
  },
  'v2-no-auth': {
    waits: { virtualRouterId: 14, virtualIpaddress: ['20', '21', '22'].map((last) => address(`10.66.0.${last}`)) },
    own: '10.66.0.2',
  },
  'v2-ah': {
    waits: { ...authentication('AH', 'secret'), virtualIpaddress: [address('10.9.0.100')] },
    own: '10.9.0.2',
  },
  'v2-ah-unicast': {
    waits: {
      ...authentication('AH', 'se'),
      ...unicast('10.9.0.1'),
      virtualIpaddress: [address('10.9.0.100'), address('10.9.0.102')],
    },
    own: '10.9.0.2',
  },
  'v3-ipv4': {
    waits: {
      ...version3,
      virtualRouterId: 12,
      virtualIpaddress: [address('10.66.0.12'), address('10.66.0.13')],
    },
    own: '10.66.0.2',
  },
  'v2-pass-unicast': {
    waits: {
      ...authentication('PASS', '12345678'),
      ...unicast('10.9.0.1'),
      virtualRouterId: 62,
      virtualIpaddress: [address('10.9.0.63')],
    },
    own: '10.9.0.2',
  },
  'v3-unicast': {
    waits: {
      ...version3,
      ...unicast('10.9.0.1'),
      virtualRouterId: 61,
      virtualIpaddress: [address('10.9.0.61'), address('10.9.0.62')],
    },
    own: '10.9.0.2',
  },
  'v3-ipv6': {
    waits: {
      ...version3,
      family: 'ipv6',
      virtualRouterId: 16,
      virtualIpaddress: [address('fe80::66:16/64'), address('fd00:66::16/64')],
    },
    own: 'fe80::2',
  },
} as const satisfies Record<string, Capture>;

export type CaptureName = keyof typeof captures;

/** Its IP datagram, behind the Ethernet header. */
export function datagramOf(name: CaptureName | 'v2-ah-next'): Uint8Array {
  return frame(name).slice(14);
}

/** What the receiver makes of a datagram. */
export function packetOf(datagram: Uint8Array, ifname = 'eth0'): Packet {
  if ((datagram[0] ?? 0) >> 4 === 6) {
    const [source, destination] = [ipFromBytes(datagram.slice(8, 24)), ipFromBytes(datagram.slice(24, 40))];
    return { type: 'packet', ifname, source, destination, ttl: datagram[7] ?? 0, payload: datagram.slice(40) };
  }
  const length = ((datagram[0] ?? 0) & 0x0f) * 4;
  return {
    type: 'packet',
    ifname,
    source: ipFromBytes(datagram.slice(12, 16)),
    destination: ipFromBytes(datagram.slice(16, 20)),
    ttl: datagram[8] ?? 0,
    payload: datagram.slice(length),
    ...(datagram[9] === 51 ? { header: datagram.slice(0, length) } : {}),
  };
}

export function waitingFor(name: CaptureName): Director {
  const { waits, own }: Capture = captures[name];
  const eth0: InterfaceFacts = { ifname: 'eth0', ifindex: 2, up: true, addresses: [ip(own)] };
  const made = new Director(engineConfig([instance('V', waits)]), [eth0]);
  made.start(0);
  return made;
}

/** A message with bytes changed and, if its sum is to be right, the sum that its receiver expects. */
export function changed(
  packet: Packet,
  patch: Readonly<Record<number, number>>,
  sum: 'right' | 'old' = 'right',
): Packet {
  const payload = Uint8Array.from(packet.payload);
  for (const [at, byte] of Object.entries(patch)) payload[Number(at)] = byte;
  return sum === 'old' ? { ...packet, payload } : { ...packet, payload: summed({ ...packet, payload }) };
}

/** Version 3 has a pseudo-header in its sum over IPv6 only: over IPv4 both forms are accepted. */
function summed({ source, destination, payload }: Packet): Uint8Array {
  const whole = Uint8Array.from(payload);
  whole.set([0, 0], 6);
  const pseudo = source.includes(':')
    ? [...ipToBytes(source), ...ipToBytes(destination), 0, 0, 0, whole.length, 0, 0, 0, 112]
    : [];
  const sum = internetChecksum(Uint8Array.from([...pseudo, ...whole]));
  whole.set([sum >> 8, sum & 0xff], 6);
  return whole;
}
