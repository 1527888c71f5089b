import { readdirSync, readFileSync, statSync, type Stats } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { err, ok } from '../core/index.ts';
import type { FileSource } from '../parser/index.ts';

const sizeLimit = 512 * 1024 * 1024;

/** Configuration files on this machine's disk. Nothing is written, and nothing but regular files is opened. */
export const diskFiles: FileSource = {
  read: (path) => {
    try {
      const stats = statSync(path);
      const problem = unfit(stats);
      if (problem !== undefined) return err(problem);
      return ok(readFileSync(path));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return err({ kind: 'missing', text: 'does not exist' });
      const text =
        code === 'EACCES' ? 'cannot be read: permission denied' : `cannot be read: ${code ?? 'unknown error'}`;
      return err({ kind: 'unreadable', text });
    }
  },
  glob: (pattern, directory) => {
    const found = alternatives(pattern).flatMap((one) => matches(isAbsolute(one) ? one : join(directory, one)));
    return [...new Set(found)];
  },
};

function unfit(
  stats: Stats,
): { readonly kind: 'not-regular' | 'executable' | 'too-large'; readonly text: string } | undefined {
  if (stats.isDirectory()) return { kind: 'not-regular', text: 'is a directory' };
  if (!stats.isFile()) return { kind: 'not-regular', text: 'is not a regular file' };
  if ((stats.mode & 0o111) !== 0)
    return { kind: 'executable', text: 'is executable: a configuration file must not be (chmod a-x)' };
  if (stats.size > sizeLimit) return { kind: 'too-large', text: 'is larger than 512 MiB' };
  return undefined;
}

const alternativesLimit = 1000;

/** `a{b,c}` is `ab` and `ac`; nested and repeated braces too. */
function alternatives(pattern: string): readonly string[] {
  const match = /^(.*?)\{([^{}]*)\}(.*)$/s.exec(pattern);
  if (match === null) return [pattern];
  const [, before = '', inside = '', after = ''] = match;
  return inside
    .split(',')
    .flatMap((part) => alternatives(`${before}${part}${after}`))
    .slice(0, alternativesLimit);
}

function matches(path: string): readonly string[] {
  const parts = path.split('/');
  let found = [isAbsolute(path) ? '/' : '.'];
  for (const part of parts.filter((one) => one !== '' && one !== '.')) {
    found = found.flatMap((base) => (/[*?[]/.test(part) ? listed(base, part) : [join(base, part)]));
  }
  return found.filter((one) => statSync(one, { throwIfNoEntry: false }) !== undefined);
}

function listed(directory: string, part: string): readonly string[] {
  const source = part
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*/g, '[^/]*')
    .replace(/\?/g, '[^/]')
    .replace(/\[!/g, '[^');
  let expression: RegExp;
  try {
    expression = new RegExp(`^${source}$`, 's');
  } catch {
    return [];
  }
  try {
    const names = readdirSync(directory).filter(
      (name) => expression.test(name) && (part.startsWith('.') || !name.startsWith('.')),
    );
    return names.sort().map((name) => join(directory, name));
  } catch {
    return [];
  }
}
