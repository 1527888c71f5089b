/** Looks at the kernel's table now and then, and so seldom that looking takes next to no time of a processor. */

export interface TableWatchEdges {
  readonly periodMs: number;
  readonly check: () => Promise<void>;
  readonly nowMs: () => number;
  /** Calls `again` after a delay; the returned function prevents it. */
  readonly later: (delayMs: number, again: () => void) => () => void;
}

/** One part in so many of the time may go into looking. */
const shareOfTime = 50;

/** `periodMs`, or longer where a look takes long: a table of ten thousand servers is read in a second on a slow machine. */
export function nextLookMs(periodMs: number, tookMs: number): number {
  return Math.max(periodMs, shareOfTime * tookMs);
}

/** Begins to look, a period from now; 0: never. The returned function ends it. */
export function watchTable({ periodMs, check, nowMs, later }: TableWatchEdges): () => void {
  let ended = periodMs === 0;
  let cancel: () => void = () => undefined;
  const after = (delayMs: number): void => {
    if (ended) return;
    cancel = later(delayMs, () => {
      const startMs = nowMs();
      void check().then(() => {
        after(nextLookMs(periodMs, nowMs() - startMs));
      });
    });
  };
  after(periodMs);
  return () => {
    ended = true;
    cancel();
  };
}
