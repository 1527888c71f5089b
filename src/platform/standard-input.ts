import { readSync } from 'node:fs';
import { err, ok, type Result } from '../core/index.ts';
import { errorCode } from './system-error.ts';

const limit = 512 * 1024 * 1024;

/** All of the standard input. The error says why it could not be read. */
export function readStandardInput(): Result<Uint8Array> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const part = new Uint8Array(65_536);
    try {
      const length = readSync(0, part);
      if (length === 0) break;
      total += length;
      if (total > limit) return err('the standard input is larger than 512 MiB');
      parts.push(part.subarray(0, length));
    } catch (error) {
      if (errorCode(error) === 'EAGAIN') continue;
      if (errorCode(error) === 'EOF') break;
      return err(`the standard input cannot be read: ${errorCode(error)}`);
    }
  }
  const whole = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return ok(whole);
}
