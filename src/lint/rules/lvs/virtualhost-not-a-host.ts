import { spanOf } from '../../director.ts';
import type { Rule } from '../../rule.ts';

/** virtualhost is the Host header of the request: a name, and a port where it is not the default. */
export const virtualhostNotAHost: Rule = {
  id: 'virtualhost-not-a-host',
  severity: 'warning',
  title: 'a virtualhost that is not a host name',
  *check(director) {
    for (const { statement, block } of director.lines) {
      if (statement.keyword.text !== 'virtualhost' || !block.startsWith('virtual_server')) continue;
      const [word] = statement.args;
      if (word === undefined || /^(?:[^\s:/?#@,]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/.test(word.text)) continue;
      const host = /^(?:[A-Za-z]+:\/\/)?([^\s/?#@,]+)/.exec(word.text)?.[1];
      yield {
        at: spanOf(statement),
        message: `'virtualhost ${word.text}' is not a host name: it is sent as the Host header as it is`,
        hint: host === undefined ? "write a name: 'virtualhost www.example.com'" : `write 'virtualhost ${host}'`,
      };
    }
  },
};
