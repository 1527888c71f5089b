import type { SourceSpan } from '../core/index.ts';
import { findKeyword, type Config, type Configured, type Keyword, type LoadedConfig } from '../config/index.ts';
import type { SourceFile, Statement } from '../parser/index.ts';
import type { Facts } from './facts.ts';

/** A line with the block that it stands in, as the keyword tables name it. */
export interface PlacedLine {
  readonly statement: Statement;
  /** `(root)`, `vrrp_instance`, `virtual_server/real_server/HTTP_GET`, … */
  readonly block: string;
  /** Absent for a word that is no keyword there. Lines of value blocks (addresses, members) are not listed. */
  readonly keyword?: Keyword;
  /** The block's own line; absent at the top level. */
  readonly within?: Statement;
}

/** One director's configuration as the rules see it: the typed model, and the lines that it was read from. */
export class Director {
  readonly config: Config;
  readonly statements: readonly Statement[];
  readonly sources: ReadonlyMap<string, SourceFile>;
  readonly facts: Facts | undefined;
  #lines: readonly PlacedLine[] | undefined;
  #byKeyword: Map<string, Map<string, PlacedLine[]>> | undefined;
  #byPlace: Map<string, Map<number, Statement>> | undefined;

  constructor(loaded: LoadedConfig, facts: Facts | undefined) {
    this.config = loaded.config;
    this.statements = loaded.statements;
    this.sources = new Map(loaded.sources.map((source) => [source.path, source]));
    this.facts = facts;
  }

  /** All keyword lines of all blocks in their order. */
  get lines(): readonly PlacedLine[] {
    if (this.#lines === undefined) {
      const lines: PlacedLine[] = [];
      collect(lines, '(root)', undefined, this.statements);
      this.#lines = lines;
    }
    return this.#lines;
  }

  /** The lines of this keyword in blocks of this path. */
  linesOf(block: string, keyword: string): readonly PlacedLine[] {
    if (this.#byKeyword === undefined) {
      this.#byKeyword = new Map();
      for (const line of this.lines) {
        const ofBlock = ensure(this.#byKeyword, line.block, () => new Map<string, PlacedLine[]>());
        ensure(ofBlock, line.statement.keyword.text, () => []).push(line);
      }
    }
    return this.#byKeyword.get(block)?.get(keyword) ?? [];
  }

  /** The last line of this keyword in an object's block: the one that counts. */
  line(object: Configured, keyword: string): Statement | undefined {
    return this.#header(object.span)?.block?.statements.findLast((line) => line.keyword.text === keyword);
  }

  /** Where that line stands; the object's own line where it has none. */
  at(object: Configured, keyword: string): SourceSpan {
    const line = this.line(object, keyword);
    return line === undefined ? this.header(object) : spanOf(line);
  }

  /** The line that begins an object's block: keyword and name. */
  header(object: Configured): SourceSpan {
    const header = this.#header(object.span);
    return header === undefined ? object.span : spanOf(header);
  }

  #header({ file, line, column }: SourceSpan): Statement | undefined {
    if (this.#byPlace === undefined) {
      this.#byPlace = new Map();
      for (const { statement } of this.lines) {
        if (statement.block === undefined) continue;
        const { span } = statement.keyword;
        const ofFile = ensure(this.#byPlace, span.file, () => new Map<number, Statement>());
        const place = placeOf(span.line, span.column);
        if (!ofFile.has(place)) ofFile.set(place, statement);
      }
    }
    return this.#byPlace.get(file)?.get(placeOf(line, column));
  }
}

function ensure<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

/** Line and column in one number: a line is never longer than a file may be. */
function placeOf(line: number, column: number): number {
  return line * 2 ** 30 + column;
}

/** From the keyword to the last word of a line. */
export function spanOf(statement: Statement): SourceSpan {
  const first = statement.keyword.span;
  const last = (statement.args.at(-1) ?? statement.keyword).span;
  return { ...first, endLine: last.endLine, endColumn: last.endColumn };
}

/** The words of a line as a message shows them. */
export function textOf(statement: Statement): string {
  return [statement.keyword, ...statement.args].map((word) => word.text).join(' ');
}

function collect(
  lines: PlacedLine[],
  block: string,
  within: Statement | undefined,
  statements: readonly Statement[],
): void {
  for (const statement of statements) {
    const keyword = findKeyword(block, statement.keyword.text);
    lines.push({
      statement,
      block,
      ...(keyword === undefined ? {} : { keyword }),
      ...(within === undefined ? {} : { within }),
    });
    if (statement.block === undefined || keyword?.args.kind !== 'block') continue;
    const inner = block === '(root)' ? statement.keyword.text : `${block}/${statement.keyword.text}`;
    collect(lines, inner, statement, statement.block.statements);
  }
}
