import type { Block, Statement } from '../parser/index.ts';
import { findKeyword, hasKeywords } from './keywords/table.ts';
import { missingBlock, type Findings } from './read.ts';

/**
 * The statements as the reference takes them: it does not skip the block of a keyword that it does not know. The lines in it count
 * as lines of the block around it, its '}' ends that block, and what follows belongs one level further out. And it misses no '{':
 * a keyword that takes a block has what follows it, up to the next '}' that ends a block.
 */
export function readFlat(findings: Findings, { statements, extensions }: Lines): Lines {
  if (!isUneven('(root)', statements)) return { statements, extensions };
  const events: Event[] = [];
  linearize(statements, events);
  return new FlatReader(findings, events).read(extensions);
}

type Lines = Pick<Block, 'statements' | 'extensions'>;

type Event = Statement | 'close';

/** Made once for each: there are few, and they are asked for at every block. */
const innerPaths = new Map<string, Map<string, string>>();

function innerPath(path: string, name: string): string {
  if (path === '(root)') return name;
  let inner = innerPaths.get(path);
  if (inner === undefined) innerPaths.set(path, (inner = new Map<string, string>()));
  let whole = inner.get(name);
  if (whole === undefined) inner.set(name, (whole = `${path}/${name}`));
  return whole;
}

type Shape = 'keywords' | 'values' | 'unknown';

function shapeOf(path: string, name: string): Shape {
  const kind = findKeyword(path, name)?.args.kind;
  if (kind === 'lines') return 'values';
  if (kind !== 'block') return 'unknown';
  return hasKeywords(innerPath(path, name)) ? 'keywords' : 'values';
}

/** Whether a block has no keyword, or a keyword no block. */
function isUneven(path: string, statements: readonly Statement[]): boolean {
  return statements.some(({ keyword, block }) => {
    const shape = shapeOf(path, keyword.text);
    if (block === undefined) return shape === 'keywords';
    return shape === 'unknown' || (shape === 'keywords' && isUneven(innerPath(path, keyword.text), block.statements));
  });
}

function linearize(statements: readonly Statement[], events: Event[]): void {
  for (const statement of statements) {
    events.push(statement);
    if (statement.block === undefined) continue;
    linearize(statement.block.statements, events);
    events.push('close');
  }
}

interface Level {
  readonly path: string;
  /** The statement whose block this is; the top level has none. */
  readonly owner?: { readonly statement: Statement; readonly block: Block };
  readonly statements: Statement[];
  /** Of this block, and of unknown ones in it. */
  readonly extensions: Statement[];
}

class FlatReader {
  readonly #findings: Findings;
  readonly #events: readonly Event[];

  constructor(findings: Findings, events: readonly Event[]) {
    this.#findings = findings;
    this.#events = events;
  }

  read(extensions: readonly Statement[]): Lines {
    const root: Level = { path: '(root)', statements: [], extensions: [...extensions] };
    const levels: Level[] = [root];
    // Value blocks are kept whole: the number of their braces that are still open.
    let inValues = 0;
    for (const event of this.#events) {
      const level = levels.at(-1) ?? root;
      if (event === 'close') {
        if (inValues > 0) inValues--;
        else if (levels.length > 1) {
          levels.pop();
          (levels.at(-1) ?? root).statements.push(...closed(level));
        }
        continue;
      }
      if (inValues > 0) {
        if (event.block !== undefined) inValues++;
        continue;
      }
      const { block } = event;
      const name = event.keyword.text;
      const shape = shapeOf(level.path, name);
      if (shape === 'keywords') {
        const own = block ?? this.#lacking(level, event);
        levels.push({
          path: innerPath(level.path, name),
          owner: { statement: event, block: own },
          statements: [],
          extensions: [...own.extensions],
        });
      } else if (block === undefined) level.statements.push(event);
      else if (shape === 'unknown') {
        level.statements.push(this.#opened(level, event));
        for (const extension of block.extensions) level.extensions.push(extension);
      } else {
        level.statements.push(event);
        inValues = 1;
      }
    }
    while (levels.length > 1) {
      const level = levels.pop() ?? root;
      (levels.at(-1) ?? root).statements.push(...closed(level));
    }
    return root;
  }

  #lacking(level: Level, statement: Statement): Block {
    missingBlock(
      this.#findings,
      nameOf(level),
      statement,
      "what follows up to the next '}' is taken for it: write the '{'",
    );
    const { span } = statement.keyword;
    return { statements: [], extensions: [], open: span, close: span, closed: false };
  }

  #opened(level: Level, { keyword, args, raw }: Statement): Statement {
    if (keyword.text === '' && !keyword.quoted) return { keyword, args, raw };
    const around = nameOf(level);
    this.#findings.warning(
      'block-of-unknown',
      keyword.span,
      `the block of '${keyword.text}' is read as lines of ${around}${level.owner === undefined ? '' : ", which its '}' ends"}`,
      'correct the keyword, or remove the whole block',
    );
    return { keyword, args, raw };
  }
}

function nameOf({ owner }: Level): string {
  return owner === undefined ? 'the top level' : owner.statement.keyword.text;
}

function closed({ owner, statements, extensions }: Level): readonly Statement[] {
  return owner === undefined ? statements : [{ ...owner.statement, block: { ...owner.block, statements, extensions } }];
}
