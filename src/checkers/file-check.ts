import type { FileCheck, TrackFile } from '../config/index.ts';

/** What something that is followed and not asked says of a real server. */
export interface FollowedFinding {
  readonly up: boolean;
  /** Added to the weight. */
  readonly weight?: number;
}

/** What the number of a track_file can be, and what its product with a weight is cut to. */
const limit = 2 ** 31;

/**
 * FILE_CHECK: the number times the weight is added to the server's weight, and the server is down where that is -2^31 or less. With
 * weight 0 it is down while the number is not 0. A weight of the check stands for weight and direction of the track_file
 * (keepalived.conf(5), track_file; seen in 2.2.7).
 */
export function fileFinding(
  checker: FileCheck,
  file: Pick<TrackFile, 'weight' | 'reverse'>,
  value: number,
): FollowedFinding {
  const { weight, reverse } =
    checker.weight === undefined ? file : { weight: checker.weight, reverse: checker.reverse };
  if (weight === 0) return { up: value === 0 };
  const product = value * weight * (reverse ? -1 : 1);
  if (product <= -limit) return { up: false };
  return { up: true, weight: Math.min(product, limit - 1) };
}
