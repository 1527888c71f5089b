/** One thing that was measured of both, in the unit that `what` names. */
export interface Row {
  readonly what: string;
  readonly keepalived: readonly number[];
  readonly watchkeeper: readonly number[];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[Math.max(0, middle - 1)] ?? Number.NaN, sorted[middle] ?? Number.NaN];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

/** Median and worst of both, and the ratio of the medians: below 1 Watchkeeper is better. */
export function printTable(title: string, rows: readonly Row[]): void {
  const number = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(2));
  const cells = rows.map(({ what, keepalived, watchkeeper }) => [
    what,
    `${number(median(keepalived))} (${number(Math.max(...keepalived))})`,
    `${number(median(watchkeeper))} (${number(Math.max(...watchkeeper))})`,
    (median(watchkeeper) / median(keepalived)).toFixed(2),
  ]);
  const head = [title, 'keepalived: median (worst)', 'watchkeeper: median (worst)', 'ratio'];
  const all = [head, ...cells];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  console.log('');
  for (const row of all) {
    console.log(
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    );
  }
}

export function progress(text: string): void {
  console.error(`· ${text}`);
}
