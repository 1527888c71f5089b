import type { BlockShape } from '../../parser/index.ts';
import { findKeyword, keywordsOf } from './table.ts';

const list: BlockShape = { values: true, nameWords: 0, line: () => undefined };
const namedList: BlockShape = { ...list, nameWords: 1 };
const shapes = new Map<string, BlockShape>();

/** What names mean at the top level and in its blocks, for the parser to see where a brace is missing or too many. */
export function blockShape(path = '(root)'): BlockShape {
  let shape = shapes.get(path);
  if (shape === undefined)
    shapes.set(path, (shape = { values: false, nameWords: 0, line: (name) => meaning(path, name) }));
  return shape;
}

function meaning(path: string, name: string): ReturnType<BlockShape['line']> {
  const kind = findKeyword(path, name)?.args.kind;
  if (kind === undefined) return undefined;
  if (kind !== 'block' && kind !== 'lines') return 'plain';
  const inner = path === '(root)' ? name : `${path}/${name}`;
  if (kind === 'block' && keywordsOf(inner).length > 0) return blockShape(inner);
  return name === 'virtual_server_group' ? namedList : list;
}
