import { parseConfig, textFiles, type ParsedConfig, type Statement, type Target } from '../../src/parser/index.ts';

export interface ParseTextOptions {
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly target?: Target;
  readonly allConfig?: boolean;
}

export function parseText(text: string | Uint8Array, options: ParseTextOptions = {}): ParsedConfig {
  return parseConfig({
    file: '/etc/k/main.conf',
    files: textFiles({ '/etc/k/main.conf': text, ...options.files }),
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
