export { parseConfig, type ParseOptions, type ParsedConfig } from './parse.ts';
export type { FileSource, FileProblem } from './file-source.ts';
export type { Word, Statement, Block, SyntaxTree, ParseDiagnostic, DiagnosticClass } from './tree.ts';
export { splitCommand } from './command.ts';
