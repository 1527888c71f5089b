import type { Entry, Findings } from './read.ts';

export interface Weight {
  readonly weight: number;
  readonly reverse: boolean;
}

/** `weight NUMBER [reverse]`; `noreverse` only where the block knows that word. */
export function readWeight(
  findings: Findings,
  object: string,
  entry: Entry | undefined,
  otherwise: number,
  knowsNoreverse = false,
): Weight {
  const weight = typeof entry?.value === 'number' ? entry.value : otherwise;
  const word = entry?.statement.args[1];
  if (word !== undefined && word.text !== 'reverse' && !(knowsNoreverse && word.text === 'noreverse'))
    findings.error(
      'bad-argument',
      word.span,
      `'${word.text}' after the weight of ${object} is not valid`,
      `it takes NUMBER [reverse${knowsNoreverse ? '|noreverse' : ''}]`,
    );
  return { weight, reverse: word?.text === 'reverse' };
}
