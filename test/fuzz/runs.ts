import process from 'node:process';

const seed = Number(process.env['FUZZ_SEED'] ?? 20_260_601);
const factor = Number(process.env['FUZZ_RUNS'] ?? 1);

/** How often a property is tried: FUZZ_RUNS multiplies, FUZZ_SEED takes another path. Both are printed. */
export function runs(usual: number): { readonly seed: number; readonly numRuns: number } {
  const numRuns = Math.max(1, Math.round(usual * factor));
  console.log(`seed ${String(seed)}, ${String(numRuns)} runs`);
  return { seed, numRuns };
}
