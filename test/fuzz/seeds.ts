import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { verdicts } from '../config/verdicts.ts';

export interface Seed {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export const corpus = process.env['WATCHKEEPER_CORPUS'] ?? path.join(import.meta.dirname, '../../../shared/corpus');

/** The examples, and the small configurations of the tests. */
export const ownSeeds: readonly Seed[] = [
  ...filesUnder('examples'),
  ...verdicts.map(({ name, text }) => ({ name, bytes: new TextEncoder().encode(text) })),
];

/** Real configurations, where they are at hand. */
export const corpusSeeds: readonly Seed[] = ['github', 'pqarmitage', 'upstream'].flatMap((folder) =>
  filesUnder(path.join(corpus, folder)),
);

function filesUnder(folder: string): readonly Seed[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => path.join(folder, name))
    .filter((name) => name.includes('.conf') && statSync(name).isFile())
    .map((name) => ({ name, bytes: new Uint8Array(readFileSync(name)) }));
}
