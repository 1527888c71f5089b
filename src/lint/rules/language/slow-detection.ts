import type { Rule } from '../../rule.ts';

const longMs = 60_000;

/** From the failure to the reaction at most `fall` runs pass. */
export const slowDetection: Rule = {
  id: 'slow-detection',
  severity: 'info',
  title: 'a failure is noticed only after a minute or more',
  *check(director) {
    for (const script of director.config.vrrp.scripts) {
      const { name, intervalMs, fall } = script;
      if (fall * intervalMs < longMs) continue;
      yield {
        at: director.at(script, fall > 1 ? 'fall' : 'interval'),
        message: `vrrp_script ${name} notices a failure only after ${String((fall * intervalMs) / 1000)} s: ${String(fall)} failures in a row, ${String(intervalMs / 1000)} s apart`,
        hint: 'give a shorter interval, or a smaller fall',
      };
    }
  },
};
