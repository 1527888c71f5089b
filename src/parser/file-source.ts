import type { Result } from '../core/index.ts';

/** Where configuration files come from; the platform reads the disk, tests keep them in memory. */
export interface FileSource {
  /** The bytes of a regular, non-executable file; the error says why there are none. */
  read(path: string): Result<Uint8Array, FileProblem>;
  /** The paths that match a pattern (`*`, `?`, `[…]`, `{a,b}`), relative to `directory`, sorted; braces in their order. */
  glob(pattern: string, directory: string): readonly string[];
}

export interface FileProblem {
  readonly kind: 'missing' | 'not-regular' | 'executable' | 'unreadable' | 'too-large';
  /** In words that follow the path: `is a directory`. */
  readonly text: string;
}
