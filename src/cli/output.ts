import { CommanderError, type Command } from 'commander';

/** Where a command prints to. */
export interface Output {
  readonly out: (text: string | Uint8Array) => void;
  readonly err: (text: string) => void;
  /** Whether what is printed may have colours. */
  readonly color: boolean;
}

export const standardOutput: Output = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  color: process.stdout.isTTY && !process.env['NO_COLOR'],
};

/** A command whose help and complaints go to an output, and that throws where commander would end the process. */
export function tame(program: Command, { out, err }: Output): Command {
  return program.exitOverride().configureOutput({ writeOut: out, writeErr: err });
}

/** Gives the words of a command line to a tame command. Where that ends it: the exit status, 0 after help, and `wrong` after a complaint. */
export function endedBy(program: Command, words: readonly string[], wrong: number): number | undefined {
  try {
    program.parse([...words], { from: 'user' });
    return undefined;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : wrong;
    throw error;
  }
}
