import { err, ok } from '../core/index.ts';
import type { FileSource } from './file-source.ts';

/** Files in memory, by their paths: for tests and for texts that are in no file. In a pattern `*` stands for anything but `/`. */
export function textFiles(files: Readonly<Record<string, string | Uint8Array>>): FileSource {
  const byPath = new Map(Object.entries(files));
  return {
    read: (path) => {
      const file = byPath.get(path);
      if (file === undefined) return err({ kind: 'missing', text: 'does not exist' });
      return ok(typeof file === 'string' ? new TextEncoder().encode(file) : file);
    },
    glob: (pattern, directory) => {
      if (byPath.has(pattern)) return [pattern];
      const path = pattern.startsWith('/') ? pattern : `${directory}/${pattern}`;
      const form = path.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '[^/]*');
      const whole = new RegExp(`^${form}$`);
      return [...byPath.keys()].filter((name) => whole.test(name)).sort();
    },
  };
}
