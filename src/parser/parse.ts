import { Expander, type ExpandOptions } from './expand.ts';
import { parseShapes } from './grammar.ts';
import { tokenize } from './lexer.ts';
import type { ParseDiagnostic, SyntaxTree } from './tree.ts';

export interface ParseOptions extends ExpandOptions {
  /** The main file; a glob, as the reference allows. */
  readonly file: string;
}

export interface ParsedConfig {
  readonly tree: SyntaxTree;
  readonly diagnostics: readonly ParseDiagnostic[];
  /** All files that were read, in order; empty where the main file could not be. */
  readonly files: readonly string[];
  /** Lines after expansion. */
  readonly lineCount: number;
}

/** Reads a configuration with all that it includes. Never throws: whatever is wrong is a diagnostic. */
export function parseConfig(options: ParseOptions): ParsedConfig {
  const expander = new Expander(options);
  const paths = options.files.glob(options.file, '.');
  if (paths.length === 0) {
    const severity = options.allConfig ? 'error' : 'warning';
    expander.diagnostics.push({
      severity,
      code: 'config-missing',
      message: `configuration file '${options.file}' does not exist`,
      hint: 'name another with -f',
      class: options.allConfig ? 'file' : 'none',
    });
  }
  for (const path of paths) {
    const read = options.files.read(path);
    if (read.ok) expander.file(path, read.value);
    else {
      const message = `configuration file '${path}' ${read.error.text}`;
      expander.diagnostics.push({
        severity: 'warning',
        code: 'config-unreadable',
        message,
        hint: 'it is skipped',
        class: 'none',
      });
    }
  }
  const diagnostics: ParseDiagnostic[] = [...expander.diagnostics];
  const tokens = tokenize(expander.lines, diagnostics);
  const statements = parseShapes(tokens, expander.lines);
  return { tree: { statements }, diagnostics, files: expander.files, lineCount: expander.lines.length };
}
