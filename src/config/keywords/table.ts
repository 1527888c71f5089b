import { checkerRows } from './checkers.ts';
import { keywordDefaults } from './defaults.ts';
import { doneKeywords } from './done.ts';
import { globalRows } from './globals.ts';
import { missingArgument, type MissingArgument } from './missing.ts';
import type { Arguments } from './row.ts';
import { virtualServerRows } from './virtual-server.ts';
import { vrrpRows } from './vrrp.ts';

/** One keyword in one block. */
export interface Keyword {
  readonly name: string;
  /** `(root)`, `vrrp_instance`, `virtual_server/real_server/HTTP_GET`, … */
  readonly block: string;
  readonly args: Arguments;
  /** The release of keepalived that first had it here, or words for one that is not out yet. */
  readonly since: string;
  readonly insteadUse?: string;
  readonly silent?: true;
  readonly wholeIn?: '2.2.7';
  /** What holds where it is not given, for people to read. */
  readonly default?: string;
  /** What keepalived does where the argument is missing: it ends, says so, or says nothing. */
  readonly missing: MissingArgument;
  /** Watchkeeper does what it asks for. */
  readonly done: boolean;
}

const tables: ReadonlyMap<string, ReadonlyMap<string, Keyword>> = new Map(
  Object.entries({ ...globalRows, ...vrrpRows, ...virtualServerRows, ...checkerRows }).map(([block, rows]) => {
    const defaults = keywordDefaults[block] ?? {};
    const done = new Set((doneKeywords[block] ?? '').split(' '));
    const keywords = rows.map(([name, args, since, options]): readonly [string, Keyword] => [
      name,
      {
        name,
        block,
        args,
        since,
        ...options,
        ...(defaults[name] === undefined ? {} : { default: defaults[name] }),
        done: done.has(name),
        missing: missingArgument(block, name),
      },
    ]);
    return [block, new Map(keywords)];
  }),
);

/** What once was a keyword: what to do about a line that still has it. */
const removed: Readonly<Record<string, string>> = {
  'virtual_server nat_mask':
    'remove it: the kernel has not asked for it since Linux 2.6, and no keyword takes its place',
  'global_defs lvs_id': "use 'router_id'",
  'global_defs plugin_dir': 'remove it: there are no plugins',
};

export function findKeyword(block: string, name: string): Keyword | undefined {
  return tables.get(block)?.get(name);
}

/** Whether the keyword that opens this block, and those of all blocks around it, are done. */
export function isBlockDone(path: string): boolean {
  return doneBlocks.has(path);
}

const doneBlocks: ReadonlySet<string> = new Set(['(root)', ...tables.keys()].filter(isDone));

function isDone(path: string): boolean {
  if (path === '(root)') return true;
  const slash = path.lastIndexOf('/');
  const around = slash === -1 ? '(root)' : path.slice(0, slash);
  return isDone(around) && findKeyword(around, path.slice(slash + 1))?.done === true;
}

/** Whether the block's lines begin with keywords, and are not values. */
export function hasKeywords(path: string): boolean {
  return tables.has(path);
}

export function keywordsOf(block: string): readonly Keyword[] {
  return [...(tables.get(block)?.values() ?? [])];
}

export function allKeywords(): readonly Keyword[] {
  return [...tables.values()].flatMap((table) => [...table.values()]);
}

export function removedKeyword(block: string, name: string): string | undefined {
  return removed[`${block} ${name}`];
}

/** Where else this name is a keyword. */
export function blocksWith(name: string): readonly string[] {
  return [...tables].filter(([, table]) => table.has(name)).map(([block]) => block);
}

/** The keyword of the block that was probably meant. */
export function nearestKeyword(block: string, name: string): string | undefined {
  return nearestName(name, tables.get(block)?.keys() ?? []);
}

/** The nearest of several names, where one is near. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.min(3, Math.ceil(name.length / 3) + 1);
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Levenshtein's distance, or `limit` where it is not below that. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      current.push(Math.min((current[j - 1] ?? 0) + 1, (previous[j] ?? 0) + 1, (previous[j - 1] ?? 0) + same));
    }
    previous = current;
  }
  return Math.min(limit, previous[b.length] ?? limit);
}
