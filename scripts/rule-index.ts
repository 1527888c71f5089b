/** Writes docs/rules/README.md, the list of all lint rules; a test compares the two. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { format } from 'prettier';
import { allRules, type RuleInfo } from '../src/lint/index.ts';

const kinds: Readonly<Record<RuleInfo['kind'], string>> = {
  reader: 'What the reader of a configuration finds',
  rule: 'What can be seen in one configuration',
  peer: 'What shows beside another director of the cluster (`--peer`)',
  change: 'What a change does (`--previous`)',
};

/** The list as Markdown, formatted as the repository's other pages. */
export async function ruleIndex(): Promise<string> {
  const rules = allRules();
  const sections = Object.entries(kinds).map(([kind, title]) => {
    const rows = rules
      .filter((rule) => rule.kind === kind)
      .map(({ id, severity, title: what }) => `| [${id}](${id}.md) | ${severity} | ${what} |`);
    return [`## ${title}`, '', '| rule | severity | finds |', '| --- | --- | --- |', ...rows].join('\n');
  });
  const text = [
    '# Rules',
    '',
    `The ${String(rules.length)} rules of \`watchkeeper lint\`, each with a page: what, why, how to mend it, when to ignore it. Their ids are permanent.`,
    '_error_: cannot be meant; _warning_: very probably a mistake; _info_: advice, told with `--level info`.',
    '',
    sections.join('\n\n'),
  ].join('\n');
  return format(text, { parser: 'markdown', printWidth: 120 });
}

if (process.argv[1] === import.meta.filename)
  writeFileSync(path.join(import.meta.dirname, '../docs/rules/README.md'), await ruleIndex());
