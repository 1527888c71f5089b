import type { Rule } from '../../rule.ts';
import { checksOf, nameOfServer } from './objects.ts';

/** MD5 of nothing. */
export const emptyDigest = 'd41d8cd98f00b204e9800998ecf8427e';

/** A digest that genhash printed for an empty page. */
export const digestOfEmpty: Rule = {
  id: 'digest-of-empty',
  severity: 'warning',
  title: 'the digest is that of an empty page',
  *check(director) {
    for (const { server, check } of checksOf(director)) {
      if (check.type !== 'HTTP_GET' && check.type !== 'SSL_GET') continue;
      for (const url of check.urls) {
        if (url.digest !== emptyDigest) continue;
        yield {
          at: director.at(url, 'digest'),
          message: `the digest of '${url.path}' of ${nameOfServer(server)} is that of an empty page`,
          hint: `run genhash again and look at the page with 'genhash -v'; where it is empty on purpose, write 'status_code' instead`,
        };
      }
    }
  },
};
