/**
 * A configuration says few words many times. Those that were seen are kept, so that most words of a large file are not made anew;
 * a fixed number of places, each for the last word that fell there, keeps it small.
 */
const places = 1024;
const longest = 24;
const seen: (string | undefined)[] = new Array<string | undefined>(places).fill(undefined);

/** The text from `from` to `to`. */
export function repeatedText(text: string, from: number, to: number): string {
  const length = to - from;
  if (length > longest) return text.slice(from, to);
  let hash = length;
  for (let at = from; at < to; at++) hash = (hash * 31 + text.charCodeAt(at)) | 0;
  const place = hash & (places - 1);
  const known = seen[place];
  if (known?.length === length && text.startsWith(known, from)) return known;
  const made = text.slice(from, to);
  seen[place] = made;
  return made;
}
