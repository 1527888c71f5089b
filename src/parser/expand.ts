import type { SourceSpan } from '../core/index.ts';
import type { ParserCode } from './codes.ts';
import { builtIn, substitute, withoutComment, type Definition } from './definitions.ts';
import type { FileSource } from './file-source.ts';
import type { ParseFindings } from './findings.ts';
import { allChecks, braceAlternatives, checksOf, directoryOf, includeCheck, type IncludeCheck } from './include.ts';
import { isBlank, type LineLexer } from './lexer.ts';
import { repetitionRows, splitRepetition } from './repetition.ts';
import { MadeLine, SourceFile } from './source-text.ts';
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
const limits = { made: 500_000, includeDepth: 32, files: 10_000, depth: 32, madeLine: 100_000, lineBytes: 1022 };

/** A line that is being worked on: where it stands in its file, and which definition it came from. */
interface Place {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
  /** Where the text of a line begins that stands in the file as it is. */
  readonly base: number;
  readonly definedAt: SourceSpan | undefined;
}

export class Expander {
  readonly files: SourceFile[] = [];
  lineCount = 0;
  readonly #options: ExpandOptions;
  readonly #findings: ParseFindings;
  readonly #lexer: LineLexer;
  readonly #definitions = new Map<string, Definition>();
  readonly #including: string[] = [];
  #checks: ReadonlySet<IncludeCheck>;
  #continued: { readonly name: string; readonly lines: string[]; readonly span: SourceSpan } | undefined;
  #made = 0;
  #full = false;

  constructor(options: ExpandOptions, findings: ParseFindings, lexer: LineLexer) {
    this.#options = options;
    this.#findings = findings;
    this.#lexer = lexer;
    this.#checks = options.allConfig ? allChecks : new Set();
  }

