import type { Result } from '../core/index.ts';
import { mailText, type Alert, type MailSettings } from './mail.ts';

/** Gives a message to a server. Ends within a time of its own, or when `signal` says so; never rejects. */
export type DeliverMail = (text: string, settings: MailSettings, signal: AbortSignal) => Promise<Result<void>>;

export interface MailerOptions {
  readonly deliver: DeliverMail;
  readonly log: (level: 'info' | 'warning' | 'error', text: string) => void;
  readonly wallClockMs: () => number;
}

interface Waiting {
  readonly subject: string;
  readonly text: string;
  tries: number;
}

/** Messages that wait; of more the oldest are given up. */
const mostWaiting = 200;
/** From 5 s to 10 minutes between two tries: a message is tried for some two hours. */
const firstDelayMs = 5000;
const longestDelayMs = 600_000;
const mostTries = 18;

/** Mails alerts in their order, one at a time, whatever the server does. */
export class Mailer {
  readonly #options: MailerOptions;
  #settings: MailSettings | undefined;
  readonly #waiting: Waiting[] = [];
  #lost = 0;
  #busy: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closing = false;
  readonly #abort = new AbortController();

  constructor(options: MailerOptions, settings: MailSettings | undefined) {
    this.#options = options;
    this.#settings = settings;
  }

  /** What still waits goes by the new settings; it is dropped where there are none. */
  configure(settings: MailSettings | undefined): void {
    this.#settings = settings;
    if (settings === undefined) this.#waiting.length = 0;
  }

  send(alert: Alert): void {
    const settings = this.#settings;
    if (settings === undefined) return;
    const text = mailText(alert, settings, this.#options.wallClockMs());
    this.#waiting.push({ subject: alert.subject, text, tries: 0 });
    if (this.#waiting.length > mostWaiting) {
      // The first one is under way.
      this.#waiting.splice(this.#busy === undefined ? 0 : 1, 1);
      this.#lost++;
      if (this.#lost === 1)
        this.#options.log('warning', `more than ${String(mostWaiting)} mails wait: the oldest are given up`);
    }
    if (this.#timer === undefined) this.#work();
  }

  /** Gives what waits one more try each; resolves when all were tried, at the latest after `withinMs`. */
  async close(withinMs: number): Promise<void> {
    this.#closing = true;
    const limit = setTimeout(() => {
      this.#abort.abort();
    }, withinMs);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#work();
    while (this.#busy !== undefined) await this.#busy;
    clearTimeout(limit);
    if (this.#waiting.length > 0)
      this.#options.log('warning', `${String(this.#waiting.length)} mails could not be sent before the stop`);
  }

  #work(): void {
    this.#busy ??= this.#deliver().finally(() => {
      this.#busy = undefined;
      // What was asked for in the meantime.
      if (this.#waiting.length > 0 && this.#timer === undefined && !this.#closing) this.#work();
    });
  }

  async #deliver(): Promise<void> {
    for (let mail = this.#waiting[0]; mail !== undefined; mail = this.#waiting[0]) {
      const settings = this.#settings;
      if (settings === undefined || this.#abort.signal.aborted) return;
      const { deliver, log } = this.#options;
      const sent = await deliver(mail.text, settings, this.#abort.signal);
      if (sent.ok) {
        this.#remove(mail);
        if (this.#lost > 0) log('warning', `${String(this.#lost)} mails were given up`);
        this.#lost = 0;
        continue;
      }
      mail.tries++;
      const { host, port } = settings.server;
      const what = `SMTP alert '${mail.subject}' by [${host}]:${String(port)} failed: ${sent.error}`;
      if (this.#closing || mail.tries >= mostTries) {
        this.#remove(mail);
        log('error', `${what}. It is given up`);
        continue;
      }
      const delayMs = Math.min(firstDelayMs * 2 ** (mail.tries - 1), longestDelayMs);
      log('warning', `${what}. Next try in ${String(delayMs / 1000)} s`);
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#work();
      }, delayMs);
      return;
    }
  }

  #remove(mail: Waiting): void {
    const at = this.#waiting.indexOf(mail);
    if (at >= 0) this.#waiting.splice(at, 1);
  }
}
