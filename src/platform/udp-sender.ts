import { createSocket, type Socket } from 'node:dgram';
import { ipFamily, type IpAddress } from '../core/index.ts';

export interface UdpSenderOptions {
  readonly source?: IpAddress;
  readonly destination: IpAddress;
  readonly port: number;
  readonly ttl: number;
  readonly onError: (text: string) => void;
}

export interface UdpSender {
  readonly send: (payload: Uint8Array) => void;
  /** Resolves when what was sent has left. */
  readonly close: () => Promise<void>;
}

/** The range of RFC 5881 section 4. */
const firstPort = 49_152;
const ports = 65_536 - firstPort;
const tries = 20;

/** Sends datagrams to one address from a port of the dynamic range that no other socket has. A trouble is told once, until a datagram leaves again. */
export function openUdpSender(options: UdpSenderOptions, random: () => number): UdpSender {
  const { destination, port, onError } = options;
  let socket: Socket | undefined;
  let ready = false;
  let waiting: Uint8Array | undefined;
  let told = '';
  let closed = false;
  const trouble = (text: string): void => {
    if (text !== told) onError(text);
    told = text;
  };
  const transmit = (payload: Uint8Array): void => {
    socket?.send(payload, port, destination, (error) => {
      if (error === null) told = '';
      else trouble(error.message);
    });
  };
  const open = (left: number): void => {
    const opened = createSocket(ipFamily(destination) === 'ipv4' ? 'udp4' : 'udp6');
    socket = opened;
    opened.on('error', (error: NodeJS.ErrnoException) => {
      opened.close();
      if (socket === opened) {
        socket = undefined;
        ready = false;
      }
      if (error.code === 'EADDRINUSE' && left > 0 && !closed) open(left - 1);
      else trouble(error.message);
    });
    opened.bind(
      {
        port: firstPort + Math.floor(random() * ports),
        exclusive: true,
        ...(options.source === undefined ? {} : { address: options.source }),
      },
      () => {
        opened.setTTL(options.ttl);
        ready = true;
        if (waiting !== undefined) transmit(waiting);
        waiting = undefined;
      },
    );
  };
  return {
    send: (payload) => {
      if (closed) return;
      if (ready) transmit(payload);
      else {
        waiting = payload;
        if (socket === undefined) open(tries);
      }
    },
    close: () => {
      closed = true;
      const last = socket;
      if (last === undefined) return Promise.resolve();
      return new Promise((resolve) => {
        last.removeAllListeners('error').on('error', () => undefined);
        setImmediate(() => {
          last.close(() => {
            resolve();
          });
        });
      });
    },
  };
}
