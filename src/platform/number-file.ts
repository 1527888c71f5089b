import { closeSync, constants, existsSync, fstatSync, openSync, readSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { err, ok, type Result } from '../core/index.ts';
import { replaceFile } from './replace-file.ts';
import { errorCode } from './system-error.ts';

/** Files that hold one number, which people and programs write. */

export interface NumberInFile {
  /** Undefined: what the file holds is not to be used, and the number before stays. */
  readonly value: number | undefined;
  /** Empty or missing, as a file is for a moment while it is written or replaced. */
  readonly passing?: true;
  /** Changes when the file does. */
  readonly signature: string;
  /** What is wrong, in words that follow the file's name. */
  readonly trouble?: string;
}

export interface InitialNumber {
  readonly value: number;
  /** Also where the file exists. */
  readonly overwrite: boolean;
}

const longestText = 64;
const limit = 2 ** 31;
/** A FIFO without a writer must not stop its reader. */
const flags = constants.O_RDONLY | constants.O_NONBLOCK;

const missing: NumberInFile = { value: 0, signature: 'missing', passing: true };

export function readNumberNow(path: string): NumberInFile {
  let fd: number | undefined;
  try {
    fd = openSync(path, flags);
    const stats = fstatSync(fd);
    if (!stats.isFile()) return noFile(stats);
    const bytes = new Uint8Array(longestText);
    return numberIn(bytes.subarray(0, readSync(fd, bytes, 0, longestText, 0)), stats);
  } catch (error) {
    return unreadable(error);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** The same for those who cannot wait. Never rejects. */
export async function readNumber(path: string): Promise<NumberInFile> {
  try {
    const file = await open(path, flags);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) return noFile(stats);
      const bytes = new Uint8Array(longestText);
      const { bytesRead } = await file.read(bytes, 0, longestText, 0);
      return numberIn(bytes.subarray(0, bytesRead), stats);
    } finally {
      await file.close();
    }
  } catch (error) {
    return unreadable(error);
  }
}

/** The number that counts now: 0 where there is none, or one that is too much. */
export async function numberInFile(path: string): Promise<number> {
  return (await readNumber(path)).value ?? 0;
}

/** What tells one content of a file from another without reading it. */
interface FileFacts {
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

export function fileSignature({ dev, ino, size, mtimeMs, ctimeMs }: FileFacts): string {
  return [dev, ino, size, mtimeMs, ctimeMs].join(':');
}

/** Writes a number into a file that does not exist, or into any. */
export function initialiseNumber(path: string, { value, overwrite }: InitialNumber): Result<void> {
  if (existsSync(path)) return overwrite ? replaceFile(path, Buffer.from(`${String(value)}\n`)) : ok(undefined);
  try {
    writeFileSync(path, `${String(value)}\n`, { flag: 'wx', mode: 0o600 });
    return ok(undefined);
  } catch (error) {
    return err(`${path} cannot be made: ${errorCode(error)}`);
  }
}

function noFile(stats: FileFacts): NumberInFile {
  return { value: 0, signature: fileSignature(stats), trouble: 'is not a regular file: it counts as 0' };
}

function unreadable(error: unknown): NumberInFile {
  const code = errorCode(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return missing;
  return { value: 0, signature: 'unreadable', trouble: `cannot be read: ${code}` };
}

/** As strtol(3) with base 0 reads it: spaces, a sign, hexadecimal with 0x and octal with 0; what follows does not count. */
function numberIn(bytes: Uint8Array, stats: FileFacts): NumberInFile {
  const signature = fileSignature(stats);
  const match = /^[ \t\n\v\f\r]*([+-]?)(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)/i.exec(String.fromCharCode(...bytes));
  if (match === null) return { value: 0, signature, ...(bytes.length === 0 ? { passing: true } : {}) };
  const [, sign, digits = ''] = match;
  const isOctal = digits.length > 1 && /^0[0-7]+$/.test(digits);
  const size = isOctal ? Number.parseInt(digits, 8) : Number(digits);
  const value = sign === '-' && size !== 0 ? -size : size;
  if (Math.abs(value) <= limit) return { value, signature };
  return { value: undefined, signature, trouble: `holds ${match[0].trim()}, which is too much: it does not change` };
}
