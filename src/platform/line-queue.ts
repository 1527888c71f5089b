/** What became of an attempt to write: how many bytes went, or why none did. */
export type WriteAttempt = number | 'later' | 'failed';

/** Where log lines go. Nothing here waits: what cannot be written soon is dropped and counted. */
export interface LineSink {
  readonly write: (line: string) => void;
  /** How many lines were dropped so far. */
  readonly dropped: () => number;
  readonly close: () => void;
}

const longestQueue = 1000;
const retryAfterMs = 50;

/** Writes lines in order through `attempt`, keeping a bounded number while the reader stalls. */
export function lineQueue(
  attempt: (bytes: Buffer) => WriteAttempt,
  close: () => void,
  describeDropped: (count: number) => string,
): LineSink {
  let queue: Buffer[] = [];
  let dropped = 0;
  let untold = 0;
  let retry: NodeJS.Timeout | undefined;
  const drop = (count: number): void => {
    dropped += count;
    untold += count;
  };
  const flush = (): void => {
    retry = undefined;
    while (queue.length > 0) {
      const [first] = queue;
      if (first === undefined) return;
      const result = attempt(first);
      if (result === 'later') {
        retry = setTimeout(flush, retryAfterMs);
        retry.unref();
        return;
      }
      queue.shift();
      if (result === 'failed') drop(1);
      else if (result < first.length) queue.unshift(first.subarray(result));
      else if (untold > 0 && queue.length === 0) {
        queue.push(Buffer.from(describeDropped(untold)));
        untold = 0;
      }
    }
  };
  return {
    write: (line) => {
      if (queue.length >= longestQueue) {
        drop(1);
        return;
      }
      queue.push(Buffer.from(line));
      if (retry === undefined) flush();
    },
    dropped: () => dropped,
    close: () => {
      clearTimeout(retry);
      retry = undefined;
      flush();
      clearTimeout(retry);
      queue = [];
      close();
    },
  };
}
