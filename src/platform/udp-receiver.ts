import { err, ipFromBytes, ok, type IpAddress, type IpFamily, type Result } from '../core/index.ts';
import { fixedMemory, libc, whenReadable, type FixedMemory } from './libc.ts';
import { openSocket } from './raw-socket.ts';
import {
  addressFamily,
  findControl,
  level,
  messageFlag,
  messageHeaderSize,
  option,
  socketAddressSize,
  socketType,
  writeMessageHeader,
} from './socket-abi.ts';
import { socketError, type SocketError } from './socket-error.ts';

/** A datagram with what only the kernel knows of its way. */
export interface UdpDatagram {
  readonly source: IpAddress;
  /** The address of ours that it was sent to. */
  readonly destination: IpAddress;
  /** TTL or hop limit with which it came. */
  readonly ttl: number;
  readonly payload: Uint8Array;
}

export interface UdpReceiver {
  readonly close: () => void;
}

export interface UdpReceiverOptions {
  readonly family: IpFamily;
  readonly port: number;
  /** Longer datagrams are dropped. */
  readonly longestBytes: number;
  readonly onDatagram: (datagram: UdpDatagram) => void;
  /** The receiver is closed. */
  readonly onError: (error: SocketError) => void;
}

/** One flood must not keep timers from their turn. */
const datagramsPerWakeUp = 64;

/** Receives what comes to a port on any address, with TTL and destination, which Node's own sockets do not tell. */
export function openUdpReceiver(options: UdpReceiverOptions): Result<UdpReceiver, SocketError> {
  const { family, port } = options;
  const v4 = family === 'ipv4';
  const what = `UDP port ${String(port)} (${family})`;
  const at = v4 ? level.ipv4 : level.ipv6;
  const kind = { family: addressFamily[family], type: socketType.datagram, protocol: 0 };
  const opened = openSocket(what, kind, [
    ...(v4 ? [] : [{ does: 'leave IPv4 to another socket', level: at, name: option.ipv6Only, value: 1 }]),
    {
      does: 'ask for destinations',
      level: at,
      name: v4 ? option.ipPacketInfo : option.ipv6ReceivePacketInfo,
      value: 1,
    },
    { does: 'ask for hop limits', level: at, name: v4 ? option.ipReceiveTtl : option.ipv6ReceiveHopLimit, value: 1 },
  ]);
  if (!opened.ok) return opened;
  const fd = opened.value;
  const address = Buffer.alloc(socketAddressSize[family]);
  address.writeUInt16LE(addressFamily[family], 0);
  address.writeUInt16BE(port, 2);
  if (libc().bind(fd, address, address.length) !== 0) {
    const errno = libc().errno();
    libc().close(fd);
    return err(socketError(what, 'bind', errno));
  }
  const memory = messageMemory(options.longestBytes);
  let closed = false;
  let stopWatching: () => void = () => undefined;
  const close = (): void => {
    if (closed) return;
    closed = true;
    stopWatching();
    libc().close(fd);
  };
  stopWatching = whenReadable(fd, () => {
    for (let count = 0; count < datagramsPerWakeUp && !closed; count++) {
      const received = receive(fd, family, memory);
      if (received === 'nothing') return;
      if (received === 'unusable') continue;
      if (typeof received !== 'string') options.onDatagram(received);
      else {
        close();
        options.onError(socketError(what, 'receive', received));
      }
    }
  });
  return ok({ close });
}

interface MessageMemory {
  readonly header: FixedMemory;
  readonly name: FixedMemory;
  readonly vector: FixedMemory;
  readonly control: FixedMemory;
  readonly data: FixedMemory;
}

function messageMemory(longestBytes: number): MessageMemory {
  const memory = {
    header: fixedMemory(messageHeaderSize),
    name: fixedMemory(28),
    vector: fixedMemory(16),
    control: fixedMemory(256),
    data: fixedMemory(longestBytes),
  };
  memory.vector.bytes.writeBigUInt64LE(memory.data.address, 0);
  memory.vector.bytes.writeBigUInt64LE(BigInt(longestBytes), 8);
  return memory;
}

/** A string that is neither 'nothing' nor 'unusable' is an errno. */
function receive(fd: number, family: IpFamily, memory: MessageMemory): UdpDatagram | string {
  const { header, name, vector, control, data } = memory;
  const c = libc();
  // The kernel overwrites the lengths at each call.
  writeMessageHeader(header.bytes, {
    name: name.address,
    nameLength: name.bytes.length,
    vector: vector.address,
    control: control.address,
    controlLength: control.bytes.length,
  });
  const length = c.recvmsg(fd, header.address, messageFlag.dontWait);
  if (length < 0) {
    const errno = c.errno();
    // ECONNREFUSED and its like are news of datagrams that were sent.
    return errno === 'EAGAIN' || errno === 'EWOULDBLOCK' ? 'nothing' : errno === 'EINTR' ? 'unusable' : errno;
  }
  if ((header.bytes.readInt32LE(48) & messageFlag.truncated) !== 0) return 'unusable';
  const controlLength = Number(header.bytes.readBigUInt64LE(40));
  const v4 = family === 'ipv4';
  const at = v4 ? level.ipv4 : level.ipv6;
  const info = findControl(
    control.bytes,
    controlLength,
    at,
    v4 ? option.ipPacketInfo : option.ipv6PacketInfo,
    v4 ? 12 : 20,
  );
  const hops = findControl(control.bytes, controlLength, at, v4 ? option.ipTtl : option.ipv6HopLimit, 4);
  if (info === undefined || hops === undefined) return 'unusable';
  return {
    source: ipFromBytes(v4 ? name.bytes.subarray(4, 8) : name.bytes.subarray(8, 24)),
    // struct in_pktinfo: interface, the address that answers, the address that was asked.
    destination: ipFromBytes(
      v4 ? control.bytes.subarray(info + 8, info + 12) : control.bytes.subarray(info, info + 16),
    ),
    ttl: control.bytes.readInt32LE(hops),
    payload: Uint8Array.from(data.bytes.subarray(0, length)),
  };
}
