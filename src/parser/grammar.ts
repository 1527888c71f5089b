import { EmbeddedActionsParser, type IToken } from 'chevrotain';
import { spanOf, type SourceLine } from './lexer.ts';
import { allTokens, LeftBrace, LineEnd, Plain, Quoted, RightBrace } from './tokens.ts';
import type { Block, Statement, Word } from './tree.ts';

/**
 * The grammar of shapes; names of keywords are in no rule:
 *
 *   file      : (statement | LineEnd)*
 *   statement : word+ (block | LineEnd)
 *   block     : LeftBrace (statement | LineEnd)* RightBrace LineEnd
 *   word      : Word | QuotedString
 */
class ShapeParser extends EmbeddedActionsParser {
  lines: readonly SourceLine[] = [];

  constructor() {
    super(allTokens, { maxLookahead: 1, skipValidations: true });
    this.performSelfAnalysis();
  }

  readonly file = this.RULE('file', (): readonly Statement[] => this.SUBRULE(this.statements));

  readonly statements = this.RULE('statements', (): readonly Statement[] => {
    const list: Statement[] = [];
    this.MANY(() => {
      this.OR([{ ALT: () => list.push(this.SUBRULE(this.statement)) }, { ALT: () => this.CONSUME(LineEnd) }]);
    });
    return list;
  });

  readonly statement = this.RULE('statement', (): Statement => {
    const words: Word[] = [];
    let block: Block | undefined;
    this.AT_LEAST_ONE(() => words.push(this.SUBRULE(this.word)));
    this.OR([{ ALT: () => (block = this.SUBRULE(this.block)) }, { ALT: () => this.CONSUME(LineEnd) }]);
    const keyword = words[0] ?? { text: '', quoted: false, span: spanOf(0, this.lines) };
    const args = words.slice(1);
    return block === undefined ? { keyword, args } : { keyword, args, block };
  });

  readonly block = this.RULE('block', (): Block => {
    const open = this.CONSUME(LeftBrace);
    const statements = this.SUBRULE(this.statements);
    this.CONSUME(RightBrace);
    this.CONSUME(LineEnd);
    return { statements, open: spanOf(open.startOffset, this.lines) };
  });

  readonly word = this.RULE('word', (): Word => {
    const token: IToken = this.OR([{ ALT: () => this.CONSUME(Plain) }, { ALT: () => this.CONSUME(Quoted) }]);
    return {
      text: token.image,
      quoted: token.tokenType === Quoted,
      span: spanOf(token.startOffset, this.lines, (token.endOffset ?? token.startOffset) - token.startOffset + 1),
    };
  });
}

let parser: ShapeParser | undefined;

/** The statements of balanced tokens. One parser serves all calls: building it is most of the cost of a small file. */
export function parseShapes(tokens: IToken[], lines: readonly SourceLine[]): readonly Statement[] {
  parser ??= new ShapeParser();
  parser.input = tokens;
  parser.lines = lines;
  const statements = parser.file();
  const [error] = parser.errors;
  // The lexer hands over balanced blocks, which the grammar accepts whatever they hold.
  if (error !== undefined) throw new Error(`the grammar refused what the lexer gave: ${error.message}`);
  parser.lines = [];
  return statements;
}
