import type { Socket } from 'node:net';
import type { CheckConnection } from '../config/index.ts';
import type { IpAddress, Result } from '../core/index.ts';

/** What checks need of the platform; whoever runs checks gives it. */
export interface CheckSockets {
  /** Says once, later, how it went. The returned function gives up, and nothing is said then. */
  readonly connectTcp: (
    to: CheckConnection,
    done: (outcome: Result<TcpConnection, SocketFailure>) => void,
  ) => () => void;
  readonly openUdp: (to: CheckConnection, events: DatagramEvents) => Result<DatagramSocket, SocketFailure>;
  /** For messages of ICMP and ICMPv6; their identifier and checksum are filled in. */
  readonly openPing: (to: CheckConnection, events: DatagramEvents) => Result<DatagramSocket, SocketFailure>;
}

/** Must be closed, taken as a stream, which is then the owner, or asked, which closes it at the end. */
export interface TcpConnection {
  readonly stream: () => Socket;
  /** For one request and its answer: costs less than half of a stream. The returned function closes, and nothing is told then. */
  readonly ask: (request: string, answer: Answer) => () => void;
  readonly close: () => void;
}

export interface Answer {
  /** The bytes are the listener's. */
  readonly onData: (bytes: Buffer) => void;
  /** The server has ended it. */
  readonly onEnd: () => void;
  readonly onError: (failure: SocketFailure) => void;
}

export interface DatagramSocket {
  readonly send: (bytes: Uint8Array) => Result<void, SocketFailure>;
  readonly close: () => void;
}

export interface DatagramEvents {
  readonly onDatagram: (bytes: Uint8Array, source: IpAddress) => void;
  /** The other end or the way to it has refused; nothing more comes. */
  readonly onError: (failure: SocketFailure) => void;
}

export interface SocketFailure {
  /** The errno's name. */
  readonly code: string;
  /** The reason is on this host: it says nothing of the server. */
  readonly here: boolean;
}
