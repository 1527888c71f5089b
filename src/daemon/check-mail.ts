import type { CheckResult, Run, TimedChecker, Verdict } from '../checkers/index.ts';
import type { VirtualServer } from '../config/index.ts';
import { virtualServerText, type LvsEffect } from '../lvs/index.ts';
import type { LvsAlert } from '../notify/index.ts';
import type { CheckersSettings } from './messages.ts';

type Notice = Extract<LvsEffect, { type: 'notify' }>;

/** Nobody was there to be asked. */
const unreached: ReadonlySet<string> = new Set([
  'connection refused',
  'no route to host',
  'network is unreachable',
  'connection timed out',
]);

/** What a mail says of a check: the reference's words, each check's own. */
function words(checker: TimedChecker, { ok, reason }: CheckResult): string {
  const result = ok ? 'succeed on service' : 'failed on service';
  switch (checker.type) {
    case 'HTTP_GET':
    case 'SSL_GET':
      return `CHECK ${result}${ok ? '' : ' : HTTP request failed'}`;
    case 'SMTP_CHECK': {
      const server = `[${checker.connectIp}]:${String(checker.connectPort)}`;
      return `CHECK ${result}${ok ? '' : ` : ${unreached.has(reason) ? `Could not connect to server ${server}` : reason}`}`;
    }
    case 'MISC_CHECK':
      return `MISC CHECK ${ok ? 'succeeded on service' : result}`;
    case 'PING_CHECK':
      return `ICMP CHECK ${result}`;
    case 'DNS_CHECK':
      return `DNS_CHECK: ${result}`;
    default:
      return `${checker.type.replace('_', ' ')} ${result}`;
  }
}

/** Decides of what there is mail: of each check that changes, or of servers only, and of quorums. */
export class CheckMail {
  readonly #tell: (alert: LvsAlert) => void;
  #mode: CheckersSettings['mail'] = 'none';
  /** Virtual and real servers of checks whose servers somebody wants mail of, by the check's id. */
  readonly #servers = new Map<string, readonly [virtualServer: string, realServer: string]>();
  /** The check whose result is being taken up. */
  #check: { readonly text: string; readonly told: boolean } | undefined;

  constructor(tell: (alert: LvsAlert) => void) {
    this.#tell = tell;
  }

  configure(mode: CheckersSettings['mail']): void {
    this.#mode = mode;
    this.#servers.clear();
  }

  add(id: string, virtual: VirtualServer, realServer: string): void {
    if (this.#mode !== 'none') this.#servers.set(id, [virtualServerText(virtual), realServer]);
  }

  /** A check's result is taken up from now on: what `notice` is told of comes of it. */
  begin({ id, checker }: Run, result: CheckResult, verdict: Verdict): void {
    const server = this.#servers.get(id);
    const text = words(checker, result);
    const told = server !== undefined && verdict.changed && this.#mode === 'checks';
    this.#check = { text, told };
    if (!told) return;
    const [virtualServer, realServer] = server;
    this.#tell({ virtualServer, realServer, state: verdict.up ? 'UP' : 'DOWN', text });
  }

  end(): void {
    this.#check = undefined;
  }

  notice({ object, virtualServer, realServer, state, smtpAlert, reason }: Notice): void {
    if (this.#mode === 'none' || !smtpAlert || (object === 'RS' && this.#check?.told === true)) return;
    const text =
      reason ?? this.#check?.text ?? (state === 'UP' ? 'CHECK succeed on service' : 'CHECK failed on service');
    this.#tell({ virtualServer, ...(realServer === undefined ? {} : { realServer }), state, text });
  }
}
