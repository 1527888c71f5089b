import type { Keyword } from '../../../config/index.ts';
import { splitCommand } from '../../../parser/index.ts';
import { spanOf } from '../../director.ts';
import type { Rule } from '../../rule.ts';
import { commandsOf } from './command-line.ts';

/** Paths are relative to where the daemon was started, and no shell replaces a `~`. */
export const relativePath: Rule = {
  id: 'relative-path',
  severity: 'warning',
  title: 'a path that depends on where the daemon is started',
  *check(director) {
    for (const { statement, line } of commandsOf(director)) {
      const [program = ''] = splitCommand(line.command);
      // A name without a slash is looked up in the PATH.
      if (!program.includes('/') || !/^[~.\w-]/.test(program)) continue;
      yield {
        at: spanOf(statement),
        message: message(program, statement.keyword.text),
        hint: `write the whole path: ${guess(program)}`,
      };
    }
    for (const { statement, keyword } of director.lines) {
      const [path] = statement.args;
      if (
        keyword === undefined ||
        path === undefined ||
        !isPath(keyword) ||
        /^[/$<]/.test(path.text) ||
        path.text === ''
      )
        continue;
      // A dump file without a folder goes where the others are.
      if (keyword.name.endsWith('_dump_file')) continue;
      yield {
        at: path.span,
        message: message(path.text, keyword.name),
        hint: `write the whole path: ${guess(path.text)}`,
      };
    }
  },
};

function isPath({ name, args }: Keyword): boolean {
  return args.kind === 'path' || name.endsWith('notify_fifo');
}

function message(path: string, keyword: string): string {
  return path.startsWith('~')
    ? `no shell replaces the '~' in '${path}' of ${keyword}`
    : `'${path}' of ${keyword} is looked up from where the daemon was started`;
}

function guess(path: string): string {
  return /^(?:usr|etc|opt|var|run|root|home|bin|sbin|srv)\//.test(path)
    ? `/${path}`
    : `/etc/keepalived/${path.replace(/^.*\//, '')}`;
}
