import { err, ok, type Result } from '../core/index.ts';

/** `~SEQ(J, 1, 3) text` and `~LST({A,B}, {1,2}, {3,4}) text`: the text once for each row of values. */
export interface Repetition {
  readonly body: string;
  readonly rows: readonly Row[];
}

export type Row = readonly (readonly [name: string, value: string])[];

const copyLimit = 100_000;
const nameForm = /^[A-Za-z_]\w*$/;
const numberForm = /^[+-]?(?:0x[0-9a-fA-F]+|0[0-7]*|[1-9]\d*)$/;

/** The kind, the text between the parentheses and the rest of a line that begins with a repetition. */
export function splitRepetition(text: string): Result<{ kind: string; inside: string; body: string }> | undefined {
  const head = /^\s*~(SEQx?|LST)\(/.exec(text);
  if (head?.[1] === undefined) return undefined;
  const end = text.indexOf(')', head[0].length);
  if (end === -1) return err('the parentheses of a repetition are not closed');
  return ok({ kind: head[1], inside: text.slice(head[0].length, end), body: text.slice(end + 1).trimStart() });
}

export function repetitionRows(kind: string, inside: string): Result<readonly Row[]> {
  return kind === 'LST' ? listRows(inside) : sequenceRows(inside, kind === 'SEQx');
}

function sequenceRows(inside: string, hex: boolean): Result<readonly Row[]> {
  const [name = '', ...numbers] = inside.split(',').map((part) => part.trim());
  if (!nameForm.test(name)) return err(`'${name}' is not a name`);
  const values = numbers.map(numberOf);
  if (
    numbers.length === 0 ||
    numbers.length > 3 ||
    numbers.some((text, i) => !numberForm.test(text) || !Number.isSafeInteger(values[i]))
  ) {
    return err(`a sequence takes one to three whole numbers, not '${numbers.join(', ')}'`);
  }
  const [a = 0, b = 0, c = 0] = values;
  const end = numbers.length === 1 ? a : numbers.length === 2 ? b : c;
  const start = numbers.length === 1 ? (end < 0 ? -1 : 1) : a;
  const step = numbers.length === 3 ? b : start <= end ? 1 : -1;
  if (step === 0 || Math.sign(end - start) === -Math.sign(step))
    return err(`a sequence from ${String(start)} by ${String(step)} never reaches ${String(end)}`);
  const count = Math.floor((end - start) / step) + 1;
  if (count > copyLimit)
    return err(`a sequence of ${String(count)} numbers is more than the ${String(copyLimit)} allowed`);
  const rows: Row[] = [];
  for (let i = 0; i < count; i++) {
    const value = start + i * step;
    rows.push([[name, hex ? value.toString(16) : String(value)]]);
  }
  return ok(rows);
}

/** As C has it: hexadecimal after `0x`, octal after `0`. */
function numberOf(text: string): number {
  const digits = text.replace(/^[+-]/, '');
  const value = digits.startsWith('0x') ? Number(digits) : Number.parseInt(digits, digits.startsWith('0') ? 8 : 10);
  return text.startsWith('-') ? -value : value;
}

function listRows(inside: string): Result<readonly Row[]> {
  const [first = '', ...values] = splitList(inside);
  const names = members(first);
  const bad = names.find((name) => !nameForm.test(name));
  if (bad !== undefined) return err(`'${bad}' is not a name`);
  if (values.length === 0) return err('a list has no values');
  if (names.length * values.length > copyLimit) return err(`a list of more than ${String(copyLimit)} values`);
  const rows: Row[] = [];
  for (const value of values) {
    const parts = members(value);
    if (parts.length > names.length) return err(`'${value}' has more values than there are names in '${first}'`);
    const wrong = parts.find((part) => /[\s{}]/.test(part));
    if (wrong !== undefined) return err(`'${wrong}' is not a value: it has a blank or a brace in it`);
    rows.push(names.map((name, i) => [name, parts[i] ?? ''] as const));
  }
  return ok(rows);
}

/** Splits at commas outside braces. */
function splitList(text: string): readonly string[] {
  const parts: string[] = [];
  let inBraces = false;
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    if (text[at] === '{') inBraces = true;
    else if (text[at] === '}') inBraces = false;
    if (at < text.length && (inBraces || text[at] !== ',')) continue;
    parts.push(text.slice(start, at).trim());
    start = at + 1;
  }
  return parts;
}

function members(text: string): readonly string[] {
  if (!text.startsWith('{') || !text.endsWith('}')) return [text];
  return text
    .slice(1, -1)
    .split(',')
    .map((part) => part.trim());
}
