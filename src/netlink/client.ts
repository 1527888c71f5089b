import { ByteWriter, err, ok, type Result } from '../core/index.ts';
import { attributeText, parseAttributes } from './attribute.ts';
import { errnoName } from './errno.ts';
import { headerLength, messageFlag, messageType, parseMessages, writeMessage, type NetlinkMessage } from './message.ts';
import type { Alarm, Transport } from './transport.ts';

/**
 * Why a request failed. `errno` 0 means that the kernel did not say: no answer in time, the answer was lost, or the socket
 * is closed; then it is unknown whether the request took effect, and the caller reads the state again.
 */
export interface NetlinkError {
  readonly errno: number;
  /** `EEXIST`, …; for errno 0 `no-answer`, `lost` or `closed`. */
  readonly code: string;
  /** The operation and what the kernel said of it, in words. */
  readonly text: string;
}

export interface Request {
  /** What error messages call it: `new-dest 10.0.0.1:80`. */
  readonly operation: string;
  readonly type: number;
  /** Besides REQUEST, which is always set; without `dump` an ACK is asked for. */
  readonly flags: number;
  readonly body: (writer: ByteWriter) => void;
}

export type Reply = Result<readonly NetlinkMessage[], NetlinkError>;

interface Pending {
  readonly request: Request;
  readonly sequence: number;
  readonly messages: NetlinkMessage[];
  readonly done: (reply: Reply) => void;
  interrupted: boolean;
  tries: number;
}

/** Acks of this many requests fit the default receive buffer with room to spare (each takes up to 1.3 KB of it). */
const batchRequests = 64;
const batchBytes = 16_384;
const dumpTries = 5;
/** A dump with more messages than this is not the kernel's. */
const dumpMessages = 1_000_000;

/**
 * Requests over one socket, in order. Many requests travel in one datagram, and the next datagram goes out when the last one is
 * answered, so that what is in flight is bounded. One failed request fails alone.
 */
export class NetlinkClient {
  readonly #transport: Transport;
  readonly #alarm: Alarm;
  readonly #timeoutMs: number;
  readonly #queue: Pending[] = [];
  readonly #inFlight = new Map<number, Pending>();
  #sequence = 1;
  #cancelAlarm: (() => void) | undefined;
  #notified: ((message: NetlinkMessage) => void) | undefined;
  #closed = false;

  constructor(transport: Transport, alarm: Alarm, options: { readonly timeoutMs?: number } = {}) {
    this.#transport = transport;
    this.#alarm = alarm;
    this.#timeoutMs = options.timeoutMs ?? 5000;
    transport.onDatagram((datagram, senderPortId) => {
      if (senderPortId === 0) this.#receive(datagram);
    });
    transport.onLost((reason) => {
      this.#failInFlight('lost', `the answer was lost (${reason})`);
    });
  }

  /** Messages that answer no request: multicast notifications. */
  onNotification(listener: (message: NetlinkMessage) => void): void {
    this.#notified = listener;
  }

  request(request: Request): Promise<Reply> {
    return new Promise((resolve) => {
      this.#enqueue(request, resolve);
      this.#pump();
    });
  }

  /** Each request's own reply, in order; none waits for another's success. */
  requestAll(requests: readonly Request[]): Promise<readonly Reply[]> {
    const replies = requests.map(
      (request) =>
        new Promise<Reply>((resolve) => {
          this.#enqueue(request, resolve);
        }),
    );
    this.#pump();
    return Promise.all(replies);
  }

  close(): void {
    this.#closed = true;
    this.#transport.close();
    this.#failInFlight('closed', 'the socket is closed');
    for (const pending of this.#queue.splice(0)) pending.done(failure(pending, 'closed', 'the socket is closed'));
  }

  #enqueue(request: Request, done: (reply: Reply) => void): void {
    const pending: Pending = {
      request,
      sequence: this.#nextSequence(),
      messages: [],
      done,
      interrupted: false,
      tries: 0,
    };
    if (this.#closed) done(failure(pending, 'closed', 'the socket is closed'));
    else this.#queue.push(pending);
  }

  #nextSequence(): number {
    this.#sequence = this.#sequence >= 0xfffffffe ? 1 : this.#sequence + 1;
    return this.#sequence;
  }

