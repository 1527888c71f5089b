import { ok, type Result, type SourceSpan } from '../core/index.ts';
import type { Budget } from './budget.ts';
import type { FileSource } from './file-source.ts';
import type { ParseFindings } from './findings.ts';
import { braceAlternatives, type IncludeCheck } from './include.ts';
import { SourceFile } from './source-text.ts';

const depthLimit = 32;

/** Finds and opens what include lines name, each file once however often it is included. */
export class Includes {
  readonly #source: FileSource;
  readonly #findings: ParseFindings;
  readonly #budget: Budget;
  readonly #found = new Map<string, readonly string[]>();
  readonly #opened = new Map<string, SourceFile>();
  /** The files that are being read, each included by the one before it. */
  readonly #including: string[] = [];

  constructor(source: FileSource, findings: ParseFindings, budget: Budget) {
    this.#source = source;
    this.#findings = findings;
    this.#budget = budget;
  }

  /** The paths that an include line names; a name that has none is a finding. */
  find(pattern: string, directory: string, checks: ReadonlySet<IncludeCheck>, span: SourceSpan): ReadonlySet<string> {
    const paths = new Set<string>();
    const alternatives = braceAlternatives(pattern);
    if (alternatives === undefined) {
      // What it took to find out counts as well.
      this.#budget.spend('lookups', 1000);
      const message = 'the braces of this include make more than a thousand names; it is not read';
      this.#findings.report('too-many-files', message, 'name fewer, or use a pattern with *', span);
      return paths;
    }
    for (const one of alternatives) {
      const found = this.#glob(one, directory);
      for (const path of found) paths.add(path);
      if (found.length > 0 || this.#budget.overdrawn !== undefined) continue;
      const check = alternatives.length > 1 ? 'brace_match' : /[*?[]/.test(one) ? 'wildcard_match' : 'match';
      const fails = checks.has(check);
      const severity = fails ? 'error' : check === 'wildcard_match' ? 'info' : 'warning';
      const hint = `a name is relative to ${directory}`;
      const diagnosticClass = fails ? 'include' : 'none';
      this.#findings.report('include-missing', `no file matches '${one}'`, hint, span, severity, diagnosticClass);
    }
    return paths;
  }

  /** The file of a path, or undefined where it cannot be read now, which is a finding. */
  open(path: string, strict: boolean, span: SourceSpan): SourceFile | undefined {
    if (this.#including.includes(path) || this.#including.length >= depthLimit) {
      const message = `'${path}' includes itself, or includes are too deep`;
      this.#findings.report('include-cycle', message, 'remove this line', span);
      return undefined;
    }
    const read = this.#read(path);
    if (read.ok) return read.value;
    const severity = strict ? 'error' : 'warning';
    const diagnosticClass = strict ? 'include' : 'none';
    const message = `'${path}' ${read.error}`;
    this.#findings.report('include-unreadable', message, 'it is skipped', span, severity, diagnosticClass);
    return undefined;
  }

  /** Calls back while a file counts as one that is being read. */
  within(file: SourceFile, read: () => void): void {
    this.#including.push(file.path);
    read();
    this.#including.pop();
  }

  #read(path: string): Result<SourceFile> {
    const opened = this.#opened.get(path);
    if (opened !== undefined) return ok(opened);
    const read = this.#source.read(path);
    if (!read.ok) return { ok: false, error: read.error.text };
    const file = new SourceFile(path, read.value);
    this.#opened.set(path, file);
    return ok(file);
  }

  #glob(pattern: string, directory: string): readonly string[] {
    const key = `${directory}\0${pattern}`;
    const before = this.#found.get(key);
    if (!this.#budget.spend('lookups')) return [];
    if (before !== undefined) return before;
    const found = this.#source.glob(pattern, directory);
    this.#found.set(key, found);
    return found;
  }
}
