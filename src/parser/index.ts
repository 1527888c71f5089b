export type { Block, DiagnosticClass, ParseDiagnostic, Statement, SyntaxTree, Word } from './tree.ts';
export type { FileProblem, FileSource } from './file-source.ts';
export { parseConfig, type ParsedConfig, type ParseOptions } from './parse.ts';
export { layoutOf, printLayout, readLayout, type Layout, type LayoutLine, type Piece } from './layout.ts';
export { splitCommand } from './command.ts';
export { defaultTarget, isLater, parseTarget, rulesOf, type Target } from './target.ts';
export { grammarText } from './grammar-text.ts';
export { parserCodes } from './codes.ts';
export { SourceFile } from './source-text.ts';
