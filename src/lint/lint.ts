import { configCodes, loadConfig, type HostFacts, type LoadedConfig } from '../config/index.ts';
import type { Severity } from '../core/index.ts';
import { parserCodes, type FileSource, type SourceFile, type Target } from '../parser/index.ts';
import { Director } from './director.ts';
import { hostFactsOf, type Facts } from './facts.ts';
import { compareFindings, type Finding } from './finding.ts';
import { readerFix } from './reader-fixes.ts';
import { rules } from './registry.ts';
import { changeRules, peerRules } from './rules/cluster/list.ts';
import type { Report } from './rule.ts';
import { applySuppressions } from './suppress.ts';

export interface LintOptions {
  /** The main file, or a glob. */
  readonly file: string;
  readonly files: FileSource;
  /** What `@id` lines are compared with. Where it is not given, each id that the files name is tried in turn. */
  readonly configId?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The keepalived that the configuration is for; keywords that it does not know are findings. */
  readonly target?: Target;
  /** Facts about the host; without them nothing that depends on it is judged. */
  readonly facts?: Facts;
  /** Asks PCRE2 why a pattern is not a regex with these options; without it brackets alone are looked at. */
  readonly regexProblem?: HostFacts['regexProblem'];
  /** Main files of the other directors of the cluster. */
  readonly peers?: readonly string[];
  /** The main file that runs now: what is told is what the change to `file` does. */
  readonly previous?: string;
  /** Rules that are not to be looked at. */
  readonly disable?: readonly string[];
}

export interface LintResult {
  /** By file, line and column. */
  readonly findings: readonly Finding[];
  /** How many a `lint:ignore` comment took out. */
  readonly suppressed: number;
  /** All files that were read, those of peers included. */
  readonly sources: readonly SourceFile[];
}

export interface RuleInfo {
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  /** `reader`: what the reader of the configuration itself finds. */
  readonly kind: 'reader' | 'rule' | 'peer' | 'change';
}

const maxConfigIds = 16;
/** What is Watchkeeper's fault and not the file's. */
const lighter: ReadonlyMap<string, Severity> = new Map([['keyword-not-done', 'info']]);
const graver: ReadonlyMap<string, Severity> = new Map([
  ['config-missing', 'error'],
  ['config-unreadable', 'error'],
]);

/** Everything that can be found, for lists and for the checks of what a user writes. */
export function allRules(): readonly RuleInfo[] {
  const reader = Object.entries({ ...parserCodes, ...configCodes }).map(([id, title]): RuleInfo => ({
    id,
    severity: readerSeverity(id),
    title,
    kind: 'reader',
  }));
  const own: RuleInfo = {
    id: 'bad-ignore',
    severity: 'warning',
    title: 'a lint:ignore that is not right',
    kind: 'rule',
  };
  return [
    ...reader,
    own,
    ...rules.map(({ id, severity, title }): RuleInfo => ({ id, severity, title, kind: 'rule' })),
    ...peerRules.map(({ id, severity, title }): RuleInfo => ({ id, severity, title, kind: 'peer' })),
    ...changeRules.map(({ id, severity, title }): RuleInfo => ({ id, severity, title, kind: 'change' })),
  ].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Finds mistakes in a configuration. Pure but for the files that it asks for; whatever is wrong is a finding, never a throw. */
export function lint(options: LintOptions): LintResult {
  const findings = new Map<string, Finding>();
  const sources = new Map<string, SourceFile>();
  for (const configId of configIds(options)) {
    const load = (file: string): LoadedConfig => {
      const loaded = loadConfig({
        file,
        files: options.files,
        configId,
        hostName: options.facts?.hostName ?? configId,
        environment: options.environment ?? {},
        random: () => 0.5,
        ...(options.target === undefined ? {} : { target: options.target }),
        host: {
          ...(options.facts === undefined ? {} : hostFactsOf(options.facts)),
          ...(options.regexProblem === undefined ? {} : { regexProblem: options.regexProblem }),
        },
      });
      for (const source of loaded.sources) sources.set(source.path, source);
      return loaded;
    };
    for (const finding of lintOnce(options, load))
      findings.set(JSON.stringify([finding.rule, finding.span, finding.message]), finding);
  }
  const wanted = [...findings.values()].filter(({ rule }) => options.disable?.includes(rule) !== true);
  const known = new Set(allRules().map(({ id }) => id));
  const kept = applySuppressions(wanted, [...sources.values()], known);
  return {
    findings: [...kept.findings].sort(compareFindings),
    suppressed: kept.suppressed,
    sources: [...sources.values()],
  };
}

function lintOnce(options: LintOptions, load: (file: string) => LoadedConfig): readonly Finding[] {
  const loaded = load(options.file);
  const director = new Director(loaded, options.facts);
  const findings = readerFindings(loaded, director);
  for (const { id, severity, check } of rules) findings.push(...reported(id, severity, check(director)));
  for (const file of options.peers ?? []) {
    const loadedPeer = load(file);
    const peer = new Director(loadedPeer, undefined);
    findings.push(...unreadable(loadedPeer));
    for (const { id, severity, compare } of peerRules)
      findings.push(...reported(id, severity, compare(director, peer)));
  }
  if (options.previous !== undefined) {
    const loadedPrevious = load(options.previous);
    const previous = new Director(loadedPrevious, undefined);
    findings.push(...unreadable(loadedPrevious));
    for (const { id, severity, change } of changeRules)
      findings.push(...reported(id, severity, change(director, previous)));
  }
  return findings;
}

/** At most a hundred findings of a rule: a hostile file could have millions. */
const perRule = 100;

function reported(rule: string, severity: Severity, reports: Iterable<Report>): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { at, ...report } of reports) {
    if (findings.length === perRule) {
      findings.push({ rule, severity: 'info', message: 'more findings of this kind are not listed' });
      break;
    }
    findings.push({ rule, severity, ...report, span: at });
  }
  return findings;
}

