import type { Statement } from '../parser/index.ts';
import type { TrackEntry } from './model/values.ts';
import type { TrackLists } from './model/vrrp.ts';
import type { Findings, Reading } from './read.ts';

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

function trackEntry(
  findings: Findings,
  object: string,
  keyword: string,
  { keyword: name, args }: Statement,
): TrackEntry | undefined {
  const [word, value, direction] = args.map((arg) => arg.text);
  const reverse = direction === 'reverse' ? { reverse: true } : {};
  if (word === undefined) return { name: name.text, span: name.span };
  const weight = /^[+-]?\d{1,3}$/.test(value ?? '') ? Number(value) : Number.NaN;
  if (word === 'weight' && weight >= -254 && weight <= 254)
    return { name: name.text, span: name.span, weight, ...reverse };
  findings.error(
    'bad-argument',
    name.span,
    `'${keyword}' entry '${name.text} ${word} ${value ?? ''}' in ${object} is not valid`,
    'it takes NAME [weight -254..254 [reverse]]',
  );
  return undefined;
}
