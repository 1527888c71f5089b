import { err, ok, type Result } from '../../src/core/index.ts';

/** What a program or library needs of the system it runs on. */
export interface ElfFacts {
  readonly machine: 'x86-64' | 'aarch64';
  /** Libraries by their sonames. */
  readonly needed: readonly string[];
  /** The versions of their symbols, as `GLIBC_2.28`. */
  readonly versions: readonly string[];
}

// System V gABI and elf.h: 64-bit little-endian files only, which is what both architectures are.
const machines: Readonly<Record<number, ElfFacts['machine']>> = { 62: 'x86-64', 183: 'aarch64' };
const [ptLoad, ptDynamic] = [1, 2];
const [dtNull, dtNeeded, dtStrtab, dtVerneed, dtVerneednum] = [0, 1, 5, 0x6fff_fffe, 0x6fff_ffff];

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

export function isElf(bytes: Buffer): boolean {
  return bytes.length >= 64 && bytes.readUInt32BE(0) === 0x7f45_4c46;
}

/** Reads the dynamic section. Whatever the bytes, it returns: numbers that lead out of the file are an error. */
export function readElf(bytes: Buffer): Result<ElfFacts> {
  if (!isElf(bytes)) return err('this is not an ELF file');
  const machine = machines[bytes.readUInt16LE(18)];
  if (machine === undefined || bytes[4] !== 2 || bytes[5] !== 1)
    return err('this is not an ELF file for amd64 or arm64');
  try {
    const segments = segmentsOf(bytes);
    const dynamic = segments.find(({ type }) => type === ptDynamic);
    const facts = dynamic === undefined ? { needed: [], versions: [] } : dynamicFacts(bytes, segments, dynamic);
    return ok({ machine, ...facts });
  } catch (error) {
    if (error instanceof RangeError) return err(`the ELF file is damaged: ${error.message}`);
    throw error;
  }
}

function segmentsOf(bytes: Buffer): readonly Segment[] {
  const [start, each, count] = [u64(bytes, 32), bytes.readUInt16LE(54), bytes.readUInt16LE(56)];
  return Array.from({ length: count }, (_, i) => {
    const at = start + i * each;
    return {
      type: bytes.readUInt32LE(at),
      offset: u64(bytes, at + 8),
      address: u64(bytes, at + 16),
      size: u64(bytes, at + 32),
    };
  });
}

function dynamicFacts(bytes: Buffer, segments: readonly Segment[], dynamic: Segment): Omit<ElfFacts, 'machine'> {
  const entries: (readonly [tag: number, value: number])[] = [];
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
    const tag = u64(bytes, at);
    if (tag === dtNull) break;
    entries.push([tag, u64(bytes, at + 8)]);
  }
  const valueOf = (wanted: number): number | undefined => entries.find(([tag]) => tag === wanted)?.[1];
  const strings = inFile(segments, valueOf(dtStrtab) ?? 0);
  const text = (index: number): string => {
    const end = bytes.indexOf(0, strings + index);
    if (end === -1) throw new RangeError('a name has no end');
    return bytes.toString('latin1', strings + index, end);
  };
  const needed = entries.filter(([tag]) => tag === dtNeeded).map(([, value]) => text(value));
  const [table, count] = [valueOf(dtVerneed), valueOf(dtVerneednum) ?? 0];
  const versions = table === undefined ? [] : versionNames(bytes, inFile(segments, table), count).map(text);
  return { needed, versions: [...new Set(versions)].sort() };
}

/** Where the names of the needed versions stand in the table of strings: Elf64_Verneed, each with its chain of Elf64_Vernaux. */
function versionNames(bytes: Buffer, start: number, count: number): readonly number[] {
  const names: number[] = [];
  let library = start;
  for (let i = 0; i < count; i++) {
    let version = library + bytes.readUInt32LE(library + 8);
    for (let j = 0; j < bytes.readUInt16LE(library + 2); j++) {
      names.push(bytes.readUInt32LE(version + 8));
      version += bytes.readUInt32LE(version + 12);
    }
    library += bytes.readUInt32LE(library + 12);
  }
  return names;
}

function inFile(segments: readonly Segment[], address: number): number {
  const around = segments.find(
    (segment) => segment.type === ptLoad && address >= segment.address && address < segment.address + segment.size,
  );
  if (around === undefined) throw new RangeError('an address is in no segment');
  return address - around.address + around.offset;
}

function u64(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}