  #pump(): void {
    if (this.#inFlight.size > 0 || this.#queue.length === 0) return;
    const writer = new ByteWriter(batchBytes);
    let taken = 0;
    for (const pending of this.#queue) {
      const dump = isDump(pending.request);
      // A dump fills the receive buffer on its own.
      if (taken > 0 && (dump || taken >= batchRequests || writer.length >= batchBytes)) break;
      const flags = messageFlag.request | pending.request.flags | (dump ? 0 : messageFlag.ack);
      writeMessage(writer, { type: pending.request.type, flags, sequence: pending.sequence }, pending.request.body);
      this.#inFlight.set(pending.sequence, pending);
      taken++;
      if (dump) break;
    }
    this.#queue.splice(0, taken);
    this.#armAlarm();
    const sent = this.#transport.send(writer.finish());
    if (!sent.ok) this.#failInFlight('lost', `could not be sent (${sent.error})`);
  }

  #armAlarm(): void {
    this.#cancelAlarm?.();
    this.#cancelAlarm = this.#alarm.after(this.#timeoutMs, () => {
      this.#cancelAlarm = undefined;
      this.#failInFlight('no-answer', `the kernel did not answer within ${String(this.#timeoutMs / 1000)} s`);
    });
  }

  #receive(datagram: Uint8Array): void {
    const { messages, complete } = parseMessages(datagram);
    for (const message of messages) this.#take(message);
    if (!complete) this.#failInFlight('lost', 'the answer was cut short');
  }

  #take(message: NetlinkMessage): void {
    const pending = this.#inFlight.get(message.sequence);
    if (pending === undefined) {
      if (message.type >= messageType.firstFamilyType) this.#notified?.(message);
      return;
    }
    if ((message.flags & messageFlag.dumpInterrupted) !== 0) pending.interrupted = true;
    if (message.type === messageType.error) {
      this.#finish(pending, errorReply(pending, message));
    } else if (message.type === messageType.done) {
      this.#finishDump(pending, message);
    } else if (message.type === messageType.overrun) {
      this.#finish(pending, failure(pending, 'lost', 'the kernel lost data'));
    } else if (message.type >= messageType.firstFamilyType && pending.messages.length < dumpMessages) {
      pending.messages.push(message);
    }
  }

  #finishDump(pending: Pending, message: NetlinkMessage): void {
    const status =
      message.payload.length >= 4
        ? new DataView(message.payload.buffer, message.payload.byteOffset).getInt32(0, true)
        : 0;
    if (status < 0) {
      this.#finish(pending, failure(pending, errnoName(-status), errnoName(-status), -status));
    } else if (pending.interrupted && ++pending.tries < dumpTries) {
      // The tables changed while they were read: the dump may be inconsistent, so it is read again.
      this.#inFlight.delete(pending.sequence);
      this.#queue.unshift({ ...pending, sequence: this.#nextSequence(), messages: [], interrupted: false });
      this.#afterAnswer();
    } else {
      this.#finish(pending, ok(pending.messages));
    }
  }

  #finish(pending: Pending, reply: Reply): void {
    this.#inFlight.delete(pending.sequence);
    pending.done(reply);
    this.#afterAnswer();
  }

  #afterAnswer(): void {
    if (this.#inFlight.size > 0) return;
    this.#cancelAlarm?.();
    this.#cancelAlarm = undefined;
    this.#pump();
  }

  #failInFlight(code: string, text: string): void {
    const failed = [...this.#inFlight.values()];
    this.#inFlight.clear();
    for (const pending of failed) pending.done(failure(pending, code, text));
    if (!this.#closed) this.#afterAnswer();
  }
}

function isDump(request: Request): boolean {
  return (request.flags & messageFlag.dump) === messageFlag.dump;
}

function failure(pending: Pending, code: string, text: string, errno = 0): Reply {
  return err({ errno, code, text: `${pending.request.operation}: ${text}` });
}

/** nlmsgerr: the errno negated (0: an ack), the request's header, and with ACK_TLVS the kernel's own words. */
function errorReply(pending: Pending, message: NetlinkMessage): Reply {
  if (message.payload.length < 4) return failure(pending, 'lost', 'the answer was cut short');
  const view = new DataView(message.payload.buffer, message.payload.byteOffset, message.payload.length);
  const errno = -view.getInt32(0, true);
  if (errno === 0) return ok(pending.messages);
  const words = kernelWords(message, view);
  return failure(
    pending,
    errnoName(errno),
    words === undefined ? errnoName(errno) : `${errnoName(errno)} (${words})`,
    errno,
  );
}

const nlmsgerrAttrMsg = 1;

function kernelWords(message: NetlinkMessage, view: DataView): string | undefined {
  if ((message.flags & messageFlag.acksTlvs) === 0 || message.payload.length < 4 + headerLength) return undefined;
  const requestLength = (message.flags & messageFlag.capped) !== 0 ? headerLength : view.getUint32(4, true);
  const start = 4 + requestLength;
  if (requestLength < headerLength || start > message.payload.length) return undefined;
  return attributeText(parseAttributes(message.payload.subarray(start)), nlmsgerrAttrMsg);
}
