import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the part of the heap for new objects as small as it is at the start, 1 MB, where it would grow to 32 MB and stay there.
 * What is read of a large configuration stays anyway, so that a larger one would spare no work.
 */
export function keepYoungHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
