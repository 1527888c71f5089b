import type { Rule } from '../../rule.ts';
import { emptyDigest } from './digest-of-empty.ts';
import { checksOf, nameOfServer } from './objects.ts';

/** Replies with these statuses have no body (RFC 9110, 6.4.1), so that any digest but that of nothing fails. */
const bodiless: readonly (readonly [number, number])[] = [
  [100, 199],
  [204, 204],
  [304, 304],
];

export const digestWithoutBody: Rule = {
  id: 'digest-without-body',
  severity: 'warning',
  title: 'a digest together with a status whose replies have no body',
  *check(director) {
    for (const { server, check } of checksOf(director)) {
      if (check.type !== 'HTTP_GET' && check.type !== 'SSL_GET') continue;
      for (const url of check.urls) {
        if (url.digest === undefined || url.digest === emptyDigest) continue;
        const hopeless = url.statusCodes.every(([low, high]) =>
          bodiless.some(([from, to]) => from <= low && high <= to),
        );
        if (!hopeless) continue;
        yield {
          at: director.at(url, 'status_code'),
          message: `'${url.path}' of ${nameOfServer(server)} wants a digest and a status whose replies have no body: it always fails`,
          hint: 'leave out the digest or the status_code',
        };
      }
    }
  },
};
