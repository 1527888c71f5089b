/** How often in a delay it is looked whether this process runs. */
const looksPerDelay = 4;

/**
 * Tells when a timer of this process comes later than it should by at least `delayMs`: other processes held it up, or it did
 * something for too long. The returned function ends it.
 */
export function watchLateness(
  delayMs: number,
  late: (byMs: number) => void,
  nowMs: () => number = () => performance.now(),
): () => void {
  const everyMs = Math.max(10, delayMs / looksPerDelay);
  let dueMs = 0;
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    dueMs = nowMs() + everyMs;
    timer = setTimeout(look, everyMs);
    timer.unref();
  };
  const look = (): void => {
    const byMs = nowMs() - dueMs;
    if (byMs >= delayMs) late(byMs);
    wait();
  };
  wait();
  return () => {
    clearTimeout(timer);
  };
}
