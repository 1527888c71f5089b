import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Files in which iproute2 gives numbers names. */
export type IprouteFile = 'rt_tables' | 'rt_scopes' | 'rt_realms' | 'rt_protos' | 'rt_dsfield' | 'group';

const longestFile = 1_000_000;

/**
 * The names of a file and of FILE.d/*.conf in these folders, later ones counting: `NUMBER NAME` a line. A file that is
 * missing or cannot be read has none.
 */
export function iprouteNames(file: IprouteFile, folders: readonly string[]): ReadonlyMap<string, number> {
  const names = new Map<string, number>();
  for (const folder of folders) {
    const more = confFiles(join(folder, `${file}.d`));
    for (const path of [join(folder, file), ...more]) {
      for (const [number = '', name] of words(path)) {
        const value = /^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(number) ? Number(number) : undefined;
        if (value !== undefined && name !== undefined) names.set(name, value);
      }
    }
  }
  return names;
}

/** The number of an IP protocol in /etc/protocols. */
export function ipProtocolNumber(name: string): number | undefined {
  const line = words('/etc/protocols').find(([first, , ...aliases]) => first === name || aliases.includes(name));
  return /^\d{1,3}$/.test(line?.[1] ?? '') ? Number(line?.[1]) : undefined;
}

function confFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.conf'))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function words(path: string): readonly (readonly string[])[] {
  try {
    const stat = statSync(path);
    if (!stat.isFile() || stat.size > longestFile) return [];
    const lines = readFileSync(path, 'utf8').split('\n');
    return lines.map((line) => line.replace(/#.*/, '').trim().split(/\s+/));
  } catch {
    return [];
  }
}
