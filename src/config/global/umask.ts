import type { Reading } from '../read.ts';

const bits: Readonly<Record<string, number>> = {
  IRUSR: 0o400,
  IWUSR: 0o200,
  IXUSR: 0o100,
  IRGRP: 0o040,
  IWGRP: 0o020,
  IXGRP: 0o010,
  IROTH: 0o004,
  IWOTH: 0o002,
  IXOTH: 0o001,
};

/** `umask 022`, in C's notation, or `umask IWGRP | IWOTH`. */
export function readUmask(reading: Reading): number | undefined {
  const words = reading.entry('umask')?.statement.args ?? [];
  const [first] = words;
  if (first === undefined) return undefined;
  const text = words.map((word) => word.text).join('');
  const octal = /^0[0-7]+$/.test(text);
  const number = octal ? Number.parseInt(text, 8) : /^(?:0x[0-9a-f]+|[1-9]\d*|0)$/i.test(text) ? Number(text) : -1;
  const named = text.split('|').map((name) => bits[name]);
  const value = named.every((bit) => bit !== undefined) ? named.reduce((mask, bit) => mask | bit, 0) : number;
  if (value >= 0 && value <= 0o777) return value;
  reading.findings.error(
    'bad-argument',
    first.span,
    `'umask ${text}' in ${reading.object} is not valid`,
    "it takes a number up to 0777, or bits such as IWGRP separated by '|'",
  );
  return undefined;
}
