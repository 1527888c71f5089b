import type { Statement } from '../../../parser/index.ts';

/** All lines of all blocks, those of value blocks and of blocks that nobody knows included. */
export function* everyLine(statements: readonly Statement[]): Generator<Statement> {
  for (const statement of statements) {
    yield statement;
    if (statement.block !== undefined) yield* everyLine(statement.block.statements);
  }
}
