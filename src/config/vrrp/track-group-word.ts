import type { Word } from '../../parser/index.ts';
import type { IprouteWords } from './iproute-words.ts';

/** The reference takes only groups that are defined before. */
export function readTrackGroup(words: IprouteWords, of: Word, known: ReadonlySet<string>): string | undefined {
  const word = words.value(of);
  if (word === undefined || known.has(word.text)) return word?.text;
  words.findings.error(
    'unknown-track-group',
    word.span,
    `track_group '${word.text}' of ${words.object} is not defined before it`,
    `define 'track_group ${word.text}' before it`,
  );
  return undefined;
}
