import type { Diagnostic, SourceSpan } from '../core/index.ts';

/** One word of a line; `text` is without its quotes. */
export interface Word {
  readonly text: string;
  readonly quoted: boolean;
  readonly span: SourceSpan;
}

/** A keyword line, or a line of a value block: its words, and the block that follows if one does. */
export interface Statement {
  readonly keyword: Word;
  readonly args: readonly Word[];
  readonly block?: Block;
}

export interface Block {
  readonly statements: readonly Statement[];
  readonly open: SourceSpan;
}

/** Everything in the order of the text, includes and repetitions in their places. */
export interface SyntaxTree {
  readonly statements: readonly Statement[];
}

/**
 * What a finding counts for in the reference's own config test: `general` is any error or warning, `file` a file
 * that is missing or cannot be read, `include` one where the include is strict, `none` what the reference does not report.
 */
export type DiagnosticClass = 'none' | 'general' | 'file' | 'include';

export interface ParseDiagnostic extends Diagnostic {
  readonly class: DiagnosticClass;
}
