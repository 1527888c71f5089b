import type { Rule } from '../../rule.ts';
import { checksOf, nameOfServer } from './objects.ts';

/** What stands in `path` goes into the request line as it is. */
export const pathNotAbsolute: Rule = {
  id: 'path-not-absolute',
  severity: 'warning',
  title: 'the path of an HTTP check does not begin with /',
  *check(director) {
    for (const { server, check } of checksOf(director)) {
      if (check.type !== 'HTTP_GET' && check.type !== 'SSL_GET') continue;
      for (const url of check.urls) {
        if (url.path.startsWith('/')) continue;
        const whole = /^https?:\/\/[^/]+(\/.*)?$/i.exec(url.path);
        // A proxy wants the whole URL; it is not asked for a virtual host then.
        if (whole !== null && check.type === 'HTTP_GET' && (url.virtualhost ?? check.virtualhost) === undefined)
          continue;
        yield {
          at: director.at(url, 'path'),
          message: `'path ${url.path}' of ${check.type} of ${nameOfServer(server)} does not begin with '/'`,
          hint:
            whole === null
              ? `write 'path /${url.path}'; a host name belongs into virtualhost`
              : `write 'path ${whole[1] ?? '/'}' and the host name as virtualhost`,
        };
      }
    }
  },
};
