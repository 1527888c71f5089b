import { err, ok, type Result } from '../core/index.ts';

/** `~SEQ(J, 1, 3) text` and `~LST({A,B}, {1,2}, {3,4}) text`: the text once for each value, with `$J` and `${J}` replaced. */

const copyLimit = 100_000;
const sizeLimit = 50_000_000;

export function expandRepetition(text: string): Result<readonly string[]> {
  const match = /^\s*~(SEQx?|LST)\(((?:[^()]|\([^()]*\))*)\)\s?(.*)$/s.exec(text);
  if (match?.[1] === undefined) return err('the parentheses of a repetition are not closed');
  const [, kind, inside = '', body = ''] = match;
  const rows = kind === 'LST' ? listRows(inside) : sequenceRows(inside, kind === 'SEQx');
  if (!rows.ok) return rows;
  if (rows.value.length > copyLimit || rows.value.length * (body.length + 1) > sizeLimit) {
    return err(`a repetition of ${String(rows.value.length)} copies is more than ${String(copyLimit)} or too long`);
  }
  return ok(rows.value.map((row) => replaceAll(body, row)));
}

type Row = readonly (readonly [string, string])[];

function replaceAll(body: string, row: Row): string {
  let text = body;
  for (const [name, value] of row) {
    text = text.replace(new RegExp(`\\$\\{${name}\\}|\\$${name}(?![A-Za-z0-9_])`, 'g'), () => value);
  }
  return text;
}

function sequenceRows(inside: string, hex: boolean): Result<readonly Row[]> {
  const [name = '', ...numbers] = inside.split(',').map((part) => part.trim());
  if (!isName(name)) return err(`'${name}' is not a name`);
  const values = numbers.map(Number);
  if (
    numbers.length === 0 ||
    numbers.length > 3 ||
    numbers.some((text, i) => text === '' || !Number.isSafeInteger(values[i]))
  ) {
    return err(`a sequence takes one to three whole numbers, not '${numbers.join(', ')}'`);
  }
  const [a = 0, b = 0, c = 0] = values;
  const start = numbers.length === 1 ? 1 : a;
  const end = numbers.length === 1 ? a : numbers.length === 2 ? b : c;
  const step = numbers.length === 3 ? b : start <= end ? 1 : -1;
  if (step === 0 || Math.sign(end - start) === -Math.sign(step))
    return err(`a sequence from ${String(start)} by ${String(step)} never reaches ${String(end)}`);
  const count = Math.floor((end - start) / step) + 1;
  if (count > copyLimit) return err(`a sequence of ${String(count)} numbers is more than ${String(copyLimit)}`);
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
  const bad = names.find((name) => !isName(name));
  if (bad !== undefined) return err(`'${bad}' is not a name`);
  return ok(values.map((value) => names.map((name, i) => [name, members(value)[i] ?? ''] as const)));
}

/** Splits at commas outside braces. */
function splitList(text: string): readonly string[] {
  return (text.match(/\{[^}]*\}|[^,]+/g) ?? []).map((part) => part.trim()).filter((part) => part !== '');
}

function members(text: string): readonly string[] {
  return text.startsWith('{') && text.endsWith('}')
    ? text
        .slice(1, -1)
        .split(',')
        .map((part) => part.trim())
    : [text];
}

function isName(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text);
}
