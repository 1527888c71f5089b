import { defined } from '../defined.ts';
import type { VrrpScript } from '../model/tracking.ts';
import { readBlock, type Entry, type Findings } from '../read.ts';
import { readWeight } from '../weight.ts';

export function buildScript(findings: Findings, name: string, { statement }: Entry): VrrpScript | undefined {
  const object = `vrrp_script ${name}`;
  const reading = readBlock(findings, 'vrrp_script', object, statement.block?.statements ?? []);
  const script = reading.command('script');
  const { span } = statement.keyword;
  if (script === undefined) {
    findings.error('missing-keyword', span, `${object} has no script`, `add 'script "/path/to/command"'`);
    return undefined;
  }
  const [user, group] = reading.words('user') ?? [];
  const userWord = reading.entry('user')?.statement.args[0];
  if (user !== undefined && userWord !== undefined && findings.host.knownUser?.(user) === false)
    findings.error(
      'unknown-user',
      userWord.span,
      `user ${user} of ${object} does not exist on this host`,
      'create the user, or name another',
    );
  const timeoutMs = reading.number('timeout');
  return {
    name,
    span,
    script: user === undefined ? script : { ...script, user, ...defined({ group }) },
    intervalMs: reading.number('interval') ?? 1000,
    ...defined({ timeoutMs: timeoutMs === 0 ? undefined : timeoutMs }),
    ...readWeight(findings, object, reading.entry('weight'), 0),
    rise: reading.number('rise') ?? 1,
    fall: reading.number('fall') ?? 1,
    initFail: reading.flag('init_fail'),
  };
}
