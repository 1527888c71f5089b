import type { Statement, Word } from '../parser/index.ts';
import { blocksOfExtension, findExtension, nearestExtension, safeExtensionValue } from './keywords/extensions.ts';
import { lineSpan, readArguments } from './arguments.ts';
import { Reading, type Entry, type Findings } from './read.ts';

/** The extensions of all blocks: lines in comments that begin with `watchkeeper:`. What is wrong with one is a finding. */
export class Extensions {
  readonly #findings: Findings;
  /** By the keyword that begins their block. */
  readonly #ofBlocks = new Map<Word, Reading>();

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** Looks at the extensions at the top level, and at those of all blocks in `statements`. */
  read(statements: readonly Statement[], outside: readonly Statement[]): void {
    this.#reading('', 'the top level', outside);
    this.#blocks('', statements);
  }

  /** Those of the block that a line begins; undefined where there are none. */
  of({ keyword }: Statement): Reading | undefined {
    return this.#ofBlocks.get(keyword);
  }

  #blocks(around: string, statements: readonly Statement[]): void {
    for (const statement of statements) {
      const { keyword, args, block } = statement;
      if (block === undefined) continue;
      const path = `${around}${keyword.text}`;
      if (block.extensions.length > 0) {
        const object = [keyword, ...args].map(({ text }) => text).join(' ');
        this.#ofBlocks.set(keyword, this.#reading(path, object, block.extensions));
      }
      this.#blocks(`${path}/`, block.statements);
    }
  }

  #misplaced(object: string, { text, span }: Word): void {
    const [last = '', ...others] = blocksOfExtension(text)
      .map((block) => block.replace(/.*\//, ''))
      .reverse();
    const places = others.length === 0 ? last : `${others.reverse().join(', ')} or ${last}`;
    this.#findings.error(
      'misplaced-extension',
      span,
      `the extension '${text}' has no effect in ${object}`,
      `it belongs in ${places}`,
    );
  }

  #unknown(object: string, { text, span }: Word): void {
    const near = nearestExtension(text);
    this.#findings.error(
      'unknown-extension',
      span,
      text === '' ? `a comment in ${object} names no extension` : `unknown extension '${text}' in ${object}`,
      near === undefined ? 'docs/extensions.md lists them' : `did you mean '${near}'?`,
    );
  }

  #reading(path: string, object: string, extensions: readonly Statement[]): Reading {
    const entries = extensions.flatMap((statement) => this.#entry(path, object, statement) ?? []);
    const seen = new Set<string>();
    for (const { keyword, statement } of entries) {
      if (seen.has(keyword.name))
        this.#findings.error(
          'duplicate-keyword',
          statement.keyword.span,
          `the extension '${keyword.name}' is given twice in ${object}`,
          'the last counts: remove the others',
        );
      seen.add(keyword.name);
    }
    return new Reading(this.#findings, object, entries);
  }

  #entry(path: string, object: string, statement: Statement): Entry | undefined {
    const keyword = findExtension(statement.keyword.text);
    if (keyword === undefined) {
      this.#unknown(object, statement.keyword);
      return undefined;
    }
    if (!blocksOfExtension(keyword.name).includes(path)) {
      this.#misplaced(object, statement.keyword);
      return undefined;
    }
    const [first, extra] = statement.args;
    const read = readArguments(keyword, statement, this.#findings.rules);
    const wrong = (hint: string): void => {
      const line = [keyword.name, ...statement.args.map(({ text }) => text)].join(' ');
      this.#findings.error('bad-extension', lineSpan(statement), `'${line}' in ${object} is not valid`, hint);
    };
    if (!read.ok) {
      // A slip of the pen must not switch a protection off.
      const safe = safeExtensionValue(keyword.name);
      const used = safe === undefined ? '' : `: ${safe === true ? 'on' : String(safe)} is used`;
      wrong(`it takes ${read.error.takes}${used}`);
      return safe === undefined ? undefined : { keyword, statement, value: safe };
    }
    if (extra !== undefined) wrong('it takes one word, in double quotes where that has blanks');
    else if (keyword.args.kind === 'path' && first?.text.startsWith('/') === false)
      wrong('it takes a path from the root on; parameters are not replaced in comments');
    return { keyword, statement, value: read.value };
  }
}
