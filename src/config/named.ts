import type { Statement } from '../parser/index.ts';
import { lineSpan } from './arguments.ts';
import type { Entry, Findings, Reading } from './read.ts';

/** How the reference takes an object without a name, and a second one of the same name. */
interface Naming {
  readonly missing: 'general' | 'missing-parameter';
  readonly unique: boolean;
}

const namings: Readonly<Record<string, Naming>> = {
  vrrp_instance: { missing: 'general', unique: true },
  vrrp_sync_group: { missing: 'general', unique: true },
  track_group: { missing: 'general', unique: true },
  bfd_instance: { missing: 'general', unique: true },
  vrrp_script: { missing: 'missing-parameter', unique: false },
  vrrp_track_process: { missing: 'missing-parameter', unique: false },
  track_file: { missing: 'missing-parameter', unique: false },
  vrrp_track_file: { missing: 'missing-parameter', unique: false },
};

const oneWord: ReadonlySet<string> = new Set(['vrrp_instance', 'vrrp_sync_group', 'track_group']);

/** These take no further word behind the name, as the others do. */
export function reportTwoNames(
  findings: Findings,
  statement: Statement,
  configClass: 'general' | 'missing-parameter',
): void {
  const { keyword, args } = statement;
  const names = args.map(({ text }) => text);
  findings.error(
    'two-names',
    lineSpan(statement),
    `${keyword.text} '${names.join(' ')}' has a name of ${String(names.length)} words: keepalived ${
      configClass === 'general' ? 'skips the block' : 'ends with an error'
    }`,
    `make it one word: ${keyword.text} ${names.join('_')}`,
    configClass,
  );
}

/** The objects of one kind; of a name that is given twice the first counts where the reference refuses the second. */
export function named<T>(
  findings: Findings,
  root: Reading,
  keyword: keyof typeof namings,
  build: (name: string, entry: Entry) => T | undefined,
): readonly T[] {
  const { missing, unique } = namings[keyword] ?? { missing: 'general', unique: false };
  const seen = new Set<string>();
  return root.all(keyword).flatMap((entry) => {
    const name = entry.statement.args[0]?.text;
    if (name === undefined) {
      findings.error(
        'missing-argument',
        entry.statement.keyword.span,
        `'${keyword}' lacks its name`,
        "it takes a name before its '{'; the block is ignored",
        missing,
      );
      return [];
    }
    if (oneWord.has(keyword) && entry.statement.args.length > 1) {
      reportTwoNames(findings, entry.statement, 'general');
      return [];
    }
    if (unique && seen.has(name)) {
      findings.error(
        'duplicate-object',
        entry.statement.keyword.span,
        `${keyword} ${name} is defined twice`,
        'the second definition is ignored: give it another name',
      );
      return [];
    }
    seen.add(name);
    return build(name, entry) ?? [];
  });
}
