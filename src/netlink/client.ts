import { ByteWriter, ok, type Result } from '../core/index.ts';
import { kernelAnswer, refused, statusOf, unanswered, type NetlinkError, type Silence } from './error.ts';
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
  readonly tries: number;
}

/** Refusals of this many requests fit the default receive buffer of 208 KB (each takes up to 1.3 KB of it). */
const batchRequests = 128;
const batchBytes = 16_384;
/** After so many interrupted dumps in a row the last one is taken as it is. */
const dumpTries = 4;
/** What came while the process was held up is read after the alarms that expired meanwhile. */
const graceMs = 100;
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
  readonly #requestsAtOnce: number;
  readonly #queue: Pending[] = [];
  /** By sequence number, in the order sent. */
  readonly #inFlight = new Map<number, Pending>();
  #lastInFlight = 0;
  #sequence = 1;
  #answered = false;
  #cancelAlarm: (() => void) | undefined;
  #notified: ((message: NetlinkMessage) => void) | undefined;
  #lost: ((reason: string) => void) | undefined;
  #closed = false;

  /** `requestsAtOnce`: fewer where the time matters in which the kernel handles them, and nothing else is done. */
  constructor(
    transport: Transport,
    alarm: Alarm,
    options: { readonly timeoutMs?: number; readonly requestsAtOnce?: number } = {},
  ) {
    this.#transport = transport;
    this.#alarm = alarm;
    this.#timeoutMs = options.timeoutMs ?? 5000;
    this.#requestsAtOnce = Math.min(options.requestsAtOnce ?? batchRequests, batchRequests);
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
    for (const pending of this.#queue.splice(0))
      pending.done(unanswered(pending.request.operation, 'closed', 'the socket is closed'));
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
    if (this.#closed) done(unanswered(pending.request.operation, 'closed', 'the socket is closed'));
    else this.#queue.push(pending);
  }

  #nextSequence(): number {
    this.#sequence = this.#sequence >= 0xfffffffe ? 1 : this.#sequence + 1;
    return this.#sequence;
  }

  #pump(): void {
    if (this.#inFlight.size > 0 || this.#queue.length === 0) return;
    const datagram = this.#nextDatagram();
    this.#armAlarm();
    const sent = this.#transport.send(datagram);
    if (!sent.ok) this.#failInFlight('lost', `could not be sent (${sent.error})`);
  }

  /** As many queued requests as may be in flight; a dump goes alone, because its answer fills the receive buffer. */
  #nextDatagram(): Uint8Array {
    const writer = new ByteWriter(2 * batchBytes);
    let lastStart = 0;
    let lastFlags = 0;
    let taken = 0;
    for (const pending of this.#queue) {
      const dump = isDump(pending.request);
      if (taken > 0 && (dump || taken >= this.#requestsAtOnce || writer.length >= batchBytes)) break;
      lastStart = writer.length;
      lastFlags = messageFlag.request | pending.request.flags | (dump ? 0 : messageFlag.ack);
      const flags = messageFlag.request | pending.request.flags;
      writeMessage(writer, { type: pending.request.type, flags, sequence: pending.sequence }, pending.request.body);
      this.#inFlight.set(pending.sequence, pending);
      this.#lastInFlight = pending.sequence;
      taken++;
      if (dump) break;
    }
    this.#queue.splice(0, taken);
    patchFlags(writer, lastStart, lastFlags);
    return writer.finish();
  }

  #armAlarm(): void {
    this.#cancelAlarm?.();
    this.#answered = false;
    this.#cancelAlarm = this.#alarm.after(this.#timeoutMs, () => {
      this.#cancelAlarm = this.#alarm.after(graceMs, () => {
        this.#cancelAlarm = undefined;
        // A long dump is slow, but not silent.
        if (this.#answered) this.#armAlarm();
        else this.#failInFlight('no-answer', `the kernel did not answer within ${String(this.#timeoutMs / 1000)} s`);
      });
    });
  }

  #receive(datagram: Uint8Array, multicast: boolean): void {
    const { messages, complete } = parseMessages(datagram);
    for (const message of messages) {
      if (!multicast) this.#take(message);
      else if (message.type >= messageType.firstFamilyType) this.#notified?.(message);
    }
    if (complete) return;
    if (multicast) this.#lost?.('a notification was cut short');
    else this.#failInFlight('lost', 'the answer was cut short');
  }

  #take(message: NetlinkMessage): void {
    const pending = this.#inFlight.get(message.sequence);
    if (pending === undefined) return;
    this.#answered = true;
    if ((message.flags & messageFlag.dumpInterrupted) !== 0) pending.interrupted = true;
    if (message.type === messageType.error) {
      this.#takeAnswer(pending, kernelAnswer(pending.request.operation, message));
    } else if (message.type === messageType.done) {
      this.#finishDump(pending, statusOf(message) ?? 0);
    } else if (message.type === messageType.overrun) {
      this.#failInFlight('lost', 'the kernel lost data');
    } else if (message.type >= messageType.firstFamilyType && pending.messages.length < dumpMessages) {
      pending.messages.push(message);
    }
  }

  #takeAnswer(pending: Pending, answer: Result<null, NetlinkError>): void {
    const isLast = pending.sequence === this.#lastInFlight;
    this.#inFlight.delete(pending.sequence);
    if (isLast) {
      const before = [...this.#inFlight.values()];
      this.#inFlight.clear();
      for (const other of before) other.done(ok(other.messages));
    }
    pending.done(answer.ok ? ok(pending.messages) : answer);
    this.#afterAnswer();
  }

  #finishDump(pending: Pending, status: number): void {
    this.#inFlight.delete(pending.sequence);
    if (status < 0) {
      pending.done(refused(pending.request.operation, -status));
    } else if (pending.interrupted && pending.tries < dumpTries) {
      // The tables changed while they were read: the dump may be inconsistent, so it is read again.
      const again = { sequence: this.#nextSequence(), messages: [], interrupted: false, tries: pending.tries + 1 };
      this.#queue.unshift({ ...pending, ...again });
    } else {
      pending.done(ok(pending.messages));
    }
    this.#afterAnswer();
  }

  #afterAnswer(): void {
    if (this.#inFlight.size > 0) return;
    this.#cancelAlarm?.();
    this.#cancelAlarm = undefined;
    this.#pump();
  }

  #failInFlight(code: Silence, text: string): void {
    const failed = [...this.#inFlight.values()];
    this.#inFlight.clear();
    for (const pending of failed) pending.done(unanswered(pending.request.operation, code, text));
    if (!this.#closed) this.#afterAnswer();
  }
}

function isDump(request: Request): boolean {
  return (request.flags & messageFlag.dump) === messageFlag.dump;
}

function patchFlags(writer: ByteWriter, messageStart: number, flags: number): void {
  writer.patchU16le(messageStart + 6, flags);
}
