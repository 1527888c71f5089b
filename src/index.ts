/**
 * Watchkeeper as a library: read a keepalived.conf into a syntax tree with spans, or into typed plain data; find mistakes in it; bring it
 * into one form; and look up what its keywords take. Nothing throws on bad input: what is wrong is a diagnostic, a finding or an error value.
 *
 * ```ts
 * import { diskFiles, format, lint, loadConfig, parseConfig, textFiles } from 'watchkeeper';
 *
 * const { findings } = lint({ file: '/etc/keepalived/keepalived.conf', files: diskFiles });
 * for (const { rule, span, message } of findings) console.log(`${span?.line}: ${message} [${rule}]`);
 *
 * const { tree } = parseConfig({ file: 'x.conf', files: textFiles({ 'x.conf': 'global_defs { router_id A }' }) });
 * console.log(tree.statements[0]?.keyword.text, tree.statements[0]?.keyword.span);
 *
 * const formatted = format('x.conf', new TextEncoder().encode('global_defs{router_id A}'));
 * if (formatted.ok) process.stdout.write(formatted.value);
 * ```
 *
 * `readLayout` and `printLayout` hold a file with its comments and blanks: what is printed is the file, byte for byte.
 */
import type { FileSource } from './parser/index.ts';
// It is not exported from there: the types of that folder need those of Node.
import { diskFiles as filesOnDisk } from './platform/index.ts';

export { allKeywords, configCodes, findKeyword, keywordsOf, loadConfig, nearestKeyword } from './config/index.ts';
export type * from './config/index.ts';
export { formatDiagnostic } from './core/index.ts';
export type { Diagnostic, IpAddress, IpFamily, Result, Severity, SourceSpan } from './core/index.ts';
export { allRules, applyFixes, lint, parseFacts } from './lint/index.ts';
export type {
  Edit,
  Facts,
  Finding,
  Fix,
  Fixed,
  InterfaceFacts,
  LintOptions,
  LintResult,
  ProgramFacts,
  Related,
  RuleInfo,
} from './lint/index.ts';
export { format, parseConfig, parserCodes, parseTarget, printLayout, readLayout, textFiles } from './parser/index.ts';
export type {
  Block,
  FileProblem,
  FileSource,
  FormatProblem,
  Layout,
  LayoutLine,
  ParsedConfig,
  ParseDiagnostic,
  ParseOptions,
  Piece,
  SourceFile,
  Statement,
  SyntaxTree,
  Target,
  Word,
} from './parser/index.ts';

/** Files by their paths on this machine. */
export const diskFiles: FileSource = filesOnDisk;
