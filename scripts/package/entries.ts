import { chmodSync, copyFileSync, mkdirSync, symlinkSync, utimesSync, lutimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** One thing in the package; its folder is made with it. */
export type Entry =
  | { readonly path: string; readonly mode: 0o644 | 0o755; readonly content: string | Buffer }
  | { readonly path: string; readonly mode: 0o644 | 0o755; readonly from: string }
  | { readonly path: string; readonly link: string };

/** Writes the entries below `root`. All times are `epochSecs`, so that the same input gives the same package. */
export function writeEntries(root: string, entries: readonly Entry[], epochSecs: number): void {
  const folders = new Set<string>();
  for (const entry of entries) {
    const target = path.join(root, entry.path);
    for (let up = path.dirname(entry.path); up !== '.'; up = path.dirname(up)) folders.add(up);
    mkdirSync(path.dirname(target), { recursive: true });
    if ('link' in entry) {
      symlinkSync(entry.link, target);
      lutimesSync(target, epochSecs, epochSecs);
      continue;
    }
    if ('from' in entry) copyFileSync(entry.from, target);
    else writeFileSync(target, entry.content);
    chmodSync(target, entry.mode);
    utimesSync(target, epochSecs, epochSecs);
  }
  for (const folder of folders) {
    chmodSync(path.join(root, folder), 0o755);
    utimesSync(path.join(root, folder), epochSecs, epochSecs);
  }
}
