import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { changed, changes } from './mutations.ts';
import { readAll } from './read-all.ts';
import { runs } from './runs.ts';
import { corpus, corpusSeeds, ownSeeds, type Seed } from './seeds.ts';

function mutate(seeds: readonly Seed[], usual: number): void {
  const one = fc.constantFrom(...seeds);
  fc.assert(
    fc.property(one, one, changes, (seed, other, list) => {
      readAll({ '/m.conf': changed(seed.bytes, other.bytes, list) });
    }),
    runs(usual),
  );
}

test('every example and every small configuration is read', () => {
  assert.ok(ownSeeds.length > 100);
  for (const { bytes } of ownSeeds) readAll({ '/m.conf': bytes });
});

test('what becomes of them by mistakes is read as well', () => {
  mutate(ownSeeds, 900);
});

test('real configurations', { skip: corpusSeeds.length === 0 && `${corpus} is not there` }, () => {
  for (const { bytes } of corpusSeeds) readAll({ '/m.conf': bytes });
  mutate(corpusSeeds, 300);
});
