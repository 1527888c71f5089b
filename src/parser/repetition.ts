import { err, ok, type Result } from '../core/index.ts';

/** `~SEQ(J, 1, 3) text` and `~LST({A,B}, {1,2}, {3,4}) text`: the text once for each row of values. */
export interface Repetition {
  readonly body: string;
  readonly rows: readonly Row[];
}

export type Row = readonly (readonly [name: string, value: string])[];

const copyLimit = 100_000;
const nameForm = /^[A-Za-z_]\w*$/;
const numberForm = /^[+-]?(?:\d+|0x[0-9a-fA-F]+)$/;

/** The kind, the text between the parentheses and the rest of a line that begins with a repetition. */
export function splitRepetition(text: string): Result<{ kind: string; inside: string; body: string }> | undefined {
  const head = /^\s*~(SEQx?|LST)\(/.exec(text);
  if (head?.[1] === undefined) return undefined;
  let depth = 1;
  for (let i = head[0].length; i < text.length; i++) {
    if (text[i] === '(') depth++;
    if (text[i] !== ')' || --depth > 0) continue;
    return ok({ kind: head[1], inside: text.slice(head[0].length, i), body: text.slice(i + 1).trimStart() });
  }
  return err('the parentheses of a repetition are not closed');
}

export function repetitionRows(kind: string, inside: string): Result<readonly Row[]> {
  return kind === 'LST' ? listRows(inside) : sequenceRows(inside, kind === 'SEQx');
}

function sequenceRows(inside: string, hex: boolean): Result<readonly Row[]> {
  const [name = '', ...numbers] = inside.split(',').map((part) => part.trim());
  if (!nameForm.test(name)) return err(`'${name}' is not a name`);
  const values = numbers.map(Number);
  if (
    numbers.length === 0 ||
    numbers.length > 3 ||
    numbers.some((text, i) => !numberForm.test(text) || !Number.isSafeInteger(values[i]))
  ) {
    return err(`a sequence takes one to three whole numbers, not '${numbers.join(', ')}'`);
  }
  const [a = 0, b = 0, c = 0] = values;
  const end = numbers.length === 1 ? a : numbers.length === 2 ? b : c;
  const start = numbers.length === 1 ? (end > 0 ? 1 : -1) : a;
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

function listRows(inside: string): Result<readonly Row[]> {
  const [first = '', ...values] = splitList(inside);
  const names = members(first);
  const bad = names.find((name) => !nameForm.test(name));
  if (bad !== undefined) return err(`'${bad}' is not a name`);
  if (names.length * values.length > copyLimit) return err(`a list of more than ${String(copyLimit)} values`);
  return ok(
    values.map((value) => {
      const parts = names.length === 1 && !first.startsWith('{') ? [value] : members(value);
      return names.map((name, i) => [name, parts[i] ?? ''] as const);
    }),
  );
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
  return parts.filter((part) => part !== '');
}

function members(text: string): readonly string[] {
  if (!text.startsWith('{') || !text.endsWith('}')) return [text];
  return text
    .slice(1, -1)
    .split(',')
    .map((part) => part.trim());
}
