import { readFileSync } from 'node:fs';
import { err, ok, type Result } from '../core/index.ts';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

interface AccountFiles {
  readonly passwd: string;
  readonly group: string;
}

/** The user (and group) that a configuration names; without a group, the user's own. Numbers are taken as they are. */
export function resolveAccount(
  user: string,
  group?: string,
  files: AccountFiles = { passwd: '/etc/passwd', group: '/etc/group' },
): Result<Account> {
  const entry = findEntry(files.passwd, user, 2);
  const uid = entry === undefined ? decimal(user) : decimal(entry[2]);
  if (uid === undefined) return err(`user '${user}' is not in ${files.passwd}`);
  if (group !== undefined) {
    const gid = decimal(findEntry(files.group, group, 2)?.[2] ?? group);
    return gid === undefined ? err(`group '${group}' is not in ${files.group}`) : ok({ uid, gid });
  }
  const gid = decimal(entry?.[3]);
  return gid === undefined
    ? err(`user '${user}' has no entry in ${files.passwd}: name the group too`)
    : ok({ uid, gid });
}

/** The line whose name, or else whose number, is the one asked for. */
function findEntry(file: string, wanted: string, numberField: number): readonly string[] | undefined {
  let lines: string[][];
  try {
    lines = readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.split(':'));
  } catch {
    return undefined;
  }
  return lines.find((fields) => fields[0] === wanted) ?? lines.find((fields) => fields[numberField] === wanted);
}

function decimal(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) && Number(text) < 2 ** 32 - 1 ? Number(text) : undefined;
}
