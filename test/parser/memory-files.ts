import { err, ok } from '../../src/core/index.ts';
import {
  parseConfig,
  type FileSource,
  type ParsedConfig,
  type Statement,
  type Target,
} from '../../src/parser/index.ts';

/** Files in memory; a pattern's `*` stands for anything. */
export function memoryFiles(files: Readonly<Record<string, string | Uint8Array>>): FileSource {
  return {
    read: (path) => {
      const file = files[path];
      if (file === undefined) return err({ kind: 'missing', text: 'does not exist' });
      return ok(typeof file === 'string' ? new TextEncoder().encode(file) : file);
    },
    glob: (pattern, directory) => {
      const path = pattern.startsWith('/') ? pattern : `${directory}/${pattern}`;
      const form = path.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*');
      return Object.keys(files)
        .filter((name) => new RegExp(`^${form}$`).test(name))
        .sort();
    },
  };
}

export interface ParseTextOptions {
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly target?: Target;
  readonly allConfig?: boolean;
}

export function parseText(text: string | Uint8Array, options: ParseTextOptions = {}): ParsedConfig {
  return parseConfig({
    file: '/etc/k/main.conf',
    files: memoryFiles({ '/etc/k/main.conf': text, ...options.files }),
    configId: 'me',
    environment: { SITE: 'north' },
    random: () => 0.5,
    allConfig: options.allConfig ?? false,
    ...(options.target === undefined ? {} : { target: options.target }),
  });
}

/** A tree in one line: words between blanks, quoted ones in quotes, blocks in braces. */
export function shape(statements: readonly Statement[]): string {
  return statements
    .map(({ keyword, args, block }) => {
      const words = [keyword, ...args].map((word) => (word.quoted ? `"${word.text}"` : word.text)).join(' ');
      return block === undefined ? words : `${words} { ${shape(block.statements)} }`;
    })
    .join('; ');
}
