import { parseIp, type IpAddress, type SourceSpan } from '../core/index.ts';

/** What is wrong with a line of a script. Only the parser sees it. */
export class ScriptError extends Error {
  readonly span: SourceSpan;
  /** What would be right. */
  readonly hint: string;

  constructor(message: string, hint: string, span: SourceSpan) {
    super(message);
    this.span = span;
    this.hint = hint;
  }
}

export interface Word {
  readonly text: string;
  readonly span: SourceSpan;
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 };
const longestMs = 24 * 3_600_000;

/** The words of one line, taken one after the other. */
export class ScriptLine {
  readonly #words: readonly Word[];
  readonly #end: SourceSpan;
  #next = 0;

  constructor(file: string, line: number, text: string) {
    const at = (column: number, length: number): SourceSpan => ({
      file,
      line,
      column: column + 1,
      endLine: line,
      endColumn: column + 1 + length,
    });
    const bare = text.replace(/(?:^|\s)#.*$/, '');
    this.#words = [...bare.matchAll(/[^\s,]+|,/g)].flatMap((match): readonly Word[] => {
      const [word] = match;
      // The colon behind a time or a name is a word of its own; one inside an address is not.
      const bareWord = word.length > 1 && /[^:]:$/.test(word) ? word.slice(0, -1) : word;
      const first = { text: bareWord, span: at(match.index, bareWord.length) };
      return bareWord === word ? [first] : [first, { text: ':', span: at(match.index + bareWord.length, 1) }];
    });
    this.#end = at(bare.trimEnd().length, 1);
  }

  get empty(): boolean {
    return this.#words.length === 0;
  }

  /** The place of the whole line. */
  get span(): SourceSpan {
    const first = this.#words[0]?.span ?? this.#end;
    return { ...first, endColumn: this.#end.column };
  }

  peek(ahead = 0): string | undefined {
    return this.#words[this.#next + ahead]?.text;
  }

  take(what: string): Word {
    const word = this.#words[this.#next];
    if (word === undefined) throw new ScriptError('the line ends too early', `here belongs ${what}`, this.#end);
    this.#next++;
    return word;
  }

  /** Takes the word if it is there. */
  skip(text: string): boolean {
    if (this.peek() !== text) return false;
    this.#next++;
    return true;
  }

  expect(...texts: readonly string[]): Word {
    const what = texts.map((text) => `'${text}'`).join(' or ');
    const word = this.take(what);
    if (!texts.includes(word.text))
      throw new ScriptError(`'${word.text}' is not known here`, `here belongs ${what}`, word.span);
    return word;
  }

  finish(): void {
    const word = this.#words[this.#next];
    if (word !== undefined)
      throw new ScriptError(`'${word.text}' is too much`, 'the line is complete before it', word.span);
  }

  duration(what: string): number {
    return this.durationOf(this.take(what), what);
  }

  durationOf({ text, span }: Word, what: string): number {
    const match = /^(\d+(?:\.\d+)?)(ms|s|min|h)$/.exec(text);
    const ms = Number(match?.[1]) * (units[match?.[2] ?? ''] ?? Number.NaN);
    if (Number.isNaN(ms))
      throw new ScriptError(`'${text}' is not ${what}`, 'a number with ms, s, min or h, as 1.5s', span);
    if (ms > longestMs) throw new ScriptError(`'${text}' is too long`, 'at most 24h', span);
    return ms;
  }

  share(): number {
    const { text, span } = this.take('a share, as 20%');
    const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
    if (percent === undefined || Number(percent) > 100)
      throw new ScriptError(`'${text}' is not a share`, '0% to 100%', span);
    return Number(percent) / 100;
  }

  integer(what: string, least: number, most: number): number {
    const { text, span } = this.take(what);
    const value = /^-?\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most))
      throw new ScriptError(`'${text}' is not ${what}`, `${String(least)} to ${String(most)}`, span);
    return value;
  }

  address(): IpAddress {
    const { text, span } = this.take('an IP address');
    const parsed = parseIp(text);
    if (!parsed.ok)
      throw new ScriptError(`'${text}' is not an IP address`, 'one without a prefix length, as 192.0.2.1', span);
    return parsed.value;
  }
}
