import type { Statement } from '../../parser/index.ts';
import type { TrackEntry } from '../model/values.ts';
import type { TrackLists } from '../model/tracking.ts';
import type { Findings, Reading } from '../read.ts';

export function trackLists(findings: Findings, object: string, reading: Reading): TrackLists {
  const list = (keyword: string): readonly TrackEntry[] =>
    unique(findings, object, keyword, reading.lines(keyword)).flatMap(
      (line) => trackEntry(findings, object, keyword, line) ?? [],
    );
  return {
    trackInterface: list('track_interface'),
    trackScript: list('track_script'),
    trackProcess: list('track_process'),
    trackFile: list('track_file'),
    trackBfd: list('track_bfd'),
  };
}

function unique(
  findings: Findings,
  object: string,
  keyword: string,
  entries: readonly Statement[],
): readonly Statement[] {
  const seen = new Set<string>();
  return entries.filter(({ keyword: name }) => {
    if (!seen.has(name.text)) return seen.add(name.text);
    findings.error(
      'duplicate-entry',
      name.span,
      `'${keyword}' of ${object} names ${name.text} twice`,
      'the first counts',
    );
    return false;
  });
}

/** An instance goes to FAULT with its own interface anyway. */
export function withoutOwnInterface(
  findings: Findings,
  object: string,
  lists: TrackLists,
  interfaceName: string | undefined,
): TrackLists {
  const own = lists.trackInterface.find(({ name }) => name === interfaceName);
  if (own === undefined) return lists;
  findings.warning(
    'own-interface-tracked',
    own.span,
    `track_interface ${own.name} of ${object} is its own interface: ignored`,
    'remove it: an instance is always in FAULT while its own interface is down',
  );
  return { ...lists, trackInterface: lists.trackInterface.filter((entry) => entry.name !== interfaceName) };
}

/** The words that may follow a weight, and the weights that may be written, where the reference differs from list to list. */
const limits: Readonly<Record<string, { readonly most: number; readonly noreverse: boolean }>> = {
  track_interface: { most: 254, noreverse: false },
  track_bfd: { most: 253, noreverse: true },
};
/** Lists in which 254 stands for 253, the most that a priority can be moved by. */
const reduced: ReadonlySet<string> = new Set(['track_interface', 'track_script']);

function trackEntry(
  findings: Findings,
  object: string,
  keyword: string,
  { keyword: name, args }: Statement,
): TrackEntry | undefined {
  const [word, value, direction] = args.map((arg) => arg.text);
  const { most, noreverse } = limits[keyword] ?? { most: 254, noreverse: true };
  if (word === undefined) return { name: name.text, span: name.span };
  const weight = /^[+-]?\d{1,3}$/.test(value ?? '') ? Number(value) : Number.NaN;
  const directionFits = direction === undefined || direction === 'reverse' || (noreverse && direction === 'noreverse');
  if (word !== 'weight' || !(Math.abs(weight) <= most) || !directionFits) {
    findings.error(
      'bad-argument',
      name.span,
      `'${keyword}' entry '${[name.text, word, value, direction].filter((text) => text !== undefined).join(' ')}' in ${object} is not valid`,
      `it takes NAME [weight -${String(most)}..${String(most)} [reverse${noreverse ? '|noreverse' : ''}]]`,
    );
    return undefined;
  }
  const reverse = direction === undefined ? {} : { reverse: direction === 'reverse' };
  if (Math.abs(weight) < 254 || !reduced.has(keyword)) return { name: name.text, span: name.span, weight, ...reverse };
  const used = Math.sign(weight) * 253;
  findings.warning(
    'bad-argument',
    name.span,
    `weight ${String(weight)} of '${keyword}' entry ${name.text} in ${object} is too much`,
    `${String(used)} is used`,
  );
  return { name: name.text, span: name.span, weight: used, ...reverse };
}
