/** What lines mean in one kind of block: only needed to find out where a brace is missing or too many. */
export interface BlockShape {
  /** Whether its lines are entries of a list, so that any line fits. */
  readonly values: boolean;
  /** How many words of a list's line are its name. */
  readonly nameWords: number;
  /** What a line of this name is: one without a block, one with the block that is given, or unknown here. */
  line(name: string): 'plain' | BlockShape | undefined;
}
