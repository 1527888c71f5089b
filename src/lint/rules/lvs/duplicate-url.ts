import type { Rule } from '../../rule.ts';
import { checksOf, nameOfServer } from './objects.ts';

/** All urls of a check must succeed: the same one twice costs a connection, and two different digests never both fit. */
export const duplicateUrl: Rule = {
  id: 'duplicate-url',
  severity: 'warning',
  title: 'a check asks for the same page twice',
  *check(director) {
    for (const { server, check } of checksOf(director)) {
      if (check.type !== 'HTTP_GET' && check.type !== 'SSL_GET') continue;
      const seen = new Map<string, (typeof check.urls)[number]>();
      for (const url of check.urls) {
        const page = JSON.stringify([url.path, url.virtualhost ?? check.virtualhost, url.sniName, url.regex]);
        const first = seen.get(page);
        if (first === undefined) {
          seen.set(page, url);
          continue;
        }
        const clash = first.digest !== undefined && url.digest !== undefined && first.digest !== url.digest;
        yield {
          at: director.at(url, 'path'),
          message: clash
            ? `${check.type} of ${nameOfServer(server)} wants '${url.path}' with two digests: they cannot both fit`
            : `${check.type} of ${nameOfServer(server)} asks for '${url.path}' twice`,
          hint: 'all urls must succeed: leave one out, or name the other page',
          related: [{ span: director.at(first, 'path'), message: 'the first' }],
        };
      }
    }
  },
};
