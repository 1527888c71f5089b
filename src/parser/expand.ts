import type { SourceSpan } from '../core/index.ts';
import type { FileSource } from './file-source.ts';
import type { SourceLine } from './lexer.ts';
import { expandRepetition } from './repetition.ts';
import type { DiagnosticClass, ParseDiagnostic } from './tree.ts';

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
}

const limits = { lines: 4_000_000, includeDepth: 32, expansionDepth: 32, lineLength: 100_000 } as const;

export class Expander {
  readonly lines: SourceLine[] = [];
  readonly diagnostics: ParseDiagnostic[] = [];
  readonly files: string[] = [];
  readonly #options: ExpandOptions;
  readonly #definitions = new Map<string, string>();
  readonly #including: string[] = [];
  #continued: { readonly name: string; readonly parts: string[] } | undefined;
  #full = false;

  constructor(options: ExpandOptions) {
    this.#options = options;
  }

  /** Reads a file whose bytes are at hand. */
  file(path: string, bytes: Uint8Array): void {
    this.files.push(path);
    this.#including.push(path);
    const text = decode(bytes);
    const physical = (text.startsWith('\ufeff') ? text.slice(1) : text).split('\n');
    if (physical.at(-1) === '') physical.pop();
    for (const [n, line] of physical.entries()) {
      if (this.#full) break;
      this.#physicalLine({ text: line.endsWith('\r') ? line.slice(0, -1) : line, file: path, line: n + 1 });
    }
    this.#continued = undefined;
    this.#including.pop();
  }

  #physicalLine(line: SourceLine): void {
    const nul = line.text.indexOf('\0');
    if (nul !== -1) {
      this.#report(line, nul, 'nul-byte', 'the line holds a NUL byte and is ignored', 'is this a text file?');
      return;
    }
    if (this.#continued !== undefined) {
      this.#continueDefinition(line.text);
      return;
    }
    this.#line(line, 0);
  }

