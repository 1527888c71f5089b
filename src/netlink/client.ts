import { ByteWriter, ok, type Result } from '../core/index.ts';
import { failure, kernelAnswer, type NetlinkError } from './error.ts';
import { messageFlag, messageType, parseMessages, writeMessage, type NetlinkMessage } from './message.ts';
import type { Alarm, Transport } from './transport.ts';

export interface Request {
  /** What error messages call it: `new-dest 10.0.0.1:80`. */
  readonly operation: string;
  readonly type: number;
  /** Besides REQUEST and ACK, which the client sets where they belong. */
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

/** Refusals of this many requests fit the default receive buffer of 208 KB (each takes up to 1.3 KB of it). */
const batchRequests = 128;
const batchBytes = 16_384;
const dumpTries = 5;
/** A dump with more messages than this is not the kernel's. */
const dumpMessages = 1_000_000;

/**
 * Requests over one socket, in order. Many requests travel in one datagram, and the next datagram goes out when the last one
 * is answered, so that what is in flight is bounded. One failed request fails alone.
 *
 * The kernel handles a datagram's requests in order and answers a refusal whether asked or not, so only the last one asks
 * for an ACK: when its answer comes, those before it that were not refused have succeeded. Lost refusals are told as a loss
 * before that.
 */
export class NetlinkClient {
  readonly #transport: Transport;
  readonly #alarm: Alarm;
  readonly #timeoutMs: number;
  readonly #queue: Pending[] = [];
  /** By sequence number, in the order sent. */
  readonly #inFlight = new Map<number, Pending>();
  #lastInFlight = 0;
  #sequence = 1;
  #answersSinceAlarm = false;
  #cancelAlarm: (() => void) | undefined;
  #notified: ((message: NetlinkMessage) => void) | undefined;
  #lost: ((reason: string) => void) | undefined;
  #closed = false;

  constructor(transport: Transport, alarm: Alarm, options: { readonly timeoutMs?: number } = {}) {
    this.#transport = transport;
    this.#alarm = alarm;
    this.#timeoutMs = options.timeoutMs ?? 5000;
    transport.onDatagram((datagram, senderPortId, multicast) => {
      if (senderPortId === 0) this.#receive(datagram, multicast);
    });
    transport.onLost((reason) => {
      this.#failInFlight('lost', `the answer was lost (${reason})`);
      this.#lost?.(reason);
    });
  }

  /** Messages that answer no request: multicast notifications. */
  onNotification(listener: (message: NetlinkMessage) => void): void {
    this.#notified = listener;
  }

  /** Notifications may be missing: whoever follows them reads the state again. */
  onLost(listener: (reason: string) => void): void {
    this.#lost = listener;
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
    const taken = this.#takeBatch();
    const writer = new ByteWriter(2 * batchBytes);
    for (const [i, { request, sequence }] of taken.entries()) {
      const ack = i === taken.length - 1 && !isDump(request) ? messageFlag.ack : 0;
      const flags = messageFlag.request | request.flags | ack;
      writeMessage(writer, { type: request.type, flags, sequence }, request.body);
    }
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
