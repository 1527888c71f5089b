import { err, ok, type Result } from '../../src/core/index.ts';
import type { ElfFacts } from './elf.ts';

/** Debian's packages of the libraries that programs of ours may link. */
const packageOf: Readonly<Record<string, string>> = {
  'libc.so.6': 'libc6',
  'libm.so.6': 'libc6',
  'libdl.so.2': 'libc6',
  'libpthread.so.0': 'libc6',
  'librt.so.1': 'libc6',
  'ld-linux-x86-64.so.2': 'libc6',
  'ld-linux-aarch64.so.1': 'libc6',
  'libstdc++.so.6': 'libstdc++6',
  'libgcc_s.so.1': 'libgcc-s1',
  'libatomic.so.1': 'libatomic1',
};

/** The GCC that first had these versions of libstdc++'s symbols (its manual, "ABI Policy and Guidelines"). */
const libstdcxx: readonly (readonly [symbols: string, gcc: string])[] = [
  ['3.4.21', '5'],
  ['3.4.22', '6'],
  ['3.4.25', '8'],
  ['3.4.28', '9.3'],
  ['3.4.29', '11'],
  ['3.4.30', '12'],
  ['3.4.33', '14'],
];

/** Whether Debian's own packages bring all that it links, so that it runs on any director. */
export function isPortable({ needed }: ElfFacts): boolean {
  return needed.every((soname) => packageOf[soname] !== undefined);
}

/** The Depends field of programs and libraries that need this. */
export function dependsOf(elves: readonly ElfFacts[]): Result<readonly string[]> {
  const sonames = new Set(elves.flatMap(({ needed }) => needed));
  const unknown = [...sonames].find((soname) => packageOf[soname] === undefined);
  if (unknown !== undefined) return err(`${unknown} is needed, and it is not known which Debian package has it`);
  const packages = [...new Set([...sonames].map((soname) => packageOf[soname] ?? ''))].sort();
  const versions = elves.flatMap((elf) => elf.versions);
  const bounds: string[] = [];
  for (const name of packages) {
    const bound = boundOf(name, versions);
    if (!bound.ok) return bound;
    bounds.push(bound.value === undefined ? name : `${name} (>= ${bound.value})`);
  }
  return ok(bounds);
}

function boundOf(name: string, versions: readonly string[]): Result<string | undefined> {
  if (name === 'libc6') return ok(highest(versions, 'GLIBC_'));
  if (name !== 'libstdc++6') return ok(undefined);
  const symbols = highest(versions, 'GLIBCXX_');
  if (symbols === undefined) return ok(undefined);
  const row = libstdcxx.find(([known]) => compareVersions(known, symbols) >= 0);
  return row === undefined
    ? err(`GLIBCXX_${symbols} is newer than every GCC that is known here: a row in depends.ts is missing`)
    : ok(row[1]);
}

function highest(versions: readonly string[], prefix: string): string | undefined {
  return versions
    .filter((version) => new RegExp(`^${prefix}[0-9.]+$`).test(version))
    .map((version) => version.slice(prefix.length))
    .sort(compareVersions)
    .at(-1);
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
