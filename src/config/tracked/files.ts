import type { TrackFile } from '../model/tracking.ts';
import { defined } from '../defined.ts';
import { readBlock, type Entry, type Findings, type Reading } from '../read.ts';
import { readWeight } from '../weight.ts';

export function buildTrackFile(findings: Findings, name: string, entry: Entry): TrackFile | undefined {
  const path = entry.keyword.name;
  const object = `${path} ${name}`;
  const reading = readBlock(findings, path, object, entry.statement.block?.statements ?? []);
  const file = reading.first('file')?.value;
  const { span } = entry.statement.keyword;
  if (typeof file !== 'string') {
    findings.error('missing-keyword', span, `${object} has no file`, `add 'file /path'`);
    return undefined;
  }
  return {
    name,
    span,
    file,
    ...readWeight(findings, object, reading.entry('weight'), 1),
    ...defined({ initFile: readInitFile(reading) }),
  };
}

/** `init_file [NUMBER] [overwrite]`, in any order. */
function readInitFile(reading: Reading): TrackFile['initFile'] {
  const entry = reading.entry('init_file');
  if (entry === undefined) return undefined;
  let value = 0;
  let overwrite = false;
  for (const word of entry.statement.args) {
    const number = /^[+-]?\d{1,10}$/.test(word.text) ? Number(word.text) : Number.NaN;
    if (word.text === 'overwrite') overwrite = true;
    else if (number >= -2_147_483_648 && number <= 2_147_483_647) value = number;
    else
      reading.findings.error(
        'bad-argument',
        word.span,
        `'init_file ${word.text}' in ${reading.object} is not valid`,
        'it takes a whole number, and overwrite',
      );
    if (Math.abs(number) > 254 && Math.abs(number) <= 2_147_483_648)
      reading.findings.warning(
        'bad-argument',
        word.span,
        `'init_file ${word.text}' in ${reading.object} is more than a priority can be moved by`,
        'numbers from -254 to 254 make sense for instances',
      );
  }
  return { value, overwrite };
}
