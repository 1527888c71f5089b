import { parseIp, shortened, type Diagnostic, type IpAddress, type SourceSpan } from '../core/index.ts';
import { defaultTarget, isLater, rulesOf, type Statement, type Target } from '../parser/index.ts';
import { lineSpan, readArguments, type ArgumentProblem, type Value } from './arguments.ts';
import type { ConfigCode } from './codes.ts';
import {
  blocksWith,
  findKeyword,
  isBlockDone,
  nearestKeyword,
  removedKeyword,
  type Keyword,
} from './keywords/table.ts';
import type { ScriptCommand } from './model/values.ts';

/** What the reference's config test counts a finding as; see `testExitStatus`. */
export type ConfigClass =
  | 'none'
  | 'general'
  /** As general in a config test; a daemon with VRRP ends with it at start, and does not take it at a reload. */
  | 'unusable'
  | 'file'
  | 'interface'
  | 'fatal'
  | 'include'
  | 'security'
  | 'missing-parameter';

export interface ConfigDiagnostic extends Diagnostic {
  readonly class: ConfigClass;
}

/** What a host knows that a file does not say; without it nothing that depends on it is judged. */
export interface HostFacts {
  /** Those of the network namespace that the caller runs in. */
  readonly interfaces?: ReadonlySet<string>;
  /** Whether a program (a path, or a name to be found in PATH) can be run; without it all can. */
  readonly executable?: (program: string) => boolean;
  /** Whether the host has this user. */
  readonly knownUser?: (name: string) => boolean;
  /** Why a pattern is not a regex of PCRE2 with these options; undefined: it is. Without it brackets alone are looked at. */
  readonly regexProblem?: (pattern: string, options: readonly string[]) => string | undefined;
}

const perCode = 100;

/** What is wrong with a configuration: at most a hundred findings of a kind, as a hostile file could have millions. */
export class Findings {
  readonly target: Target | undefined;
  /** Whose rules hold where they differ. */
  readonly rules: '2.2.7' | '2.4.3';
  readonly host: HostFacts;
  /** Whether dynamic_interfaces, or another network namespace, keeps from knowing now which interfaces there are. */
  interfacesMayCome = false;
  /** Of all findings, also of those that are not listed. */
  readonly classes = new Set<ConfigClass>();
  readonly #list: ConfigDiagnostic[] = [];
  readonly #counts = new Map<ConfigCode, number>();

  constructor(target: Target | undefined, host: HostFacts) {
    this.target = target;
    this.rules = rulesOf(target ?? defaultTarget);
    this.host = host;
  }

  error(
    code: ConfigCode,
    span: SourceSpan,
    message: string,
    hint?: string,
    configClass: ConfigClass = 'general',
  ): void {
    this.#add('error', code, span, message, hint, configClass);
  }

  warning(
    code: ConfigCode,
    span: SourceSpan,
    message: string,
    hint?: string,
    configClass: ConfigClass = 'general',
  ): void {
    this.#add('warning', code, span, message, hint, configClass);
  }

  /** Whether a further finding of this kind would not be listed: spares the work of wording it. */
  isFull(code: ConfigCode): boolean {
    return (this.#counts.get(code) ?? 0) >= perCode;
  }

  finish(): readonly ConfigDiagnostic[] {
    const more = [...this.#counts].flatMap(([code, count]): readonly ConfigDiagnostic[] =>
      count > perCode
        ? [
            {
              severity: 'info',
              code,
              message: `${String(count - perCode)} more findings of this kind are not listed`,
              class: 'none',
            },
          ]
        : [],
    );
    return [...this.#list, ...more];
  }

  #add(
    severity: 'error' | 'warning',
    code: ConfigCode,
    span: SourceSpan,
    message: string,
    hint: string | undefined,
    configClass: ConfigClass,
  ): void {
    this.classes.add(configClass);
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    if (count > perCode) return;
    this.#list.push({
      severity,
      code,
      message: shortened(message),
      span,
      class: configClass,
      ...(hint === undefined ? {} : { hint: shortened(hint) }),
    });
  }
}

