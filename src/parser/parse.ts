import { balance } from './balance.ts';
import type { BlockShape } from './block-shape.ts';
import { Expander, type ExpandOptions } from './expand.ts';
import { giveExtensions } from './extensions.ts';
import { ParseFindings } from './findings.ts';
import { parseShapes } from './grammar.ts';
import { LineLexer } from './lexer.ts';
import { SourceFile } from './source-text.ts';
import type { ParseDiagnostic, SyntaxTree } from './tree.ts';

/** Without `configId` no `@id` line applies; without `environment` it is empty; without `random` each `${_RANDOM}` is the same. */
export interface ParseOptions extends Pick<ExpandOptions, 'files'>, Partial<Omit<ExpandOptions, 'files'>> {
  /** The main file; a glob, as the reference allows. */
  readonly file: string;
  /** What names mean at the top level and in its blocks: finds where a brace is missing or too many. */
  readonly shape?: BlockShape;
}

export interface ParsedConfig {
  readonly tree: SyntaxTree;
  readonly diagnostics: readonly ParseDiagnostic[];
  /** All files that were read, in order; empty where the main file could not be. */
  readonly files: readonly string[];
  /** Their texts, in the same order. */
  readonly sources: readonly SourceFile[];
  /** False where there is more than can be read: what follows is not in the tree. */
  readonly complete: boolean;
  /** Lines after expansion. */
  readonly lineCount: number;
}

/** Reads a configuration with all that it includes. Never throws: whatever is wrong is a diagnostic. */
export function parseConfig(given: ParseOptions): ParsedConfig {
  const options = { configId: '', environment: {}, random: () => 0.5, allConfig: false, ...given };
  const findings = new ParseFindings();
  const lexer = new LineLexer(findings);
  const expander = new Expander(options, findings, lexer);
  const paths = options.files.glob(options.file, '.');
  if (paths.length === 0) {
    const severity = options.allConfig ? 'error' : 'warning';
    const message = `configuration file '${options.file}' does not exist`;
    findings.report(
      'config-missing',
      message,
      'name another with -f',
      undefined,
      severity,
      options.allConfig ? 'file' : 'none',
    );
  }
  for (const path of paths) {
    const read = options.files.read(path);
    if (read.ok) expander.file(new SourceFile(path, read.value));
    else {
      const message = `configuration file '${path}' ${read.error.text}`;
      findings.report('config-unreadable', message, 'it is skipped', undefined, 'warning', 'none');
    }
  }
  const matching = lexer.regular && lexer.excess === 0;
  const tokens = matching ? lexer.tokens : balance(lexer.tokens, lexer.excess, options.shape, findings);
  const statements = parseShapes(tokens);
  const extensions = giveExtensions(lexer.extensions, lexer.tokens, tokens);
  return {
    tree: { statements, extensions, extended: lexer.extensions.length > 0 },
    diagnostics: findings.finish(),
    files: expander.files.map((file) => file.path),
    sources: expander.files,
    complete: expander.complete,
    lineCount: expander.lineCount,
  };
}
