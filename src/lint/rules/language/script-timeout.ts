import type { Rule } from '../../rule.ts';

/** A run that hangs delays the next ones: the script is started again only when the last run has ended. */
export const scriptTimeout: Rule = {
  id: 'script-timeout',
  severity: 'warning',
  title: 'the timeout of a script is longer than its interval',
  *check(director) {
    for (const script of director.config.vrrp.scripts) {
      const { name, intervalMs, timeoutMs } = script;
      if (timeoutMs === undefined || timeoutMs <= intervalMs) continue;
      yield {
        at: director.at(script, 'timeout'),
        message: `timeout ${secs(timeoutMs)} of vrrp_script ${name} is longer than its interval of ${secs(intervalMs)} s: a run that hangs takes the place of the next ones`,
        hint: `give a timeout of at most ${secs(intervalMs)}, or a longer interval`,
      };
    }
  },
};

function secs(ms: number): string {
  return String(ms / 1000);
}
