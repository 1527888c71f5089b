import { Budget } from './budget.ts';
import type { ParserCode } from './codes.ts';
import {
  builtIn,
  definitionLine,
  substitute,
  withoutComment,
  type Definition,
  type Surroundings,
} from './definitions.ts';
import type { FileSource } from './file-source.ts';
import type { ParseFindings } from './findings.ts';
import { allChecks, checksOf, directoryOf, includeCheck, type IncludeCheck } from './include.ts';
import { Includes } from './includes.ts';
import type { LineLexer } from './lexer.ts';
import { repetitionRows, splitRepetition } from './repetition.ts';
import { isBlank, MadeLine, spanOf, type Place, type SourceFile } from './source-text.ts';
import { defaultTarget, rulesOf, type Target } from './target.ts';

/** From files to lines: includes, conditions (`@id`), definitions (`$NAME=`), and repetitions (`~SEQ`, `~LST`). */

export interface ExpandOptions {
  readonly files: FileSource;
  /** What `@id` lines are compared with. */
  readonly configId: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Gives numbers in [0, 1) for ${_RANDOM}. */
  readonly random: () => number;
  /** All include lines are as strict as `includea`. */
  readonly allConfig: boolean;
  /** 2.4.3 unless said. */
  readonly target?: Target;
}

/** `lineBytes`: the reference's buffer of 1024 holds the line end too. */
const limits = { depth: 32, madeLine: 100_000, lineBytes: 1022, definitionLines: 100_000 };

/** A line that is being worked on: where it stands in its file, and which definition it came from. */
interface LinePlace extends Place {
  /** Where the text of a line begins that stands in the file as it is. */
  readonly base: number;
  readonly definedAt: Place | undefined;
}

export class Expander {
  readonly files: SourceFile[] = [];
  lineCount = 0;
  readonly #options: ExpandOptions;
  readonly #findings: ParseFindings;
  readonly #lexer: LineLexer;
  readonly #budget = new Budget();
  readonly #includes: Includes;
  readonly #definitions = new Map<string, Definition>();
  #checks: ReadonlySet<IncludeCheck>;
  /** What the parameters that need no definition stand for in the file that is being read. */
  #around: Surroundings;
  #continued: { readonly name: string; readonly lines: string[]; readonly place: Place } | undefined;
  #lastTooDeep: Place | undefined;
  #full = false;

  constructor(options: ExpandOptions, findings: ParseFindings, lexer: LineLexer) {
    this.#options = options;
    this.#findings = findings;
    this.#lexer = lexer;
    this.#checks = options.allConfig ? allChecks : new Set();
    this.#around = { ...options, directory: '.' };
    this.#includes = new Includes(options.files, findings, this.#budget);
  }

  /** Whether all was read; false where it is more than can be. */
  get complete(): boolean {
    return !this.#full;
  }

  /** Reads a file, with all that it includes. */
  file(file: SourceFile): void {
    this.#includes.within(file, () => {
      const [checks, around] = [this.#checks, this.#around];
      this.#around = { ...this.#options, directory: directoryOf(file.path) };
      this.files.push(file);
      this.#lines(file);
      this.#endDefinition();
      [this.#checks, this.#around] = [checks, around];
    });
  }

  #lines(file: SourceFile): void {
    const { text } = file;
    let dollar = text.indexOf('$');
    let nul = text.indexOf('\0');
    const included = this.#budget.spend('files') && this.#budget.spend('fileBytes', text.length);
    if (!included) this.#stop({ file, start: 0, end: 0 });
    for (let start = 0; start < text.length && !this.#full;) {
      const newline = text.indexOf('\n', start);
      const end = newline === -1 ? text.length : newline;
      if (dollar !== -1 && dollar < start) dollar = text.indexOf('$', start);
      if (nul !== -1 && nul < start) nul = text.indexOf('\0', start);
      const special =
        this.#continued !== undefined ||
        (dollar !== -1 && dollar < end) ||
        (nul !== -1 && nul < end) ||
        end - start > limits.lineBytes / 3 ||
        beginsSpecially(text, start, end);
      if (special) this.#special(file, start, end);
      else {
        this.lineCount++;
        this.#lexer.line(file, start, end);
      }
      if (this.#lexer.full) this.#stop({ file, start, end });
      start = end + 1;
    }
  }

