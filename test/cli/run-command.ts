import path from 'node:path';
import { main } from '../../src/cli/main.ts';

export interface CommandRun {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

const launcher = path.join(import.meta.dirname, '../../bin/watchkeeper');

/** Runs a command in this process and catches what it prints. */
export async function runCommand(...words: readonly string[]): Promise<CommandRun> {
  const caught = { out: '', err: '' };
  const status = await main(words, launcher, {
    out: (text) => (caught.out += typeof text === 'string' ? text : Buffer.from(text).toString()),
    err: (text) => (caught.err += text),
    color: false,
  });
  return { status, ...caught };
}
