import type { Diagnostic, SourceSpan } from '../core/index.ts';

/** One word of a line; `text` is without its quotes. */
export interface Word {
  readonly text: string;
  readonly quoted: boolean;
  /** In the real file; for text out of a definition or a repetition the whole line that uses it. */
  readonly span: SourceSpan;
  /** Where the definition stands that the word came from, if one. */
  readonly definedAt?: SourceSpan | undefined;
}

/** A keyword line, or a line of a value block: its words, and the block that follows if one does. */
export interface Statement {
  readonly keyword: Word;
  readonly args: readonly Word[];
  readonly block?: Block;
  /** The text from the first word to the last as it stands in the file, quotes and escapes included. */
  readonly raw: string;
}

export interface Block {
  readonly statements: readonly Statement[];
  /** Lines of Watchkeeper's own, which stand in comments: `# watchkeeper: tls_verify on`. They have no blocks. */
  readonly extensions: readonly Statement[];
  readonly open: SourceSpan;
  /** Where the block ends: its `}`, or where that is missing the place that it would have. */
  readonly close: SourceSpan;
  /** Whether the file holds its `}`. */
  readonly closed: boolean;
}

/** Everything in the order of the text, includes and repetitions in their places. */
export interface SyntaxTree {
  readonly statements: readonly Statement[];
  /** Those outside of all blocks. */
  readonly extensions: readonly Statement[];
  /** Whether there are any, in whatever block. */
  readonly extended: boolean;
}

/**
 * What a finding counts for in the reference's own config test: `general` is any error or warning, `file` a file
 * that is missing or cannot be read, `include` one where the include is strict, `none` what the reference does not report.
 */
export type DiagnosticClass = 'none' | 'general' | 'file' | 'include';

export interface ParseDiagnostic extends Diagnostic {
  readonly class: DiagnosticClass;
}
