import type { SourceSpan } from '../core/index.ts';
import type { PlanPreview } from '../daemon/index.ts';

export interface PlanReport {
  /** What is compared: a table or a configuration with a configuration. */
  readonly from: string;
  readonly to: string;
  readonly preview: PlanPreview;
  readonly notes: readonly string[];
}

/** Like a diff: `+` is made, `-` goes, `~` changes, and `=` is left alone. */
export function planAsText({ from, to, preview: { steps, leftAlone }, notes }: PlanReport): string {
  const rows = [
    ...steps.map(({ line, why, span }) => [line, `${why}${span === undefined ? '' : ` (${place(span)})`}`] as const),
    ...leftAlone.map(({ text, servers }) => [`= ${text} with its ${count(servers, 'server')}`, notOurs] as const),
  ];
  const width = Math.min(80, Math.max(0, ...rows.map(([line]) => line.length)));
  const lines = rows.map(([line, why]) => `${line.padEnd(width)}  # ${why}`);
  return `${[`--- ${from}`, `+++ ${to}`, ...lines, summary(steps.length, leftAlone.length), ...notes].join('\n')}\n`;
}

const notOurs = 'not in the configuration: left alone';

function summary(changes: number, left: number): string {
  const done = changes === 0 ? 'Nothing to do' : count(changes, 'change');
  return left === 0 ? done : `${done}; ${count(left, 'service')} of others left alone`;
}

/** Keys are permanent; `formatVersion` grows when one changes its meaning. */
export function planAsJson({ from, to, preview: { steps, leftAlone }, notes }: PlanReport): string {
  const changes = steps.map(({ operation, line, ...reason }) => ({ ...operation, ...reason, text: line }));
  const summary = { changes: steps.length, leftAlone: leftAlone.length };
  const report = { formatVersion: 1, program: 'watchkeeper', from, to, changes, leftAlone, notes, summary };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function place({ file, line }: SourceSpan): string {
  return `${file}:${String(line)}`;
}

function count(number: number, what: string): string {
  return `${String(number)} ${what}${number === 1 ? '' : 's'}`;
}
