/**
 * The words of a script command: split at blanks, single and escaped double quotes group, backslashes escape as in C.
 * Nothing else is special, since no shell sees it.
 */
export function splitCommand(command: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < command.length; i++) {
    const char = command[i] ?? '';
    if (quote !== '') {
      if (char === quote) quote = '';
      else word = (word ?? '') + char;
    } else if (char === "'" || char === '"') {
      quote = char;
      word ??= '';
    } else if (char === '\\') {
      const escape = unescape(command, i + 1);
      word = (word ?? '') + escape.text;
      i = escape.end - 1;
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

const letters: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function unescape(text: string, at: number): { readonly text: string; readonly end: number } {
  const rest = text.slice(at, at + 4);
  const hex = /^x([0-9a-fA-F]{1,2})/.exec(rest);
  if (hex?.[1] !== undefined)
    return { text: String.fromCharCode(Number.parseInt(hex[1], 16)), end: at + hex[0].length };
  const octal = /^[0-7]{1,3}/.exec(rest);
  if (octal !== null)
    return { text: String.fromCharCode(Number.parseInt(octal[0], 8) & 0xff), end: at + octal[0].length };
  if (rest.startsWith('c') && rest.length > 1)
    return { text: String.fromCharCode(rest.charCodeAt(1) & 0x1f), end: at + 2 };
  const char = rest[0] ?? '\\';
  return { text: letters[char] ?? char, end: at + 1 };
}
