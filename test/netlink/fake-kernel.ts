import { ByteWriter } from '../../src/core/index.ts';
import {
  messageFlag,
  messageType,
  parseMessages,
  writeMessage,
  type Alarm,
  type NetlinkMessage,
  type Transport,
} from '../../src/netlink/index.ts';

/** What the kernel answers one request with: datagrams, or `lost` for an overrun of the receive buffer. */
export type Answer = readonly (Uint8Array | 'lost')[];

export interface FakeKernel {
  readonly transport: Transport;
  /** The requests of each datagram that came. */
  readonly datagrams: (readonly NetlinkMessage[])[];
  /** Something that nobody asked for. */
  readonly deliver: (datagram: Uint8Array, senderPortId?: number, multicast?: boolean) => void;
  readonly lose: (reason: string) => void;
  readonly closed: () => boolean;
}

/** A kernel that is a function from a request to its answers; they come before `send` returns, as the real one's do. */
export function fakeKernel(answer: (request: NetlinkMessage, at: number) => Answer): FakeKernel {
  const datagrams: (readonly NetlinkMessage[])[] = [];
  let receive: (datagram: Uint8Array, senderPortId: number, multicast: boolean) => void = () => undefined;
  let lost: (reason: string) => void = () => undefined;
  let closed = false;
  let count = 0;
  return {
    datagrams,
    deliver: (datagram, senderPortId = 0, multicast = false) => {
      receive(datagram, senderPortId, multicast);
    },
    lose: (reason) => {
      lost(reason);
    },
    closed: () => closed,
    transport: {
      send: (datagram) => {
        const { messages, complete } = parseMessages(datagram);
        if (!complete) return { ok: false, error: 'EINVAL' };
        datagrams.push(messages);
        const answers = messages.flatMap((request) => answer(request, count++));
        for (const one of answers) {
          if (one === 'lost') lost('ENOBUFS');
          else receive(one, 0, false);
        }
        return { ok: true };
      },
      onDatagram: (listener) => {
        receive = listener;
      },
      onLost: (listener) => {
        lost = listener;
      },
      close: () => {
        closed = true;
      },
    },
  };
}

export function datagram(
  header: { readonly type: number; readonly flags?: number; readonly sequence: number },
  payload: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const writer = new ByteWriter();
  writeMessage(writer, { flags: 0, ...header }, (body) => body.bytes(payload));
  return writer.finish();
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  const writer = new ByteWriter();
  for (const part of parts) writer.bytes(part);
  return writer.finish();
}

/** What the kernel does with a request: silent success unless an ACK is asked for, a refusal in any case. */
export function acknowledged(request: NetlinkMessage, errno = 0): Answer {
  if (errno === 0 && (request.flags & messageFlag.ack) === 0) return [];
  return [errorMessage(request, errno)];
}

export function errorMessage(request: NetlinkMessage, errno: number): Uint8Array {
  const payload = new ByteWriter().u32le(-errno >>> 0);
  payload
    .u32le(16 + request.payload.length)
    .u16le(request.type)
    .u16le(request.flags);
  payload.u32le(request.sequence).u32le(0).bytes(request.payload);
  return datagram({ type: messageType.error, sequence: request.sequence }, payload.finish());
}

export function doneMessage(request: NetlinkMessage, errno = 0): Uint8Array {
  const header = { type: messageType.done, flags: messageFlag.multi, sequence: request.sequence };
  return datagram(header, new ByteWriter().u32le(-errno >>> 0).finish());
}

export interface FakeAlarm {
  readonly alarm: Alarm;
  readonly set: () => number;
  /** Lets the alarms that are set now expire. */
  readonly expireOnce: () => void;
  /** Lets so much time pass that whoever waits has waited enough. */
  readonly expire: () => void;
}

export function fakeAlarm(): FakeAlarm {
  const alarms = new Set<() => void>();
  const expireOnce = (): void => {
    const due = [...alarms];
    alarms.clear();
    for (const expired of due) expired();
  };
  return {
    alarm: {
      after: (_delayMs, expired) => {
        alarms.add(expired);
        return () => alarms.delete(expired);
      },
    },
    set: () => alarms.size,
    expireOnce,
    expire: () => {
      expireOnce();
      expireOnce();
    },
  };
}