/** A keyword line whose arguments fit. */
export interface Entry {
  readonly keyword: Keyword;
  readonly statement: Statement;
  readonly value: Value;
}

function commandOf(entry: Entry | undefined): ScriptCommand | undefined {
  const value = entry?.value;
  return typeof value === 'object' && 'argv' in value && value.argv.length > 0 ? value : undefined;
}

const fewEntries = 16;

/** The lines of one block by keyword. Where one is given again, the last counts. */
export class Reading {
  readonly findings: Findings;
  /** The object as messages name it: `vrrp_instance VI_1`. */
  readonly object: string;
  readonly entries: readonly Entry[];
  /** Made where there are more entries than a quick look takes. */
  readonly #last: ReadonlyMap<string, Entry> | undefined;

  constructor(findings: Findings, object: string, entries: readonly Entry[]) {
    this.findings = findings;
    this.object = object;
    this.entries = entries;
    if (entries.length > fewEntries) this.#last = new Map(entries.map((entry) => [entry.keyword.name, entry]));
  }

  has(name: string): boolean {
    return this.entry(name) !== undefined;
  }

  entry(name: string): Entry | undefined {
    if (this.#last !== undefined) return this.#last.get(name);
    for (let i = this.entries.length - 1; i >= 0; i--) {
      if (this.entries[i]?.keyword.name === name) return this.entries[i];
    }
    return undefined;
  }

  all(name: string): readonly Entry[] {
    return this.entries.filter(({ keyword }) => keyword.name === name);
  }

  /** For keywords of which the first counts: reports that there is another. */
  first(name: string, configClass: ConfigClass = 'general'): Entry | undefined {
    const [first, again] = this.all(name);
    if (again !== undefined)
      this.findings.error(
        'duplicate-keyword',
        again.statement.keyword.span,
        `'${name}' is given twice in ${this.object}`,
        'the first counts',
        configClass,
      );
    return first;
  }

  number(name: string): number | undefined {
    const value = this.entry(name)?.value;
    return typeof value === 'number' ? value : undefined;
  }

  /** Whether a flag is there, or what a boolean says; `otherwise` where the block does not have it. */
  flag(name: string, otherwise = false): boolean {
    const entry = this.entry(name);
    return entry === undefined ? otherwise : entry.value !== false;
  }

  /** As `flag`, but undefined where the block does not have it: for settings that are inherited. */
  setting(name: string): boolean | undefined {
    return this.has(name) ? this.flag(name) : undefined;
  }

  text(name: string): string | undefined {
    const value = this.entry(name)?.value;
    return typeof value === 'string' ? value : undefined;
  }

  address(name: string): IpAddress | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const parsed = parseIp(text);
    return parsed.ok ? parsed.value : undefined;
  }

  words(name: string): readonly string[] | undefined {
    const value = this.entry(name)?.value;
    return Array.isArray(value) ? (value as readonly string[]) : undefined;
  }

  command(name: string): ScriptCommand | undefined {
    return commandOf(this.entry(name));
  }

  /** As `command`, of keywords of which the first counts. */
  firstCommand(name: string): ScriptCommand | undefined {
    return this.has(name) ? commandOf(this.first(name)) : undefined;
  }

  /** The lines of all blocks of this name: one that is given again adds to the first. */
  lines(name: string): readonly Statement[] {
    return this.all(name).flatMap(({ statement }) => statement.block?.statements ?? []);
  }
}

/** Reads the lines of a block by its keyword table; what does not fit is a finding and left out. */
export function readBlock(findings: Findings, path: string, object: string, statements: readonly Statement[]): Reading {
  const entries: Entry[] = [];
  const tellNotDone = isBlockDone(path);
  for (const statement of statements) {
    const keyword = findKeyword(path, statement.keyword.text);
    if (keyword === undefined) {
      unknownKeyword(findings, path, object, statement);
      continue;
    }
    remark(findings, object, keyword, statement, tellNotDone);
    const read = readArguments(keyword, statement, findings.rules);
    if (read.ok) entries.push({ keyword, statement, value: read.value });
    else {
      reportArgument(findings, object, keyword, statement, read.error);
      if (read.error.used !== undefined) entries.push({ keyword, statement, value: read.error.used });
    }
  }
  return new Reading(findings, object, entries);
}

