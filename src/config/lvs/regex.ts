import { splitCommand } from '../../parser/index.ts';
import { defined } from '../defined.ts';
import type { HttpUrl } from '../model/checkers.ts';
import type { Findings, Reading } from '../read.ts';
import { bracketProblem } from './regex-brackets.ts';

type RegexSettings = Pick<
  HttpUrl,
  'regex' | 'regexNoMatch' | 'regexOptions' | 'regexMinOffset' | 'regexMaxOffset' | 'regexStack'
>;

/** The regex of a url, with all that belongs to it. The reference's config test says nothing of what is wrong here. */
export function readRegex(findings: Findings, object: string, reading: Reading): RegexSettings {
  const regex = readPattern(findings, object, reading);
  const regexOptions = readOptions(findings, object, reading);
  if (regex === undefined) tellUnused(findings, object, reading);
  else tellInvalid(findings, object, reading, regex, regexOptions);
  return {
    ...defined({ regex, ...readOffsets(findings, object, reading), regexStack: readStack(findings, object, reading) }),
    regexNoMatch: reading.flag('regex_no_match'),
    regexOptions,
  };
}

/** One word, in quotes of either kind where it has blanks. Backslashes escape as in C, so the pattern's own are written twice. */
function readPattern(findings: Findings, object: string, reading: Reading): string | undefined {
  const entry = reading.entry('regex');
  if (entry === undefined) return undefined;
  const { keyword, raw } = entry.statement;
  const words = splitCommand(raw.slice(keyword.text.length), '2.4.3');
  if (words.length === 1) return words[0];
  findings.error(
    'bad-argument',
    keyword.span,
    `'regex' in a url of ${object} has ${String(words.length)} words and is ignored`,
    'put it in quotes',
    'none',
  );
  return undefined;
}

function tellUnused(findings: Findings, object: string, reading: Reading): void {
  const unused = reading.entries.find(({ keyword }) => keyword.name.startsWith('regex_'));
  if (unused === undefined || reading.has('regex')) return;
  const { keyword } = unused.statement;
  findings.error(
    'missing-keyword',
    keyword.span,
    `'${keyword.text}' in a url of ${object} is for a regex, of which there is none`,
    "add 'regex PATTERN', or remove the line",
    'none',
  );
}

/** The reference takes such a line, and its checks end with a crash. */
function tellInvalid(
  findings: Findings,
  object: string,
  reading: Reading,
  regex: string,
  options: readonly string[],
): void {
  const problem = (findings.host.regexProblem ?? bracketProblem)(regex, options);
  const { keyword, args } = reading.entry('regex')?.statement ?? {};
  if (problem === undefined || keyword === undefined) return;
  findings.error(
    'bad-regex',
    (args?.[0] ?? keyword).span,
    `the regex of a url of ${object} cannot be used: ${problem}`,
    'its check will always fail; write backslashes twice',
    'none',
  );
}

function readOffsets(
  findings: Findings,
  object: string,
  reading: Reading,
): { readonly regexMinOffset?: number; readonly regexMaxOffset?: number } {
  const [min, max] = [reading.number('regex_min_offset'), reading.number('regex_max_offset')];
  if (min === undefined || max === undefined || min <= max)
    return defined({ regexMinOffset: min, regexMaxOffset: max });
  const span = reading.entry('regex_max_offset')?.statement.keyword.span;
  if (span !== undefined) {
    findings.error(
      'regex-offsets',
      span,
      `regex_min_offset ${String(min)} of a url of ${object} is more than regex_max_offset ${String(max)}: both are ignored`,
      'the least comes first',
      'none',
    );
  }
  return {};
}

/** Those of pcre2_compile(3), in lower case without PCRE2_. Of others the reference says nothing. */
const pcre2Options: ReadonlySet<string> = new Set(
  (
    'allow_empty_class alt_bsux alt_circumflex alt_verbnames anchored auto_callout caseless dollar_endonly dotall dupnames endanchored ' +
    'extended extended_more firstline literal match_invalid_utf match_unset_backref multiline never_backslash_c never_ucp never_utf ' +
    'no_auto_capture no_auto_possess no_dotstar_anchor no_start_optimize no_utf_check ucp ungreedy use_offset_limit utf'
  ).split(' '),
);

function readOptions(findings: Findings, object: string, reading: Reading): readonly string[] {
  const words = reading.all('regex_options').flatMap(({ statement }) => statement.args);
  return words.flatMap(({ text, span }) => {
    if (pcre2Options.has(text)) return [text];
    findings.error(
      'bad-argument',
      span,
      `'regex_options ${text}' in a url of ${object} is not valid`,
      "it takes PCRE2's options, such as caseless, multiline and dotall",
      'none',
    );
    return [];
  });
}

function readStack(findings: Findings, object: string, reading: Reading): HttpUrl['regexStack'] {
  const entry = reading.entry('regex_stack');
  if (entry === undefined) return undefined;
  const [start = Number.NaN, max = Number.NaN] = entry.statement.args.map(({ text }) =>
    /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN,
  );
  if (start >= 1 && start <= max) return { start, max };
  findings.error(
    'bad-argument',
    entry.statement.keyword.span,
    `'regex_stack' in a url of ${object} is not valid`,
    'it takes the bytes to begin with, and the most that it may be',
    'none',
  );
  return undefined;
}
