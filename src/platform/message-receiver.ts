import { ipFromBytes, type IpAddress, type IpFamily } from '../core/index.ts';
import { fixedMemory, libc, whenReadable, type FixedMemory } from './libc.ts';
import {
  findControl,
  level,
  messageFlag,
  messageHeaderSize,
  option,
  socketAddressSize,
  writeMessageHeader,
  writeSize,
} from './socket-abi.ts';
import { socketError, type SocketError } from './socket-error.ts';

/** A datagram with what the kernel says of it; all of it is overwritten by the next. */
export interface ReceivedMessage {
  readonly data: Buffer;
  /** struct sockaddr_in or sockaddr_in6 */
  readonly name: Buffer;
  readonly control: Buffer;
}

export interface MessageReceiverOptions<T> {
  /** The socket, for errors. */
  readonly what: string;
  /** Non-blocking; it belongs to the receiver from now on. */
  readonly fd: number;
  /** Longer datagrams are dropped; at most `longestDatagramBytes`. */
  readonly longestBytes: number;
  /** Copies out of a message what is wanted; undefined: it is dropped. */
  readonly read: (message: ReceivedMessage) => T | undefined;
  readonly onMessage: (message: T) => void;
  /** The socket stopped working and has been closed. */
  readonly onError: (error: SocketError) => void;
}

/** So many are taken at one wake-up; the rest waits for the next, so that a flood holds up no timer. */
const messagesPerWakeUp = 64;
/** More than any MTU of a link that VRRP or BFD runs on. */
export const longestDatagramBytes = 9216;

/** More than what 255 virtual routers on a link send while their silence is waited for. */
const messagesAtOnce = 1024;

export interface MessageReceiver {
  /** Takes what has come now, and not only when the event loop comes to it: its timers are before its sockets. */
  readonly readAll: () => void;
  readonly close: () => void;
}

/** Takes what comes to a socket until it is closed. */
export function receiveMessages<T>(options: MessageReceiverOptions<T>): MessageReceiver {
  const { what, fd, read, onMessage, onError } = options;
  let closed = false;
  const close = (): void => {
    if (closed) return;
    closed = true;
    stopWatching();
    libc().close(fd);
  };
  const take = (most: number): void => {
    for (let count = 0; count < most && !closed; count++) {
      const received = receive(fd, options.longestBytes);
      if (received === 'nothing') return;
      if (received === 'unusable') continue;
      if (typeof received === 'string') {
        close();
        onError(socketError(what, 'receive', received));
        return;
      }
      const message = read(received);
      if (message !== undefined) onMessage(message);
    }
  };
  const stopWatching = whenReadable(fd, () => {
    take(messagesPerWakeUp);
  });
  return {
    readAll: () => {
      take(messagesAtOnce);
    },
    close,
  };
}

interface MessageMemory {
  readonly header: FixedMemory;
  readonly name: FixedMemory;
  readonly vector: FixedMemory;
  readonly control: FixedMemory;
  readonly data: FixedMemory;
}

/** One set serves every receiver: a message is taken and copied before the next is asked for. */
let memory: MessageMemory | undefined;

function messageMemory(): MessageMemory {
  memory ??= {
    header: fixedMemory(messageHeaderSize),
    name: fixedMemory(socketAddressSize.ipv6),
    vector: fixedMemory(16),
    control: fixedMemory(256),
    data: fixedMemory(longestDatagramBytes),
  };
  return memory;
}

/** A string that is neither 'nothing' nor 'unusable' is an errno. */
function receive(fd: number, longestBytes: number): ReceivedMessage | string {
  const { header, name, vector, control, data } = messageMemory();
  vector.bytes.writeBigUInt64LE(data.address, 0);
  writeSize(vector.bytes, Math.min(longestBytes, data.bytes.length), 8);
  // The kernel overwrites the lengths at each call.
  writeMessageHeader(header.bytes, {
    name: name.address,
    nameLength: name.bytes.length,
    vector: vector.address,
    control: control.address,
    controlLength: control.bytes.length,
  });
  const c = libc();
  const length = c.recvmsg(fd, header.address, messageFlag.dontWait);
  if (length < 0) {
    const errno = c.errno();
    return errno === 'EAGAIN' ? 'nothing' : errno === 'EINTR' ? 'unusable' : errno;
  }
  if ((header.bytes.readInt32LE(48) & messageFlag.truncated) !== 0) return 'unusable';
  return {
    data: data.bytes.subarray(0, length),
    name: name.bytes,
    control: control.bytes.subarray(0, Number(header.bytes.readBigUInt64LE(40))),
  };
}

/** The way that a datagram came. */
export interface DatagramWay {
  readonly source: IpAddress;
  /** An address of ours, a group or broadcast. */
  readonly destination: IpAddress;
  /** TTL or hop limit with which it came. */
  readonly ttl: number;
}

/** The way of a message of a socket that asked for destinations and hop limits; undefined where the kernel did not tell. */
export function wayOf({ name, control }: ReceivedMessage, family: IpFamily): DatagramWay | undefined {
  const v4 = family === 'ipv4';
  const at = v4 ? level.ipv4 : level.ipv6;
  const information = v4 ? option.ipPacketInfo : option.ipv6PacketInfo;
  const info = findControl(control, control.length, at, information, v4 ? 12 : 20);
  const hops = findControl(control, control.length, at, v4 ? option.ipTtl : option.ipv6HopLimit, 4);
  if (info === undefined || hops === undefined) return undefined;
  return {
    source: ipFromBytes(v4 ? name.subarray(4, 8) : name.subarray(8, 24)),
    // struct in_pktinfo: interface, the address that answers, the address that was asked.
    destination: ipFromBytes(v4 ? control.subarray(info + 8, info + 12) : control.subarray(info, info + 16)),
    ttl: control.readInt32LE(hops),
  };
}
