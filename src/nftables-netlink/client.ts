import { ByteWriter, err, ok, type Result } from '../core/index.ts';
import {
  errnoName,
  messageFlag,
  messageType,
  parseMessages,
  writeMessage,
  type Alarm,
  type Transport,
} from '../netlink/index.ts';
import { subsystem, type TableChange } from './message.ts';

/** NFNL_MSG_BATCH_BEGIN and _END (linux/netfilter/nfnetlink.h). */
const batch = { begin: 16, end: 17 } as const;
const answerMs = 5000;

/** Why a transaction did not take place; `code` is an errno's name, `lost` or `no-answer`. */
export interface TransactionError {
  readonly code: string;
  readonly text: string;
}

interface Running {
  readonly changes: readonly TableChange[];
  readonly first: number;
  readonly last: number;
  readonly done: (result: Result<null, TransactionError>) => void;
  refused: TransactionError | undefined;
}

/** Transactions of nftables over a NETLINK_NETFILTER socket, one after the other: all of its changes are made, or none. */
export class NftablesClient {
  readonly #transport: Transport;
  readonly #alarm: Alarm;
  readonly #waiting: { readonly changes: readonly TableChange[]; readonly done: Running['done'] }[] = [];
  #running: Running | undefined;
  #cancelAlarm: (() => void) | undefined;
  #sequence = 1;

  constructor(transport: Transport, alarm: Alarm) {
    this.#transport = transport;
    this.#alarm = alarm;
    transport.onDatagram((datagram, senderPortId) => {
      if (senderPortId === 0) this.#receive(datagram);
    });
    transport.onLost((reason) => {
      this.#finish(err({ code: 'lost', text: `nftables: the answer was lost (${reason})` }));
    });
  }

  commit(changes: readonly TableChange[]): Promise<Result<null, TransactionError>> {
    if (changes.length === 0) return Promise.resolve(ok(null));
    return new Promise((done) => {
      this.#waiting.push({ changes, done });
      this.#pump();
    });
  }

  close(): void {
    this.#transport.close();
  }

  #pump(): void {
    if (this.#running !== undefined) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    const first = this.#sequence;
    const last = first + next.changes.length;
    this.#sequence = last + 2 > 0x7fffffff ? 1 : last + 2;
    this.#running = { ...next, first, last, refused: undefined };
    this.#cancelAlarm = this.#alarm.after(answerMs, () => {
      this.#finish(err({ code: 'no-answer', text: 'nftables: the kernel did not answer' }));
    });
    const sent = this.#transport.send(datagramOf(next.changes, first));
    if (!sent.ok) this.#finish(err({ code: 'lost', text: `nftables: could not be sent (${sent.error})` }));
  }

  /** Refusals come for each change that is not possible; the last one asks for an answer, the whole is answered where it cannot be read. */
  #receive(datagram: Uint8Array): void {
    for (const { type, sequence, payload } of parseMessages(datagram).messages) {
      const running = this.#running;
      if (running === undefined || type !== messageType.error || payload.length < 4) continue;
      if (sequence < running.first || sequence > running.last) continue;
      const errno = -new DataView(payload.buffer, payload.byteOffset, 4).getInt32(0, true);
      if (errno !== 0 && running.refused === undefined) {
        const code = errnoName(errno);
        const what = running.changes[sequence - running.first - 1]?.what;
        running.refused = { code, text: `nftables${what === undefined ? '' : `: ${what}`}: ${code}` };
      }
      if (sequence === running.first || sequence === running.last)
        this.#finish(running.refused === undefined ? ok(null) : err(running.refused));
    }
  }

  #finish(result: Result<null, TransactionError>): void {
    const running = this.#running;
    if (running === undefined) return;
    this.#cancelAlarm?.();
    this.#running = undefined;
    running.done(result);
    this.#pump();
  }
}

/** Begin, changes with numbers that follow, end; the last change asks for an answer. */
function datagramOf(changes: readonly TableChange[], first: number): Uint8Array {
  const writer = new ByteWriter(16_384);
  const bracket = (type: number, sequence: number): void => {
    writeMessage(writer, { type, flags: messageFlag.request, sequence }, (body) => body.u8(0).u8(0).u16be(subsystem));
  };
  bracket(batch.begin, first);
  for (const [i, { type, flags, body }] of changes.entries()) {
    const answer = i === changes.length - 1 ? messageFlag.ack : 0;
    writeMessage(writer, { type, flags: messageFlag.request | flags | answer, sequence: first + 1 + i }, body);
  }
  bracket(batch.end, first + 1 + changes.length);
  return writer.finish();
}
