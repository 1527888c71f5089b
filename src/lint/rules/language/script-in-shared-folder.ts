import { splitCommand } from '../../../parser/index.ts';
import { spanOf } from '../../director.ts';
import type { Rule } from '../../rule.ts';
import { commandsOf } from './command-line.ts';

const shared = /^\/(?:tmp|var\/tmp|dev\/shm)\/./;
const interpreters = /(?:^|\/)(?:env|(?:ba|da|z|k)?sh|python[\d.]*|perl|php|ruby|node)$/;
const files = /^(?:file|notify_fifo|vrrp_notify_fifo|lvs_notify_fifo)$/;

/** Everybody on the host can put a file there first. */
export const scriptInSharedFolder: Rule = {
  id: 'script-in-shared-folder',
  severity: 'warning',
  title: 'a script, FIFO or tracked file in a folder where everybody can write',
  *check(director) {
    for (const { statement, line } of commandsOf(director)) {
      const [program = '', script = ''] = splitCommand(line.command);
      const path = interpreters.test(program) && shared.test(script) ? script : program;
      if (!shared.test(path)) continue;
      yield {
        at: spanOf(statement),
        message: `${statement.keyword.text} runs ${path}, which any user of the host can put there before`,
        hint: 'move it to a folder of root: /etc/keepalived or /usr/local/libexec',
      };
    }
    for (const { statement, block } of director.lines) {
      const [path] = statement.args;
      if (path === undefined || !shared.test(path.text) || !files.test(statement.keyword.text)) continue;
      const what = statement.keyword.text === 'file' ? block : statement.keyword.text;
      yield {
        at: path.span,
        message: `${path.text} of ${what} is in a folder where any user of the host can put it before`,
        hint: 'move it to a folder of root, as /run/keepalived or /var/lib/keepalived',
      };
    }
  },
};
