import type { Claim, Use } from './script.ts';
import { ScriptError, type ScriptLine } from './script-line.ts';

const states = { master: 'MASTER', backup: 'BACKUP', fault: 'FAULT' } as const;
const stateWords = Object.keys(states);

export interface ParsedClaim {
  readonly claim: Claim;
  readonly of?: string;
}

/** What follows `expect`. `always`: only what can hold at every moment. */
export function parseClaim(words: ScriptLine, use: Use, always: boolean): ParsedClaim {
  const first = words.take("'no', 'at', 'one', 'nobody' or a director");
  const of = (): { readonly of?: string } =>
    words.skip('of') ? { of: use('instance', words.take('an instance or a sync group')) } : {};
  const within = (): { readonly withinMs: number } => ({
    withinMs: words.skip('within') ? words.duration('a time') : 0,
  });
  if (first.text === 'no') {
    const what = words.expect('two', 'gap', 'change').text;
    if (what === 'change') return { claim: { is: 'changes', atMost: 0 }, ...of() };
    if (what === 'two') words.expect('masters');
    const which = of();
    const longestMs = words.skip('longer') ? (words.expect('than'), words.duration('a time')) : 0;
    return { claim: { is: what === 'two' ? 'no-two' : 'no-gap', longestMs }, ...which };
  }
  if (first.text === 'at') {
    words.expect('most');
    const atMost = words.integer('a number of changes', 0, 1_000_000);
    words.expect('changes', 'change');
    return { claim: { is: 'changes', atMost }, ...of() };
  }
  if (always) {
    const hint = "'no two masters', 'no gap', 'no change' or 'at most N changes'";
    throw new ScriptError(`'${first.text}' cannot be expected always`, hint, first.span);
  }
  if (first.text === 'one' || first.text === 'nobody') {
    const what = first.text === 'one' ? words.expect('master').text : words.expect('master', 'holds').text;
    if (what === 'holds') {
      const address = words.address();
      return { claim: { is: 'holds', address, ...within() } };
    }
    const which = of();
    return { claim: { is: first.text === 'one' ? 'one-master' : 'nobody-master', ...within() }, ...which };
  }
  const director = use('director', first);
  const what = words.expect(...stateWords, 'holds').text;
  if (what === 'holds') {
    const address = words.address();
    return { claim: { is: 'holds', director, address, ...within() } };
  }
  const which = of();
  const state = what === 'master' ? states.master : what === 'backup' ? states.backup : states.fault;
  return { claim: { is: 'state', director, state, ...within() }, ...which };
}