  /** A line that is more than words and braces, or may be. */
  #special(file: SourceFile, start: number, end: number): void {
    const stop = end > start && file.text[end - 1] === '\r' ? end - 1 : end;
    const text = file.text.slice(start, stop);
    const first = start + (text.length - text.trimStart().length);
    const place: LinePlace = { file, start: first, end: stop, base: start, definedAt: undefined };
    if (!this.#budget.spend('specialLines')) {
      this.#stop(place);
      return;
    }
    if (text.includes('\0')) {
      const at = { ...place, start: start + text.indexOf('\0') };
      this.#report('nul-byte', 'the line holds a NUL byte and is ignored', 'is this a text file?', at);
      return;
    }
    if (bytesIn(file, text) <= limits.lineBytes) {
      this.#physical(text, place);
      return;
    }
    const bytes = `the line has more than ${String(limits.lineBytes)} bytes`;
    const hint = 'break it, or use a definition';
    if (this.#rules !== '2.2.7') {
      this.#report('line-too-long', `${bytes} and is ignored`, hint, place);
      return;
    }
    const message = `${bytes}: the rest is read as another line`;
    this.#findings.report('line-too-long', message, hint, () => spanOf(place), 'warning', 'none');
    for (let at = 0; at < text.length && !this.#full; at += limits.lineBytes + 1) {
      const piece = text.slice(at, at + limits.lineBytes + 1);
      this.#physical(piece, { ...place, start: start + at, end: start + at + piece.length, base: start + at });
    }
  }

  #physical(text: string, place: LinePlace): void {
    if (this.#continued === undefined) this.#line(text, place, 0);
    else this.#continueDefinition(text, place);
  }

  #line(text: string, place: LinePlace, depth: number): void {
    if (this.#full) return;
    if (depth > 0 && !(this.#budget.spend('madeLines') && this.#budget.spend('madeChars', text.length))) {
      this.#stop(place);
      return;
    }
    if (depth > limits.depth || text.length > limits.madeLine) {
      this.#tooDeep(place);
      return;
    }
    const bare = withoutComment(text);
    const kept = this.#condition(bare);
    if (kept === undefined) return;
    const definition = /^\s*\$([A-Za-z_]\w*)=(.*)$/s.exec(kept);
    if (definition?.[1] !== undefined) {
      this.#define(definition[1], definition[2] ?? '', definitionLine(text).goesOn, place);
      return;
    }
    if (this.#repeat(kept, place, depth)) return;
    const made = this.#substitute(kept);
    if (made === 'too-long') this.#tooDeep(place);
    else if (made !== undefined) {
      const next = { ...place, definedAt: made.definedAt ?? place.definedAt };
      for (const line of made.lines) this.#line(line, next, depth + 1);
    } else this.#ready(kept, bare.length - kept.length, place, depth);
  }

  /** A line without parameters. */
  #ready(kept: string, offset: number, place: LinePlace, depth: number): void {
    const include = /^\s*(include[rmwba]?)[ \t\f\v]+(\S.*)$/s.exec(kept);
    if (include?.[1] !== undefined && include[2] !== undefined) {
      this.#include(include[1], include[2].trim(), place);
      return;
    }
    const check = /^\s*include_check(?:\s+(.*))?$/s.exec(kept);
    if (check !== null && !this.#options.allConfig) {
      this.#checks = includeCheck((check[1] ?? '').split(/\s+/).filter(Boolean), this.#checks);
    }
    this.lineCount++;
    const from = place.base + offset;
    // What the file holds as it is keeps its columns.
    if (depth === 0) this.#lexer.line(place.file, from, place.end);
    else this.#lexer.line(new MadeLine(kept, place, place.definedAt), 0, kept.length);
    if (this.#lexer.full) this.#stop(place);
  }

  /** The line without its condition; undefined where the condition leaves it out. */
  #condition(text: string): string | undefined {
    const match = /^\s*@(\^?)(\S*)(?:\s+(.*))?$/s.exec(text);
    if (match === null) return text;
    const same = match[2] === this.#options.configId;
    if (same === (match[1] === '^')) return undefined;
    return match[3] ?? '';
  }

  #define(name: string, rest: string, goesOn: boolean, { file, start, end }: LinePlace): void {
    const text = rest.trim();
    const value = text.endsWith('\\') ? text.slice(0, -1) : text;
    const place = { file, start, end };
    if (goesOn) this.#continued = { name, lines: [value], place };
    else this.#definitions.set(name, { lines: [value], place });
  }

  /** The lines of a definition that ends in `\` go on to the first that does not. */
  #continueDefinition(text: string, place: LinePlace): void {
    const continued = this.#continued;
    if (continued === undefined) return;
    const { value, goesOn } = definitionLine(text);
    // A line of blanks or a comment is passed over, an empty line ends it.
    if (value.trim() === '' && !goesOn && text !== '') return;
    if (value !== '') continued.lines.push(value);
    if (!goesOn) this.#endDefinition();
    if (continued.lines.length > limits.definitionLines)
      this.#stop(place, `more than ${String(limits.definitionLines)} lines are in one definition`);
  }

  #endDefinition(): void {
    if (this.#continued !== undefined) this.#definitions.set(this.#continued.name, this.#continued);
    this.#continued = undefined;
  }

  get #rules(): ReturnType<typeof rulesOf> {
    return rulesOf(this.#options.target ?? defaultTarget);
  }

  #substitute(text: string): ReturnType<typeof substitute> {
    return text.includes('$') ? substitute(text, this.#find, limits.madeLine) : undefined;
  }

  readonly #find = (name: string): Definition | undefined => {
    const defined = this.#definitions.get(name);
    if (defined !== undefined) return defined;
    const value = builtIn(name, this.#around);
    return value === undefined ? undefined : { lines: [value], place: undefined };
  };

  /** Whether the line is a repetition, which then has been carried out. */
  #repeat(text: string, place: LinePlace, depth: number): boolean {
    const parts = splitRepetition(text);
    if (parts === undefined) return false;
    if (!this.#budget.spend('madeLines')) {
      this.#stop(place);
      return true;
    }
    const rows = parts.ok ? repetitionRows(parts.value.kind, this.#ends(parts.value)) : parts;
    if (!parts.ok || !rows.ok) {
      const message = !parts.ok ? parts.error : !rows.ok ? rows.error : '';
      this.#report('bad-repetition', message, '~SEQ(NAME, from, step, to) text', place);
      return true;
    }
    const names = rows.value[0]?.map(([name]) => name) ?? [];
    const before = names.map((name) => [name, this.#definitions.get(name)] as const);
    for (const row of rows.value) {
      if (this.#full) break;
      for (const [name, value] of row) this.#definitions.set(name, { lines: [value], place: undefined });
      this.#line(parts.value.body, place, depth + 1);
    }
    for (const [name, definition] of before) {
      if (definition === undefined) this.#definitions.delete(name);
      else this.#definitions.set(name, definition);
    }
    return true;
  }

  /** What stands between the parentheses of a repetition; 2.2.7 replaces no parameters in lists. */
  #ends({ kind, inside }: { readonly kind: string; readonly inside: string }): string {
    return kind === 'LST' && this.#rules === '2.2.7' ? inside : this.#plainText(inside);
  }

  /** Parameters between the parentheses of a repetition, replaced before it begins. */
  #plainText(text: string): string {
    let plain = text;
    for (let round = 0; round < limits.depth; round++) {
      const made = this.#substitute(plain);
      if (made === undefined || made === 'too-long') break;
      plain = made.lines.join(' ');
      if (plain.length > limits.madeLine || !this.#budget.spend('madeChars', plain.length)) break;
    }
    return plain;
  }

  #include(keyword: string, pattern: string, place: Place): void {
    const checks = this.#options.allConfig ? allChecks : (checksOf(keyword) ?? this.#checks);
    const span = spanOf(place);
    for (const path of this.#includes.find(pattern, directoryOf(place.file.path), checks, span)) {
      if (this.#full) break;
      const file = this.#includes.open(path, checks.has('readable'), span);
      if (file !== undefined) this.file(file);
    }
    if (this.#budget.overdrawn !== undefined) this.#stop(place);
  }

  /** Once for a line, which may expand in thousands of ways. */
  #tooDeep(place: Place): void {
    if (this.#lastTooDeep?.file === place.file && this.#lastTooDeep.start === place.start) return;
    this.#lastTooDeep = place;
    const message = 'definitions expand into each other without end, or into a line that is too long';
    this.#report('expansion-too-deep', message, 'a definition must not contain itself', place);
  }

  /** Reads nothing more: there is more of something than anybody needs. */
  #stop(place: Place, more = 'more lines and braces than can be kept'): void {
    if (this.#full) return;
    this.#full = true;
    const { code, what } = this.#budget.overdrawn ?? { code: 'too-long', what: more };
    const hint = 'look for a repetition or an include that makes more than is meant';
    this.#report(code, `${what}; what follows is not read`, hint, place);
  }

  #report(code: ParserCode, message: string, hint: string, place: Place): void {
    this.#findings.report(code, message, hint, () => spanOf(place));
  }
}

/** Whether the first character of a line is one that conditions, definitions, repetitions and includes begin with. */
function beginsSpecially(text: string, start: number, end: number): boolean {
  let at = start;
  while (at < end && isBlank(text.charCodeAt(at))) at++;
  const char = text.charCodeAt(at);
  return char === 64 || char === 126 || (char === 105 && text.startsWith('include', at));
}

function bytesIn(file: SourceFile, text: string): number {
  if (file.encoding === 'latin1' || text.length > limits.lineBytes) return text.length;
  return new TextEncoder().encode(text).length;
}
