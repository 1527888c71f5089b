import type { Statement } from '../../../parser/index.ts';

/** Several rules ask for them, and there may be 600,000. */
const known = new WeakMap<readonly Statement[], readonly Statement[]>();

/** All lines of all blocks in their order, those of value blocks and of blocks that nobody knows included. */
export function everyLine(statements: readonly Statement[]): readonly Statement[] {
  let lines = known.get(statements);
  if (lines === undefined) {
    const all: Statement[] = [];
    collect(all, statements);
    known.set(statements, (lines = all));
  }
  return lines;
}

/** The parser keeps blocks from nesting deeper than a stack holds. */
function collect(all: Statement[], statements: readonly Statement[]): void {
  for (const statement of statements) {
    all.push(statement);
    if (statement.block !== undefined) collect(all, statement.block.statements);
  }
}
