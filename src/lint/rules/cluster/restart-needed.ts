import { spanOf, textOf, type Director } from '../../director.ts';
import type { ChangeRule } from '../../rule.ts';

const fixed = [
  'net_namespace',
  'net_namespace_ipvs',
  'instance',
  'nftables',
  'nftables_ipvs',
  'disable_local_igmp',
  'tmp_config_directory',
];

/** A reload says that it cannot change these and goes on with what was. */
export const restartNeeded: ChangeRule = {
  id: 'restart-needed',
  severity: 'warning',
  title: 'a setting that a reload does not change',
  *change(director, previous) {
    const [now, before] = [linesOf(director), linesOf(previous)];
    for (const keyword of fixed) {
      const [line, then] = [now.get(keyword), before.get(keyword)];
      const at = line ?? then;
      if (at === undefined || (line === undefined ? '' : textOf(line)) === (then === undefined ? '' : textOf(then)))
        continue;
      yield {
        at: spanOf(at),
        message: `'${keyword}' ${line === undefined ? 'is gone' : then === undefined ? 'is new' : 'has another value'}: a reload leaves it as it was`,
        hint: 'restart the daemon, with the other director as MASTER',
        ...(line === undefined || then === undefined
          ? {}
          : { related: [{ span: spanOf(then), message: 'as it runs now' }] }),
      };
    }
  },
};

function linesOf({ lines }: Director): ReadonlyMap<string, Director['lines'][number]['statement']> {
  return new Map(
    lines
      .filter(({ block }) => block === '(root)' || block === 'global_defs')
      .map(({ statement }) => [statement.keyword.text, statement]),
  );
}
