import type { Rule } from '../../rule.ts';
import { checksOf, nameOfServer } from './objects.ts';

/** Retries are there to outlast a short disturbance. */
export const retryWithoutDelay: Rule = {
  id: 'retry-without-delay',
  severity: 'info',
  title: 'retries follow each other at once',
  *check(director) {
    for (const { server, check } of checksOf(director)) {
      if (check.type === 'FILE_CHECK' || check.type === 'BFD_CHECK') continue;
      if (check.retry === 0 || check.delayBeforeRetryMs > 0) continue;
      yield {
        at: director.at(check, 'delay_before_retry'),
        message: `${check.type} of ${nameOfServer(server)} retries without a delay: all tries meet the same disturbance`,
        hint: "write 'delay_before_retry 1' or more",
      };
    }
  },
};
