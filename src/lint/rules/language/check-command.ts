import type { Statement } from '../../../parser/index.ts';
import { splitCommand } from '../../../parser/index.ts';
import type { Director } from '../../director.ts';
import { commandsOf } from './command-line.ts';

export interface CheckCommand {
  readonly statement: Statement;
  /** The program without its folders, and its arguments; `timeout 3`, `sudo` and the like before it are left out. */
  readonly words: readonly string[];
}

/** The commands whose exit status decides: those of vrrp_script and MISC_CHECK. */
export function* checkCommands(director: Director): Generator<CheckCommand> {
  for (const { statement, line } of commandsOf(director)) {
    const name = statement.keyword.text;
    if (name !== 'script' && name !== 'misc_path') continue;
    let words = splitCommand(line.command);
    while (/^(?:timeout|sudo|nice|env)$/.test(programOf(words))) {
      const next = words.findIndex((word, i) => i > 0 && !/^(?:-.*|[\d.]+[smh]?|\w+=.*)$/.test(word));
      if (next === -1) break;
      words = words.slice(next);
    }
    yield { statement, words: [programOf(words), ...words.slice(1)] };
  }
}

function programOf([program = '']: readonly string[]): string {
  return program.replace(/^.*\//, '');
}