  #line(line: SourceLine, depth: number): void {
    if (depth > limits.expansionDepth) {
      this.#report(
        line,
        0,
        'expansion-too-deep',
        'definitions expand into each other without end',
        'a definition must not contain itself',
      );
      return;
    }
    const kept = this.#condition(line.text);
    if (kept === undefined) return;
    const definition = /^\s*\$([A-Za-z_]\w*)=(.*)$/s.exec(kept);
    if (definition?.[1] !== undefined) {
      this.#define(definition[1], definition[2] ?? '');
      return;
    }
    for (const text of this.#substitute({ ...line, text: kept })) this.#expanded({ ...line, text }, depth);
  }

  #expanded(line: SourceLine, depth: number): void {
    if (/^\s*~(?:SEQx?|LST)\(/.test(line.text)) {
      const repeated = expandRepetition(line.text);
      if (!repeated.ok) {
        this.#report(line, line.text.indexOf('~'), 'bad-repetition', repeated.error, '~SEQ(NAME, from, step, to) text');
        return;
      }
      for (const text of repeated.value) {
        if (this.#full) return;
        this.#line({ ...line, text }, depth + 1);
      }
      return;
    }
    const include = /^\s*(include[rmwba]?)\s+([^!#]*)/.exec(line.text);
    if (include?.[1] !== undefined && (include[2] ?? '').trim() !== '') {
      this.#include(line, include[1], (include[2] ?? '').trim());
      return;
    }
    if (this.lines.length >= limits.lines) {
      this.#full = true;
      this.#report(
        line,
        0,
        'too-long',
        `the configuration grows beyond ${String(limits.lines)} lines`,
        'look for a repetition that is larger than meant',
      );
      return;
    }
    this.lines.push(line);
  }

  /** The line without its condition; undefined where the condition leaves it out. */
  #condition(text: string): string | undefined {
    const match = /^\s*@(\^?)(\S*)(?:\s+(.*))?$/s.exec(text);
    if (match === null) return text;
    const same = match[2] === this.#options.configId;
    if (same === (match[1] === '^')) return undefined;
    return match[3] ?? '';
  }

  #define(name: string, rest: string): void {
    const value = withoutComment(rest).trim();
    if (value.endsWith('\\')) this.#continued = { name, parts: [value.slice(0, -1)] };
    else this.#definitions.set(name, value);
  }

  /** The lines of a definition that ends in `\` go on to the first that does not. */
  #continueDefinition(text: string): void {
    const continued = this.#continued;
    if (continued === undefined) return;
    const value = withoutComment(text).trimEnd();
    // A line of blanks or a comment is passed over, an empty line ends it.
    if (value.trim() === '' && text !== '') return;
    continued.parts.push(value.endsWith('\\') ? value.slice(0, -1) : value);
    if (value.endsWith('\\') && continued.parts.length < limits.lines) return;
    this.#definitions.set(continued.name, continued.parts.join('\n'));
    this.#continued = undefined;
  }

  /** Parameters replaced by what they stand for; more than one line where a parameter has several. */
  #substitute(line: SourceLine): readonly string[] {
    let { text } = line;
    for (let round = 0; text.includes('$'); round++) {
      if (round > limits.expansionDepth || text.length > limits.lineLength) {
        this.#report(
          line,
          0,
          'expansion-too-deep',
          'definitions expand into each other without end',
          'a definition must not contain itself',
        );
        return [];
      }
      const next = text.replace(
        /\$\{([^{}\n]*)\}|\$([A-Za-z_]\w*)(?=[ \t,)]|$)/gm,
        (whole, braced: string | undefined, bare: string | undefined) => {
          const value = this.#value(braced ?? bare ?? '', line);
          if (value === undefined) return whole;
          return value;
        },
      );
      if (next === text) break;
      text = next;
    }
    return text.split('\n');
  }

  #value(name: string, line: SourceLine): string | undefined {
    const defined = this.#definitions.get(name);
    if (defined !== undefined) return defined;
    const [word = '', ...args] = name.trim().split(/\s+/);
    switch (word) {
      case '_PWD':
        return directoryOf(line.file);
      case '_INSTANCE':
        return this.#options.configId;
      case '_HASH':
        return '#';
      case '_BANG':
        return '!';
      case '_RANDOM': {
        const low = Number(args[0] ?? 0);
        const high = Number(args[1] ?? 32_767);
        if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || high < low) return undefined;
        return String(low + Math.floor(this.#options.random() * (high - low + 1)));
      }
      case '_ENV':
        return args[0] === undefined ? undefined : (this.#options.environment[args[0]] ?? '');
      default:
        return undefined;
    }
  }

  #include(line: SourceLine, keyword: string, pattern: string): void {
    const strict = this.#options.allConfig ? 'a' : keyword.slice('include'.length);
    const directory = directoryOf(line.file);
    const paths = this.#options.files.glob(pattern, directory);
    if (paths.length === 0) {
      const wild = /[*?[{]/.test(pattern);
      const fails = wild ? 'wa' : 'mwa';
      const failing = strict !== '' && fails.includes(strict);
      // The reference says nothing of a pattern that matches nothing, and only a word of a plain name.
      const severity = failing ? 'error' : 'warning';
      this.#report(
        line,
        0,
        'include-missing',
        `no file matches '${pattern}'`,
        'the name is relative to this file',
        severity,
        failing ? 'include' : 'none',
      );
      return;
    }
    for (const path of paths) this.#includeFile(line, path, strict);
  }

  #includeFile(line: SourceLine, path: string, strict: string): void {
    if (this.#including.includes(path) || this.#including.length >= limits.includeDepth) {
      this.#report(line, 0, 'include-cycle', `'${path}' includes itself`, 'remove this line');
      return;
    }
    const read = this.#options.files.read(path);
    if (!read.ok) {
      const failing = strict !== '' && 'rmwba'.includes(strict);
      this.#report(
        line,
        0,
        'include-unreadable',
        `'${path}' ${read.error.text}`,
        'it is skipped',
        failing ? 'error' : 'warning',
        failing ? 'include' : 'none',
      );
      return;
    }
    this.file(path, read.value);
  }

  #report(
    line: SourceLine,
    column: number,
    code: string,
    message: string,
    hint: string,
    severity: 'error' | 'warning' = 'error',
    diagnosticClass: DiagnosticClass = 'general',
  ): void {
    const span: SourceSpan = {
      file: line.file,
      line: line.line,
      column: column + 1,
      endLine: line.line,
      endColumn: line.text.length + 1,
    };
    this.diagnostics.push({ severity, code, message, hint, class: diagnosticClass, span });
  }
}

function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '.' : slash === 0 ? '/' : path.slice(0, slash);
}

/** Comments begin at `!` or `#` outside double quotes; `\!` and `\#` are the characters themselves. */
function withoutComment(text: string): string {
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '"') quoted = !quoted;
    else if (char === '\\' && !quoted && (text[i + 1] === '!' || text[i + 1] === '#')) i++;
    else if (!quoted && (char === '!' || char === '#')) return text.slice(0, i);
  }
  return text;
}

/** UTF-8 where it is that; other bytes one to one, since the reference compares bytes. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}
