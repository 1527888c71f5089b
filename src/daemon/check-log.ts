import type { CheckResult, CheckWarning, Run, TimedChecker, Verdict } from '../checkers/index.ts';
import type { Log } from './messages.ts';

/** What the log says of a server whose check succeeds or fails: the words that people look for in the reference's log. */
const words: Readonly<
  Record<TimedChecker['type'], Readonly<Record<'success' | 'failure', (server: string) => string>>>
> = {
  TCP_CHECK: { success: (s) => `TCP connection to ${s} success`, failure: (s) => `TCP_CHECK on service ${s} failed` },
  HTTP_GET: {
    success: (s) => `HTTP_CHECK on service ${s} success`,
    failure: (s) => `HTTP_CHECK on service ${s} failed`,
  },
  SSL_GET: { success: (s) => `SSL_CHECK on service ${s} success`, failure: (s) => `SSL_CHECK on service ${s} failed` },
  SMTP_CHECK: {
    success: (s) => `Remote SMTP server ${s} succeed on service`,
    failure: (s) => `SMTP_CHECK on service ${s} failed`,
  },
  DNS_CHECK: { success: (s) => `DNS_CHECK (${s}) success`, failure: (s) => `DNS_CHECK (${s}) failed` },
  MISC_CHECK: { success: (s) => `Misc check for ${s} success`, failure: (s) => `Misc check for ${s} failed` },
  UDP_CHECK: { success: (s) => `UDP connection to ${s} success`, failure: (s) => `UDP_CHECK on service ${s} failed` },
  PING_CHECK: {
    success: (s) => `ICMP connection to ${s} success`,
    failure: (s) => `ICMP CHECK on service ${s} failed`,
  },
};

const warningsOfOne = 16;

/** Tells the log what came of checks. */
export class CheckLog {
  readonly #log: Log;
  /** Why a check could last not be made, by its id: told once and not at each try. */
  readonly #problems = new Map<string, string>();

  /** The certificates of each check that were warned of: once, and of no end of them where a server has a new one each time. */
  readonly #warned = new Map<string, Set<string>>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Forgets the checks that are not in the configuration any more. */
  keep(ids: ReadonlyMap<string, unknown>): void {
    for (const id of this.#problems.keys()) if (!ids.has(id)) this.#problems.delete(id);
    for (const id of this.#warned.keys()) if (!ids.has(id)) this.#warned.delete(id);
  }

  tell({ id, checker }: Run, server: string, result: CheckResult, verdict: Verdict): void {
    if (result.warning !== undefined) this.#warn(id, checker.type, server, result.warning);
    const { success, failure } = words[checker.type];
    if (result.unjudged === true) {
      if (this.#problems.get(id) === result.reason) return;
      this.#problems.set(id, result.reason);
      const state = verdict.up ? 'up' : 'down';
      this.#log('warning', `${checker.type} of ${server} cannot be made: ${result.reason}. The server stays ${state}.`);
      return;
    }
    this.#problems.delete(id);
    const after = verdict.retries === 0 ? '' : ` after ${String(verdict.retries)} retries`;
    if (verdict.changed && verdict.up) this.#log('info', `${success(server)}: ${result.reason}.`);
    else if (verdict.changed) this.#log('warning', `${failure(server)}${after}: ${result.reason}.`);
    else if (!result.ok && checker.logAllFailures) this.#log('info', `${failure(server)}: ${result.reason}.`);
  }
  #warn(id: string, type: string, server: string, { about, text }: CheckWarning): void {
    const told = this.#warned.get(id) ?? new Set();
    if (told.has(about) || told.size >= warningsOfOne) return;
    this.#warned.set(id, told.add(about));
    this.#log('warning', `${type} of ${server}: ${text}.`);
  }
}
