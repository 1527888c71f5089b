import { err, ipFamily, ipFromBytes, isLinkLocal, ok, type IpAddress, type Result } from '../core/index.ts';
import { libc } from './libc.ts';
import { openSocket, type SocketOption } from './raw-socket.ts';
import { addressFamily, level, option, socketType, writeSocketAddress } from './socket-abi.ts';

/** Where a socket goes and from where, in the words of keepalived.conf. */
export interface SocketEnds {
  readonly connectIp: IpAddress;
  readonly connectPort: number;
  readonly bindto?: IpAddress;
  readonly bindPort?: number;
  readonly bindIf?: string;
  readonly fwmark?: number;
}

export interface SocketFailure {
  /** The errno's name. */
  readonly code: string;
  /** The reason is on this host, not on the way or at the other end. */
  readonly here: boolean;
}

export type SocketKind = 'tcp' | 'udp' | 'ping';

const protocols = { ipv4: { tcp: 6, udp: 17, ping: 1 }, ipv6: { tcp: 6, udp: 17, ping: 58 } } as const;

/** What `connect` can say of this host; all else is said of the way or the other end. */
const failuresHere: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'EAGAIN', 'EINVAL', 'ENOBUFS', 'ENOMEM']);

/** A non-blocking socket that is bound as `ends` say, and connects or has connected to the other end. */
export function openEnds(kind: SocketKind, ends: SocketEnds): Result<number, SocketFailure> {
  const family = ipFamily(ends.connectIp);
  const opened = openSocket(
    'check',
    {
      family: addressFamily[family],
      type: kind === 'tcp' ? socketType.stream : socketType.datagram,
      protocol: protocols[family][kind],
    },
    optionsOf(kind, ends),
  );
  if (!opened.ok) return err({ code: opened.error.errno, here: true });
  const fd = opened.value;
  const failure = bindEnd(fd, kind, ends) ?? connectEnd(fd, kind, ends);
  if (failure === undefined) return ok(fd);
  libc().close(fd);
  return err(failure);
}

function optionsOf(kind: SocketKind, ends: SocketEnds): readonly SocketOption[] {
  const { bindto, bindPort, bindIf, fwmark } = ends;
  const v4 = ipFamily(ends.connectIp) === 'ipv4';
  const options: SocketOption[] = [];
  if (bindIf !== undefined)
    options.push({
      does: 'bind to the interface',
      level: level.socket,
      name: option.bindToDevice,
      value: Buffer.from(`${bindIf}\0`),
    });
  if (fwmark !== undefined) {
    const mark = Buffer.alloc(4);
    mark.writeUInt32LE(fwmark >>> 0);
    options.push({ does: 'set the mark', level: level.socket, name: option.mark, value: mark });
  }
  if (kind !== 'tcp') {
    const [at, name] = v4 ? [level.ipv4, option.ipReceiveErrors] : [level.ipv6, option.ipv6ReceiveErrors];
    // Without it only an unreachable port is told, and no unreachable host.
    options.push({ does: 'ask for ICMP errors', level: at, name, value: 1 });
  } else if (bindPort !== undefined) {
    // The same two ends are to be used again before the minute is over for which an ordered close keeps them.
    const lingerNot = Buffer.alloc(8);
    lingerNot.writeInt32LE(1);
    options.push(
      { does: 'take the port again', level: level.socket, name: option.reuseAddress, value: 1 },
      { does: 'close at once', level: level.socket, name: option.linger, value: lingerNot },
    );
  } else if (bindto !== undefined && v4) {
    // A port is then chosen for each pair of ends, and not one for all.
    options.push({ does: 'bind late', level: level.ipv4, name: option.ipBindAddressNoPort, value: 1 });
  }
  return options;
}

function bindEnd(fd: number, kind: SocketKind, ends: SocketEnds): SocketFailure | undefined {
  const { bindto } = ends;
  // The port of a ping socket would be the identifier of its packets.
  const port = kind === 'ping' ? 0 : (ends.bindPort ?? 0);
  if (bindto === undefined && port === 0) return undefined;
  const address = bindto ?? anyAddress(ends.connectIp);
  return callWithAddress('bind', fd, ends, address, port);
}

function connectEnd(fd: number, kind: SocketKind, ends: SocketEnds): SocketFailure | undefined {
  const failure = callWithAddress('connect', fd, ends, ends.connectIp, kind === 'ping' ? 0 : ends.connectPort);
  return failure?.code === 'EINPROGRESS' ? undefined : failure;
}

const addressBytes = Buffer.alloc(28);

function callWithAddress(
  call: 'bind' | 'connect',
  fd: number,
  { bindIf }: SocketEnds,
  address: IpAddress,
  port: number,
): SocketFailure | undefined {
  const c = libc();
  const scope = bindIf !== undefined && isLinkLocal(address) ? c.interfaceIndex(bindIf) : 0;
  const length = writeSocketAddress(addressBytes, address, scope, port);
  if (c[call](fd, addressBytes, length) === 0) return undefined;
  const code = c.errno();
  return { code, here: call === 'bind' || failuresHere.has(code) };
}

function anyAddress(like: IpAddress): IpAddress {
  return ipFromBytes(new Uint8Array(ipFamily(like) === 'ipv4' ? 4 : 16));
}
