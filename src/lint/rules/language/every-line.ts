import type { Statement } from '../../../parser/index.ts';

/** All lines of all blocks in their order, those of value blocks and of blocks that nobody knows included. */
export function* everyLine(statements: readonly Statement[]): Generator<Statement> {
  const open = [{ statements, next: 0 }];
  for (let level = open.at(-1); level !== undefined; level = open.at(-1)) {
    const statement = level.statements[level.next++];
    if (statement === undefined) {
      open.pop();
      continue;
    }
    yield statement;
    if (statement.block !== undefined) open.push({ statements: statement.block.statements, next: 0 });
  }
}