  /** Reads a file whose bytes are at hand. */
  file(path: string, bytes: Uint8Array): void {
    const file = new SourceFile(path, bytes);
    const checks = this.#checks;
    this.files.push(file);
    this.#including.push(path);
    const { text } = file;
    let dollar = text.indexOf('$');
    let nul = text.indexOf('\0');
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
      start = end + 1;
    }
    this.#endDefinition();
    this.#including.pop();
    this.#checks = checks;
  }

  /** A line that is more than words and braces, or may be. */
  #special(file: SourceFile, start: number, end: number): void {
    const stop = end > start && file.text[end - 1] === '\r' ? end - 1 : end;
    const text = file.text.slice(start, stop);
    const place: Place = {
      file,
      start: start + (text.length - text.trimStart().length),
      end: stop,
      base: start,
      definedAt: undefined,
    };
    if (text.includes('\0')) {
      const at = start + text.indexOf('\0');
      this.#report('nul-byte', 'the line holds a NUL byte and is ignored', 'is this a text file?', {
        ...place,
        start: at,
      });
      return;
    }
    if (bytesIn(file, text) > limits.lineBytes) {
      if (rulesOf(this.#options.target ?? defaultTarget) === '2.2.7') {
        this.#findings.report(
          'line-too-long',
          `the line has more than ${String(limits.lineBytes)} bytes: the rest is read as another line`,
          'break it, or use a definition',
          file.span(place.start, place.end),
          'warning',
          'none',
        );
        for (let at = 0; at < text.length; at += limits.lineBytes + 1) {
          this.#physical(text.slice(at, at + limits.lineBytes + 1), { ...place, start: start + at, base: start + at });
        }
        return;
      }
      const message = `the line has more than ${String(limits.lineBytes)} bytes and is ignored`;
      this.#report('line-too-long', message, 'break it, or use a definition', place);
      return;
    }
    this.#physical(text, place);
  }

  #physical(text: string, place: Place): void {
    if (this.#continued === undefined) this.#line(text, place, 0);
    else this.#continueDefinition(text);
  }

  #line(text: string, place: Place, depth: number): void {
    if (this.#full) return;
    if (depth > 0 && ++this.#made > limits.made) {
      this.#full = true;
      const message = `definitions and repetitions grow beyond ${String(limits.made)} lines; the rest is not read`;
      this.#report('too-long', message, 'look for a repetition that is larger than meant', place);
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
      this.#define(definition[1], definition[2] ?? '', place);
      return;
    }
    if (this.#repeat(kept, place, depth)) return;
    const made = this.#substitute(kept, place);
    if (made === 'too-long') this.#tooDeep(place);
    else if (made !== undefined) {
      for (const line of made.lines)
        this.#line(line, { ...place, definedAt: made.definedAt ?? place.definedAt }, depth + 1);
    } else this.#ready(kept, bare.length - kept.length, place, depth);
  }

  /** A line without parameters. */
  #ready(kept: string, offset: number, place: Place, depth: number): void {
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
    const { file, start, end, base } = place;
    // What the file holds as it is keeps its columns.
    if (depth === 0) this.#lexer.line(file, base + offset, base + offset + kept.length);
    else this.#lexer.line(new MadeLine(kept, file, start, end, place.definedAt), 0, kept.length);
  }

  /** The line without its condition; undefined where the condition leaves it out. */
  #condition(text: string): string | undefined {
    const match = /^\s*@(\^?)(\S*)(?:\s+(.*))?$/s.exec(text);
    if (match === null) return text;
    const same = match[2] === this.#options.configId;
    if (same === (match[1] === '^')) return undefined;
    return match[3] ?? '';
  }

  #define(name: string, rest: string, place: Place): void {
    const value = rest.trim();
    const span = place.file.span(place.start, place.end);
    if (value.endsWith('\\')) this.#continued = { name, lines: [value.slice(0, -1)], span };
    else this.#definitions.set(name, { lines: [value], span });
  }

  /** The lines of a definition that ends in `\` go on to the first that does not. */
  #continueDefinition(text: string): void {
    const continued = this.#continued;
    if (continued === undefined) return;
    const value = withoutComment(text).trimEnd();
    // A line of blanks or a comment is passed over, an empty line ends it.
    if (value.trim() === '' && text !== '') return;
    if (value !== '') continued.lines.push(value.endsWith('\\') ? value.slice(0, -1) : value);
    if (!value.endsWith('\\')) this.#endDefinition();
  }

  #endDefinition(): void {
    if (this.#continued !== undefined) this.#definitions.set(this.#continued.name, this.#continued);
    this.#continued = undefined;
  }

  #substitute(text: string, place: Place): ReturnType<typeof substitute> {
    if (!text.includes('$')) return undefined;
    const around = { ...this.#options, directory: directoryOf(place.file.path) };
    return substitute(
      text,
      (name) => {
        const defined = this.#definitions.get(name);
        if (defined !== undefined) return defined;
        const value = builtIn(name, around);
        return value === undefined ? undefined : { lines: [value], span: undefined };
      },
      limits.madeLine,
    );
  }

  /** Whether the line is a repetition, which then has been carried out. */
  #repeat(text: string, place: Place, depth: number): boolean {
    const parts = splitRepetition(text);
    if (parts === undefined) return false;
    const rows = parts.ok ? repetitionRows(parts.value.kind, this.#plainText(parts.value.inside, place)) : parts;
    if (!parts.ok || !rows.ok) {
      const message = !parts.ok ? parts.error : !rows.ok ? rows.error : '';
      this.#report('bad-repetition', message, '~SEQ(NAME, from, step, to) text', place);
      return true;
    }
    const names = rows.value[0]?.map(([name]) => name) ?? [];
    const before = names.map((name) => [name, this.#definitions.get(name)] as const);
    for (const row of rows.value) {
      if (this.#full) break;
      for (const [name, value] of row) this.#definitions.set(name, { lines: [value], span: undefined });
      this.#line(parts.value.body, place, depth + 1);
    }
    for (const [name, definition] of before) {
      if (definition === undefined) this.#definitions.delete(name);
      else this.#definitions.set(name, definition);
    }
    return true;
  }

  /** Parameters between the parentheses of a repetition, replaced before it begins. */
  #plainText(text: string, place: Place): string {
    let plain = text;
    for (let round = 0; round < limits.depth; round++) {
      const made = this.#substitute(plain, place);
      if (made === undefined || made === 'too-long') break;
      plain = made.lines.join(' ');
      if (plain.length > limits.madeLine) break;
    }
    return plain;
  }

  #include(keyword: string, pattern: string, place: Place): void {
    const checks = this.#options.allConfig ? allChecks : (checksOf(keyword) ?? this.#checks);
    const directory = directoryOf(place.file.path);
    const span = place.file.span(place.start, place.end);
    const alternatives = braceAlternatives(pattern);
    const paths = new Set<string>();
    for (const one of alternatives) {
      const found = this.#options.files.glob(one, directory);
      for (const path of found) paths.add(path);
      if (found.length > 0) continue;
      const check = alternatives.length > 1 ? 'brace_match' : /[*?[]/.test(one) ? 'wildcard_match' : 'match';
      const fails = checks.has(check);
      const severity = fails ? 'error' : check === 'wildcard_match' ? 'info' : 'warning';
      const hint = `a name is relative to ${directory}`;
      this.#findings.report(
        'include-missing',
        `no file matches '${one}'`,
        hint,
        span,
        severity,
        fails ? 'include' : 'none',
      );
    }
    for (const path of paths) this.#includeFile(path, checks.has('readable'), span);
  }

  #includeFile(path: string, strict: boolean, span: SourceSpan): void {
    if (this.#including.includes(path) || this.#including.length >= limits.includeDepth) {
      this.#findings.report(
        'include-cycle',
        `'${path}' includes itself, or includes are too deep`,
        'remove this line',
        span,
      );
      return;
    }
    if (this.files.length >= limits.files) {
      const message = `more than ${String(limits.files)} files are included; '${path}' is not read`;
      this.#findings.report('too-many-files', message, 'look for files that include each other many times', span);
      return;
    }
    const read = this.#options.files.read(path);
    if (read.ok) {
      this.file(path, read.value);
      return;
    }
    const message = `'${path}' ${read.error.text}`;
    const severity = strict ? 'error' : 'warning';
    this.#findings.report('include-unreadable', message, 'it is skipped', span, severity, strict ? 'include' : 'none');
  }

  #tooDeep(place: Place): void {
    const message = 'definitions expand into each other without end, or into a line that is too long';
    this.#report('expansion-too-deep', message, 'a definition must not contain itself', place);
  }

  #report(code: ParserCode, message: string, hint: string, place: Place): void {
    this.#findings.report(code, message, hint, () => place.file.span(place.start, place.end));
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
