/** What one place in a name may be. */
type Piece = 'star' | ((char: string) => boolean);

export function hasWildcard(part: string): boolean {
  return /[*?[\\]/.test(part);
}

/**
 * Whether names match a pattern without slashes: `*`, `?`, `[a-z]`, `[!a-z]`, `\` before what is meant as it stands. Takes a
 * time of at most the length of the pattern by that of the name.
 */
export function compileName(pattern: string): (name: string) => boolean {
  const pieces = compile(Array.from(pattern));
  return (name) => {
    const chars = Array.from(name);
    let [at, piece, star, from] = [0, 0, -1, 0];
    while (at < chars.length) {
      const one = pieces[piece];
      if (one === 'star') [star, from, piece] = [piece, at, piece + 1];
      else if (one?.(chars[at] ?? '') === true) [at, piece] = [at + 1, piece + 1];
      else if (star === -1) return false;
      else [from, at, piece] = [from + 1, from + 1, star + 1];
    }
    return pieces.slice(piece).every((one) => one === 'star');
  };
}

function compile(chars: readonly string[]): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] ?? '';
    const end = char === '[' ? chars.indexOf(']', i + (/[!^]/.test(chars[i + 1] ?? '') ? 3 : 2)) : -1;
    if (char === '*') pieces.push('star');
    else if (char === '?') pieces.push(() => true);
    else if (end !== -1) {
      pieces.push(charSet(chars.slice(i + 1, end)));
      i = end;
    } else {
      const meant = char === '\\' && i + 1 < chars.length ? (chars[++i] ?? '') : char;
      pieces.push((one) => one === meant);
    }
  }
  return pieces;
}

function charSet(inside: readonly string[]): (char: string) => boolean {
  const negated = inside[0] === '!' || inside[0] === '^';
  const chars = negated ? inside.slice(1) : inside;
  const ranges: (readonly [string, string])[] = [];
  for (let i = 0; i < chars.length; i++) {
    const first = chars[i] ?? '';
    const last = chars[i + 1] === '-' ? chars[i + 2] : undefined;
    ranges.push([first, last ?? first]);
    if (last !== undefined) i += 2;
  }
  return (char) => ranges.some(([first, last]) => char >= first && char <= last) !== negated;
}
