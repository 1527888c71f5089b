import { splitCommand } from '../../../parser/index.ts';
import { spanOf } from '../../director.ts';
import type { Rule } from '../../rule.ts';
import { commandsOf } from './command-line.ts';

const address = /\/dev\/(?:tcp|udp)\//;

/** /dev/tcp is no file but a word of bash; keepalived hands a script that begins with `</` to /bin/sh. */
export const devTcpWithoutBash: Rule = {
  id: 'dev-tcp-without-bash',
  severity: 'warning',
  title: '/dev/tcp is used without bash',
  *check(director) {
    for (const { statement, line } of commandsOf(director)) {
      if (!address.test(line.command)) continue;
      const [program = ''] = splitCommand(line.command);
      if (/(?:^|\/)bash$/.test(program) || !(program.startsWith('</') || /(?:^|\/)(?:da)?sh$/.test(program))) continue;
      const where = /\/dev\/(?:tcp|udp)\/([^/\s'"]+)\/(\w+)/.exec(line.command);
      yield {
        at: spanOf(statement),
        message: `${statement.keyword.text} needs bash for ${where?.[0] ?? '/dev/tcp'}, and is run by /bin/sh, which is another shell on Debian, Ubuntu and Alpine: there it fails always`,
        hint: `write "/usr/bin/nc -z ${where?.[1] ?? 'HOST'} ${where?.[2] ?? 'PORT'}", or "/bin/bash -c '</dev/tcp/…'"`,
      };
    }
  },
};
