import { printable } from '../core/index.ts';

/** One check, run once. */
export interface CheckRow {
  readonly virtualServer: string;
  readonly server: string;
  /** The keyword, and what it asks where there are several: `HTTP_GET /a`. */
  readonly check: string;
  readonly result: 'ok' | 'failed' | 'not run';
  readonly timeMs: number;
  readonly why: string;
  /** What it says of the weight, as its kind has it: a new one, or what is added. */
  readonly weight?: number;
  /** What is to be mended though it may be well. */
  readonly warning?: string;
}

export interface CheckSummary {
  readonly ok: number;
  readonly failed: number;
  readonly notRun: number;
}

const headings = ['SERVER', 'CHECK', 'RESULT', 'TIME', 'WHY'] as const;

/** A table for each virtual server, its columns as wide as those of the others. */
export function checksAsText(rows: readonly CheckRow[]): string {
  const cells = rows.map((row) => ({ of: row.virtualServer, line: cellsOf(row).map(printable) }));
  const widths = headings.map((heading, i) =>
    Math.max(heading.length, ...cells.map(({ line }) => line[i]?.length ?? 0)),
  );
  const aligned = (line: readonly string[]): string =>
    line
      .map((cell, i) =>
        i === line.length - 1 ? cell : i === 3 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const lines: string[] = [];
  let before: string | undefined;
  for (const { of, line } of cells) {
    if (of !== before)
      lines.push(...(before === undefined ? [] : ['']), `virtual_server ${printable(of)}`, aligned(headings));
    before = of;
    lines.push(aligned(line));
  }
  const { ok, failed, notRun } = summaryOf(rows);
  const counts = [
    `${String(ok)} ok`,
    `${String(failed)} failed`,
    ...(notRun === 0 ? [] : [`${String(notRun)} not run`]),
  ];
  return `${[...lines, '', counts.join(', ')].join('\n')}\n`;
}

/** Keys are permanent; `formatVersion` grows when one changes its meaning. */
export function checksAsJson(file: string, rows: readonly CheckRow[]): string {
  const report = { formatVersion: 1, program: 'watchkeeper', file, checks: rows, summary: summaryOf(rows) };
  return `${JSON.stringify(report, null, 2)}\n`;
}

export function summaryOf(rows: readonly CheckRow[]): CheckSummary {
  const count = (result: CheckRow['result']): number => rows.filter((row) => row.result === result).length;
  return { ok: count('ok'), failed: count('failed'), notRun: count('not run') };
}

function cellsOf({ server, check, result, timeMs, why, warning }: CheckRow): readonly string[] {
  const time = result === 'not run' ? '-' : `${String(Math.round(timeMs))} ms`;
  return [server, check, result, time, warning === undefined ? why : `${why}; warning: ${warning}`];
}
