import { defaultTarget, rulesOf, type Target } from './target.ts';

/**
 * The words of a script command: split at blanks, single and (escaped) double quotes group, backslashes escape as in C.
 * Nothing else is special, since no shell sees it. 2.2.7 takes the escapes twice.
 */
export function splitCommand(command: string, target: Target = defaultTarget): readonly string[] {
  const text = rulesOf(target) === '2.2.7' ? unescapeAll(command) : command;
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < text.length;) {
    const escaped = text[i] === '\\';
    const step = escaped ? unescape(text, i + 1) : { text: text[i] ?? '', end: i + 1 };
    const grouping = escaped ? step.text === '"' : step.text === '"' || step.text === "'";
    if (grouping && (quote === '' || quote === step.text)) {
      quote = quote === '' ? step.text : '';
      word ??= '';
    } else if (quote === '' && !escaped && /\s/.test(step.text)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + step.text;
    }
    i = step.end;
  }
  if (word !== undefined) words.push(word);
  return words;
}

function unescapeAll(text: string): string {
  let plain = '';
  for (let i = 0; i < text.length;) {
    const step = text[i] === '\\' ? unescape(text, i + 1) : { text: text[i] ?? '', end: i + 1 };
    plain += step.text;
    i = step.end;
  }
  return plain;
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
  const char = rest[0];
  if (char === undefined) return { text: '\\', end: at };
  return { text: letters[char] ?? char, end: at + 1 };
}
