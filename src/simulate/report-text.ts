import { seconds, some } from './judge.ts';
import type { Outcome } from './play.ts';
import type { VirtualRouter } from './routers.ts';
import { durationOf, spansOf, type Duration, type Shown, type Standing } from './timeline.ts';

/** Routers that always had the same masters are one column. */
export interface Column {
  readonly routers: readonly VirtualRouter[];
  readonly history: readonly Standing[];
}

const maxRows = 500;
const stripWidth = 72;
const marks: Readonly<Record<Shown, string>> = { MASTER: 'M', BACKUP: 'b', FAULT: 'F', INIT: 'i', off: '.' };
/** What a mark of the timeline shows where several things were so: the first of these. */
const mostTelling: readonly Shown[] = ['MASTER', 'FAULT', 'off', 'INIT', 'BACKUP'];

/** Who was MASTER when, how long nobody and how long two were, and what became of the expectations. */
export function outcomeAsText(outcome: Outcome): string {
  const columns = columnsOf(outcome);
  const parts = [
    directorLines(outcome),
    table([['time', 'what happens', ...columns.map(headOf)], ...rowsOf(outcome, columns)]),
    strips(outcome, columns),
    summary(outcome, columns),
    verdictLines(outcome),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

export function columnsOf({ routers, timeline }: Outcome): readonly Column[] {
  const columns = new Map<string, { routers: VirtualRouter[]; history: readonly Standing[] }>();
  for (const [r, router] of routers.entries()) {
    const history = timeline[r] ?? [];
    const key = history
      .map(({ atMs, masters, states }) => `${String(atMs)} ${masters.join()} ${states.join()}`)
      .join('|');
    const column = columns.get(key) ?? { routers: [], history };
    columns.set(key, column);
    column.routers.push(router);
  }
  return [...columns.values()];
}

function headOf({ routers }: Column): string {
  const names = routers.map(({ name }) => name);
  return names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${String(names.length - 3)} more`;
}

function directorLines({ setups, ports, seed }: Outcome): readonly string[] {
  const rows = setups.map(({ name, file }, d) => [
    name,
    file,
    (ports[d] ?? [])
      .map(({ ifname, link, addresses }) => `${ifname}${link === ifname ? '' : ` on ${link}`} ${addresses[0] ?? ''}`)
      .join(', '),
  ]);
  return [...table(rows), `seed ${String(seed)}`];
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [c, cell] of row.entries()) widths[c] = Math.max(widths[c] ?? 0, cell.length);
  return rows.map((row) =>
    row
      .map((cell, c) => cell.padEnd(widths[c] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function rowsOf({ events, endMs }: Outcome, columns: readonly Column[]): readonly (readonly string[])[] {
  const happened = new Map<number, string[]>([[0, ['start']]]);
  for (const { atMs, text } of events) happened.set(atMs, [...(happened.get(atMs) ?? []), text]);
  const times = new Set([...happened.keys(), ...columns.flatMap(({ history }) => changesOf(history))]);
  const ordered = [...times].filter((atMs) => atMs <= endMs).sort((a, b) => a - b);
  const next = columns.map(() => 0);
  const rows = ordered.flatMap((atMs) => {
    const cells = columns.map(({ history }, c) => {
      while ((history[(next[c] ?? 0) + 1]?.atMs ?? Number.POSITIVE_INFINITY) <= atMs) next[c] = (next[c] ?? 0) + 1;
      return cellOf(history[next[c] ?? 0]);
    });
    const what = happened.get(atMs) ?? [''];
    return what.map((text, i) => (i + 1 < what.length ? [clock(atMs), text] : [clock(atMs), text, ...cells]));
  });
  if (rows.length <= maxRows) return rows;
  return [...rows.slice(0, maxRows), ['…', `${String(rows.length - maxRows)} more: --format json has them`]];
}

/** When who is MASTER, or who answers, becomes another. */
function changesOf(history: readonly Standing[]): readonly number[] {
  return history.flatMap((standing, i) => (cellOf(standing) === cellOf(history[i - 1]) ? [] : [standing.atMs]));
}

function cellOf(standing: Standing | undefined): string {
  if (standing === undefined) return '';
  const { masters, holders } = standing;
  const others = holders.filter((name) => !masters.includes(name));
  return `${some(masters)}${others.length === 0 ? '' : ` (${some(others)} still answers)`}`;
}

function clock(ms: number): string {
  return seconds(ms).replace(/ s$/, '');
}

/** One line for each director, a mark for each part of the time. */
function strips({ setups, endMs }: Outcome, columns: readonly Column[]): readonly string[] {
  const name = Math.max(...setups.map((setup) => setup.name.length));
  const perMark = endMs / stripWidth;
  const lines = columns.flatMap((column) => {
    const [router] = column.routers;
    const own = (router?.members ?? []).map(({ director }, m) => {
      const line = Array.from({ length: stripWidth }, (_, k) => {
        const states = spansOf(column.history, k * perMark, (k + 1) * perMark).map(
          ({ states: all }) => all[m] ?? 'off',
        );
        return marks[mostTelling.find((state) => states.includes(state)) ?? 'off'];
      });
      return `  ${director.padEnd(name)}  ${line.join('')}`;
    });
    return [headOf(column), ...own];
  });
  const scale = `  ${' '.repeat(name)}  ${'0'.padEnd(stripWidth - seconds(endMs).length)}${seconds(endMs)}`;
  return [
    ...lines,
    scale,
    `  ${' '.repeat(name)}  M MASTER, b BACKUP, F FAULT, i not yet begun, . not running; ${seconds(perMark)} a mark`,
  ];
}

function summary({ setups, endMs }: Outcome, columns: readonly Column[]): readonly string[] {
  const head = [
    '',
    'changes',
    'nobody MASTER',
    'two MASTER',
    'two answer',
    ...setups.map(({ name }) => `${name} MASTER`),
  ];
  const rows = columns.map((column) => {
    const spans = spansOf(column.history, 0, endMs);
    const moves = spans.filter((span, i) => i > 0 && span.masters.join() !== spans[i - 1]?.masters.join()).length;
    return [
      headOf(column),
      String(moves),
      shown(durationOf(spans, ({ masters }) => masters.length === 0)),
      shown(durationOf(spans, ({ masters }) => masters.length > 1)),
      shown(durationOf(spans, ({ holders }) => holders.length > 1)),
      ...setups.map(({ name }) => seconds(durationOf(spans, ({ masters }) => masters.includes(name)).totalMs)),
    ];
  });
  return table([head, ...rows]);
}

function shown({ longestMs, longestAtMs, totalMs }: Duration): string {
  if (longestAtMs === undefined) return '0 s';
  const longest = longestMs === totalMs ? '' : `, longest ${seconds(longestMs)}`;
  return `${seconds(totalMs)}${longest} at ${clock(longestAtMs)}`;
}

function verdictLines({ verdicts }: Outcome): readonly string[] {
  const failed = verdicts.filter(({ held }) => !held);
  const lines = failed.flatMap(({ expectation: { span, text }, seen }) => [
    `${span.file}:${String(span.line)}:${String(span.column)}: failed: ${text}`,
    `    ${seen}`,
  ]);
  const all = String(verdicts.length);
  if (verdicts.length === 0) return [];
  return [
    ...lines,
    failed.length === 0 ? `all ${all} expectations held` : `${String(failed.length)} of ${all} expectations failed`,
  ];
}