function unknownKeyword(findings: Findings, path: string, object: string, { keyword }: Statement): void {
  const name = keyword.text;
  // A '{' without a name has been told by the parser.
  if (name === '' && !keyword.quoted) return;
  if (findings.isFull('unknown-keyword')) {
    findings.error('unknown-keyword', keyword.span, '');
    return;
  }
  const gone = removedKeyword(path, name);
  if (gone !== undefined) {
    findings.warning('obsolete-keyword', keyword.span, `'${name}' in ${object} is obsolete and ignored`, gone);
    return;
  }
  const near = nearestKeyword(path, name);
  const elsewhere = blocksWith(name);
  const hint =
    near !== undefined
      ? `did you mean '${near}'?`
      : elsewhere.length > 0
        ? `it belongs in ${elsewhere.slice(0, 3).join(' or ')}`
        : 'see keepalived.conf(5)';
  findings.error('unknown-keyword', keyword.span, `unknown keyword '${name}' in ${object}`, hint);
}

function remark(
  findings: Findings,
  object: string,
  keyword: Keyword,
  { keyword: word }: Statement,
  tellNotDone: boolean,
): void {
  if (keyword.insteadUse !== undefined) {
    const hint = `use '${keyword.insteadUse}'`;
    findings.warning(
      'deprecated-keyword',
      word.span,
      `'${keyword.name}' in ${object} is deprecated`,
      hint,
      silentlyTaken.has(keyword.name) ? 'none' : 'general',
    );
  }
  if (findings.target !== undefined && isLater(keyword.since, findings.target)) {
    const message = `'${keyword.name}' in ${object} is not known to keepalived ${findings.target}`;
    findings.error('keyword-too-new', word.span, message, `keepalived has it since ${keyword.since}`);
  }
  if (!keyword.done && tellNotDone) {
    const message = `'${keyword.name}' in ${object} is known but not done: the line has no effect`;
    findings.warning('keyword-not-done', word.span, message, 'docs/compatibility.md lists what is not done', 'none');
  }
}

/** Old keywords that the reference takes without a word. */
const silentlyTaken: ReadonlySet<string> = new Set([
  'vrrp_track_file',
  'enable_snmp_keepalived',
  'host',
  'lvs_flush_onstop',
  'lvs_process_name',
  'vrrp_rlimit_rtime',
  'checker_rlimit_rtime',
  'bfd_rlimit_rtime',
]);

function reportArgument(
  findings: Findings,
  object: string,
  keyword: Keyword,
  statement: Statement,
  { problem, word, takes, used }: ArgumentProblem,
): void {
  const hint = `it takes ${takes}${used === undefined ? '' : `: ${String(used)} is used`}`;
  switch (problem) {
    case 'unclosed':
      findings.error(
        'unclosed-single-quote',
        lineSpan(statement),
        `the single quote in ${keyword.name} is not closed, and the script is not run`,
        'close it; a # or ! begins a comment also inside single quotes: use double quotes around the command',
      );
      break;
    case 'missing': {
      const message = `'${keyword.name}' in ${object} lacks its argument`;
      const configClass = { ends: 'missing-parameter', reported: 'general', ignored: 'none' } as const;
      findings.error('missing-argument', statement.keyword.span, message, hint, configClass[keyword.missing]);
      break;
    }
    case 'wrong':
      findings.error(
        'bad-argument',
        (word ?? statement.keyword).span,
        `'${keyword.name} ${word?.text ?? ''}' in ${object} is not valid`,
        hint,
        keyword.silent === true ? 'none' : 'general',
      );
      break;
    case 'no-block':
      missingBlock(findings, object, statement, hint);
      break;
  }
}

export function missingBlock(findings: Findings, object: string, { keyword, args }: Statement, hint: string): void {
  findings.error(
    'missing-block',
    keyword.span,
    `'${keyword.text}' in ${object} lacks its block`,
    hint,
    keyword.text === 'real_server' && args.length === 0 ? 'missing-parameter' : 'general',
  );
}
