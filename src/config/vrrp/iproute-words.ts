import { ipFamily, parseIp, type IpFamily } from '../../core/index.ts';
import type { Statement, Word } from '../../parser/index.ts';
import type { NumberOrName, NumberRange, Prefix } from '../model/routes.ts';
import type { Findings } from '../read.ts';
import type { ConfigCode } from '../codes.ts';

/** The words of one line of ip-route(8) or ip-rule(8), read from the left. */
export class IprouteWords {
  readonly findings: Findings;
  readonly object: string;
  readonly line: Statement;
  readonly #what: 'route' | 'rule';
  readonly #words: Word[];
  #failed = false;

  constructor(findings: Findings, object: string, what: 'route' | 'rule', line: Statement) {
    this.findings = findings;
    this.object = object;
    this.line = line;
    this.#what = what;
    this.#words = [line.keyword, ...line.args];
  }

  /** Whether something was wrong that makes the line useless. */
  hasFailed(): boolean {
    return this.#failed;
  }

  next(): Word | undefined {
    return this.#words.shift();
  }

  /** The next word where it is one of these; it is then taken. */
  option(...texts: readonly string[]): Word | undefined {
    const [word] = this.#words;
    return word !== undefined && texts.includes(word.text) ? this.#words.shift() : undefined;
  }

  /** What follows a word that needs a value; the reference ends where it is missing. */
  value(of: Word): Word | undefined {
    const word = this.#words.shift();
    if (word === undefined)
      this.#report('missing-argument', of, `'${of.text}' lacks its value`, 'add it', 'missing-parameter');
    return word;
  }

  refuse(word: Word, takes: string, configClass: 'general' | 'none' = 'general'): void {
    this.#report('bad-argument', word, `'${word.text}' is not valid`, takes, configClass);
  }

  #report(
    code: ConfigCode,
    word: Word,
    text: string,
    hint: string,
    configClass: 'general' | 'none' | 'missing-parameter',
  ): void {
    this.#failed = true;
    const line = [this.line.keyword, ...this.line.args].map(({ text: one }) => one).join(' ');
    const message = `${text} in ${this.#what} '${line}' of ${this.object}`;
    this.findings.error(code, word.span, message, `${hint}; the ${this.#what} is ignored`, configClass);
  }

  number(of: Word, min: number, max: number): number | undefined {
    const word = this.value(of);
    if (word === undefined) return undefined;
    const value = cNumber(word.text);
    if (value !== undefined && value >= min && value <= max) return value;
    this.refuse(word, `'${of.text}' takes a number from ${String(min)} to ${String(max)}`);
    return undefined;
  }

  /** A number up to `max`, one of the names that are the same everywhere, or another name for the host to know. */
  numberOrName(of: Word, max: number, names: Readonly<Record<string, number>>): NumberOrName | undefined {
    const word = this.value(of);
    if (word === undefined) return undefined;
    const value = names[word.text] ?? cNumber(word.text);
    if (value !== undefined && value >= 0 && value <= max) return value;
    if (value === undefined && /^[A-Za-z]/.test(word.text)) return word.text;
    this.refuse(word, `'${of.text}' takes a name, or a number up to ${String(max)}`);
    return undefined;
  }

  prefix(of: Word, text: Word): Prefix | undefined {
    const prefix = readPrefix(text.text);
    if (prefix === undefined) this.refuse(text, `'${of.text}' takes ADDRESS[/PREFIX]`);
    return prefix;
  }

  range(of: Word, max: number): NumberRange | undefined {
    const word = this.value(of);
    if (word === undefined) return undefined;
    const [, first, last] = /^(\d{1,10})-(\d{1,10})$/.exec(word.text) ?? [];
    if (first === undefined || last === undefined) {
      this.refuse(word, `'${of.text}' takes FIRST-LAST`);
      return undefined;
    }
    if (Number(first) <= Number(last) && Number(last) <= max) return { first: Number(first), last: Number(last) };
    this.refuse(word, `'${of.text}' takes FIRST-LAST in rising order, up to ${String(max)}`, 'none');
    return undefined;
  }
}

/** Of 32 bits without a sign. */
export const highest32 = 0xffffffff;

/** C's notation: decimal, 0x10 or 010. */
export function cNumber(text: string): number | undefined {
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  return /^(?:0x[0-9a-f]{1,16}|\d{1,20})$/i.test(text) ? Number(text) : undefined;
}

export function readPrefix(text: string): Prefix | undefined {
  const [addressText = '', length, extra] = text.split('/');
  const address = parseIp(addressText);
  if (!address.ok || extra !== undefined) return undefined;
  const longest = ipFamily(address.value) === 'ipv4' ? 32 : 128;
  const prefixLength = length === undefined ? longest : /^\d{1,3}$/.test(length) ? Number(length) : Infinity;
  return prefixLength <= longest ? { address: address.value, prefixLength } : undefined;
}

/** The family that all of these have; undefined where they differ. */
export function oneFamily(families: readonly (IpFamily | undefined)[]): IpFamily | undefined {
  const given = families.filter((family) => family !== undefined);
  const [first = 'ipv4'] = given;
  return given.every((family) => family === first) ? first : undefined;
}

/** The names that the kernel's header linux/rtnetlink.h gives. */
export const tables = { unspec: 0, default: 253, main: 254, local: 255 };
export const scopes = { global: 0, universe: 0, site: 200, link: 253, host: 254, nowhere: 255 };
export const protocols = {
  redirect: 1,
  kernel: 2,
  boot: 3,
  static: 4,
  gated: 8,
  ra: 9,
  mrt: 10,
  zebra: 11,
  bird: 12,
  dnrouted: 13,
  xorp: 14,
  ntk: 15,
  dhcp: 16,
  mrouted: 17,
  keepalived: 18,
  babel: 42,
  bgp: 186,
  isis: 187,
  ospf: 188,
  rip: 189,
  eigrp: 192,
};
/** RTPROT_KEEPALIVED: marks what is looked after. */
export const keepalivedProtocol = 18;
