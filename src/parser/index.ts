export type { Block, DiagnosticClass, ParseDiagnostic, Statement, SyntaxTree, Target, Word } from './tree.ts';
export type { FileProblem, FileSource } from './file-source.ts';
export { parseConfig, type ParsedConfig, type ParseOptions } from './parse.ts';
export { printLayout, readLayout, type Layout, type LayoutLine, type Piece } from './layout.ts';
export { splitCommand } from './command.ts';
export { grammarText } from './grammar-text.ts';
export { parserCodes } from './codes.ts';
