import { lstatSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { isExecutable } from './host.ts';

export interface ProgramFacts {
  readonly executable: boolean;
  /** Who besides root could change what is run, in words that name the path. */
  readonly insecure?: string;
}

/** Whether a program can be run, and whether anybody but root could put another in its place. */
export function programFacts(program: string): ProgramFacts {
  const executable = isExecutable(program);
  try {
    const insecure = executable ? insecurity(program) : undefined;
    return { executable, ...(insecure === undefined ? {} : { insecure }) };
  } catch {
    // It was taken away in this moment.
    return { executable: false };
  }
}

/** Each folder on the way and the file itself, as named and as links resolve: all must be root's, and writable by root only. */
function insecurity(program: string): string | undefined {
  const found = program.includes('/') ? path.resolve(program) : inPath(program);
  if (found === undefined) return undefined;
  for (const whole of new Set([found, realpathSync(found)])) {
    const parts = whole.split('/').slice(1);
    for (let length = 0; length <= parts.length; length++) {
      const one = `/${parts.slice(0, length).join('/')}`;
      const { mode, uid } = lstatSync(one);
      const isLink = (mode & 0o170000) === 0o120000;
      if (uid !== 0) return `${one} does not belong to root`;
      const sticky = (mode & 0o1000) !== 0 && length < parts.length;
      if (!isLink && (mode & 0o022) !== 0 && !sticky)
        return `${one} is writable by ${(mode & 0o002) === 0 ? 'its group' : 'everybody'}`;
    }
  }
  return undefined;
}

function inPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(':');
  return folders
    .map((folder) => path.join(folder, name))
    .find((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile() === true);
}
