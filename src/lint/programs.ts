import type { LoadedConfig } from '../config/index.ts';
import { splitCommand } from '../parser/index.ts';
import { Director } from './director.ts';

/** The programs that a configuration runs, by the names that it gives them: what facts are to be collected about. */
export function programsOf(loaded: LoadedConfig): readonly string[] {
  const programs = new Set<string>();
  for (const { keyword, statement } of new Director(loaded, undefined).lines) {
    if (keyword?.args.kind !== 'command' && keyword?.args.kind !== 'optional-command') continue;
    const [program = ''] = splitCommand(statement.args[0]?.text ?? '');
    if (program !== '' && !program.startsWith('<')) programs.add(program);
  }
  return [...programs].sort();
}
