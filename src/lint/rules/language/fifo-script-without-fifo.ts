import { spanOf } from '../../director.ts';
import type { Rule } from '../../rule.ts';

/** The script reads the FIFO; without one it is never started, and keepalived says nothing. */
export const fifoScriptWithoutFifo: Rule = {
  id: 'fifo-script-without-fifo',
  severity: 'warning',
  title: 'a script for a FIFO that is not configured',
  *check(director) {
    const given = new Map(
      director.lines
        .filter(({ block }) => block === 'global_defs')
        .map(({ statement }) => [statement.keyword.text, statement]),
    );
    for (const name of ['notify_fifo', 'vrrp_notify_fifo', 'lvs_notify_fifo']) {
      const script = given.get(`${name}_script`);
      if (script === undefined || given.has(name)) continue;
      yield {
        at: spanOf(script),
        message: `${name}_script is never run: there is no ${name} that it could read`,
        hint: `add '${name} /run/keepalived/${name}'`,
      };
    }
  },
};
