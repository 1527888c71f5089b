import { EmbeddedActionsParser, type IToken } from 'chevrotain';
import { allTokens, LeftBrace, RightBrace, SourceBlock, Words, type Brace, type Line } from './tokens.ts';
import type { Block, Statement } from './tree.ts';

/**
 * The grammar of shapes; names of keywords are in no rule:
 *
 *   file       : statements
 *   statements : (Words block?)*
 *   block      : LeftBrace statements RightBrace
 */
export class ShapeParser extends EmbeddedActionsParser {
  constructor() {
    super(allTokens, { maxLookahead: 1, skipValidations: true });
    this.performSelfAnalysis();
  }

  readonly file = this.RULE('file', (): readonly Statement[] => this.SUBRULE(this.statements));

  readonly statements = this.RULE('statements', (): readonly Statement[] => {
    const list: Statement[] = [];
    this.MANY(() => {
      const statement = this.CONSUME(Words) as Line;
      list.push(statement);
      this.OPTION(() => {
        const block = this.SUBRULE(this.block);
        if (!this.RECORDING_PHASE) statement.block = block;
      });
    });
    // An array that grew has room to spare, a copy has none: most of these are short, and there are hundreds of thousands.
    return list.slice();
  });

  readonly block = this.RULE('block', (): Block => {
    const open = this.CONSUME(LeftBrace) as Brace;
    const statements = this.SUBRULE(this.statements);
    const close = this.CONSUME(RightBrace) as Brace;
    return new SourceBlock(statements, open, close);
  });
}

let parser: ShapeParser | undefined;

/** The statements of balanced tokens. One parser serves all calls: building it is most of the cost of a small file. */
export function parseShapes(tokens: IToken[]): readonly Statement[] {
  parser ??= new ShapeParser();
  parser.input = tokens;
  const statements = parser.file();
  const [error] = parser.errors;
  // The lexer hands over balanced blocks, which the grammar accepts whatever they hold.
  if (error !== undefined) throw new Error(`the grammar refused what the lexer gave: ${error.message}`);
  parser.input = [];
  return statements;
}
