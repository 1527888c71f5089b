import { createToken, Lexer } from 'chevrotain';

/** The shapes that lines are made of. The lexer is our own: quoting and comments follow the reference's rules, line by line. */
export const Plain = createToken({ name: 'Word', pattern: Lexer.NA });
export const Quoted = createToken({ name: 'QuotedString', pattern: Lexer.NA });
export const LeftBrace = createToken({ name: 'LeftBrace', pattern: Lexer.NA });
export const RightBrace = createToken({ name: 'RightBrace', pattern: Lexer.NA });
export const LineEnd = createToken({ name: 'LineEnd', pattern: Lexer.NA });

export const allTokens = [Plain, Quoted, LeftBrace, RightBrace, LineEnd];