function readerSeverity(code: string): Severity {
  return graver.get(code) ?? lighter.get(code) ?? (errorCodes.has(code) ? 'error' : 'warning');
}

/** Codes that the reader reports as errors; the page of each rule says it too. */
const errorCodes: ReadonlySet<string> = new Set(
  (
    'auth-hmac-key bad-address bad-address-option backslash-after-comment bad-argument bad-extension bad-regex bad-repetition duplicate-entry duplicate-keyword duplicate-object duplicate-vrid regex-offsets ' +
    'expansion-too-deep extra-brace include-cycle keyword-too-new line-too-long member-of-two misplaced-extension missing-argument missing-block missing-brace ' +
    'missing-keyword mixed-families no-such-interface nul-byte too-deep too-long too-many-files two-names unclosed-single-quote unexpected-brace unknown-bfd ' +
    'unknown-extension unknown-group unknown-keyword unknown-member unknown-script unknown-track-file unknown-track-group unknown-track-process unknown-user ' +
    'unmatched-quote unterminated-quote'
  ).split(' '),
);

function readerFindings(loaded: LoadedConfig, director: Director): Finding[] {
  return loaded.diagnostics.map(({ code, severity, message, hint, span }) => {
    const fix = readerFix(code, span, director);
    return {
      rule: code,
      severity: graver.get(code) ?? lighter.get(code) ?? severity,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(span === undefined ? {} : { span }),
      ...(fix === undefined ? {} : { fix }),
    };
  });
}

/** Of a peer only what keeps it from being compared is told: its own findings are its own run's. */
function unreadable({ diagnostics, files }: LoadedConfig): readonly Finding[] {
  if (files.length > 0) return [];
  return diagnostics
    .filter(({ code }) => graver.has(code))
    .map(({ code, message }) => ({ rule: code, severity: 'error', message }));
}

/** The ids that `@id` and `@^id` lines name. */
function configIds({ configId, file, files, facts }: LintOptions): readonly string[] {
  if (configId !== undefined) return [configId];
  const ids = new Set<string>();
  for (const path of files.glob(file, '.')) {
    const read = files.read(path);
    if (!read.ok) continue;
    const text = new TextDecoder().decode(read.value);
    if (!text.includes('@')) continue;
    for (const match of text.matchAll(/^[ \t]*@\^?([^\s@^]+)[ \t]/gm)) {
      if (match[1] !== undefined && ids.size < maxConfigIds) ids.add(match[1]);
    }
  }
  return ids.size > 0 ? [...ids] : [facts?.hostName ?? 'localhost'];
}
