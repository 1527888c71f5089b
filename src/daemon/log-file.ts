import { basename, dirname, join } from 'node:path';
import type { PartName } from './supervision.ts';

const insertions: Readonly<Record<PartName, string>> = {
  vrrp: '_vrrp',
  checkers: '_healthcheckers',
  bfd: '_bfd',
};

/** Where a part logs with --log-file FILE: its name stands before the last dot (keepalived(8)). */
export function partLogFile(file: string, part: PartName): string {
  const name = basename(file);
  const dot = name.lastIndexOf('.');
  const at = dot < 0 ? name.length : dot;
  return join(dirname(file), `${name.slice(0, at)}${insertions[part]}${name.slice(at)}`);
}
