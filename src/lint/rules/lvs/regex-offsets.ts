import type { Rule } from '../../rule.ts';
import { checksOf, nameOfServer } from './objects.ts';

/** A match must begin between the two (keepalived.conf(5)). */
export const regexOffsets: Rule = {
  id: 'regex-offsets',
  severity: 'error',
  title: 'regex_min_offset is above regex_max_offset',
  *check(director) {
    for (const { server, check } of checksOf(director)) {
      if (check.type !== 'HTTP_GET' && check.type !== 'SSL_GET') continue;
      for (const url of check.urls) {
        const { regex, regexMinOffset: least, regexMaxOffset: most } = url;
        if (regex === undefined || least === undefined || most === undefined || least <= most) continue;
        yield {
          at: director.at(url, 'regex_max_offset'),
          message: `regex of '${url.path}' of ${nameOfServer(server)} may begin from ${String(least)} to ${String(most)}: nothing can match`,
          hint: `give a regex_max_offset above ${String(least)}, or leave it out`,
        };
      }
    }
  },
};
