import { defined } from '../defined.ts';
import type { VrrpTrackProcess } from '../model/tracking.ts';
import { readBlock, type Entry, type Findings, type Reading } from '../read.ts';
import { readWeight } from '../weight.ts';

export function buildTrackProcess(
  findings: Findings,
  name: string,
  { statement }: Entry,
): VrrpTrackProcess | undefined {
  const object = `vrrp_track_process ${name}`;
  const reading = readBlock(findings, 'vrrp_track_process', object, statement.block?.statements ?? []);
  const process = reading.first('process')?.statement.args.map(({ text }) => text);
  const { span } = statement.keyword;
  if (process === undefined) {
    findings.error('missing-keyword', span, `${object} has no process`, "add 'process NAME'; the block is ignored");
    return undefined;
  }
  const paramMatch = readParamMatch(reading);
  const bothDelaysMs = reading.number('delay') ?? 0;
  return {
    name,
    span,
    process,
    ...defined({ paramMatch, quorumMax: quorumMax(reading) }),
    ...readWeight(findings, object, reading.entry('weight'), 0),
    quorum: reading.number('quorum') ?? 1,
    forkDelayMs: lastOf(reading, ['delay', 'fork_delay']) ?? bothDelaysMs,
    terminateDelayMs: lastOf(reading, ['delay', 'terminate_delay']) ?? bothDelaysMs,
    fullCommand: reading.flag('full_command') || reading.has('param_match'),
  };
}

/** Of lines that set the same, the last. */
function lastOf(reading: Reading, names: readonly string[]): number | undefined {
  const value = reading.entries.findLast(({ keyword }) => names.includes(keyword.name))?.value;
  return typeof value === 'number' ? value : undefined;
}

function readParamMatch(reading: Reading): VrrpTrackProcess['paramMatch'] {
  const entry = reading.entry('param_match');
  const word = entry?.statement.args[0];
  if (entry === undefined) return undefined;
  if (word === undefined) return 'exact';
  if (word.text === 'initial' || word.text === 'partial') return word.text;
  reading.findings.error(
    'bad-argument',
    word.span,
    `'param_match ${word.text}' in ${reading.object} is not valid`,
    'it takes initial, partial, or nothing where the parameters are to be equal',
  );
  return undefined;
}

function quorumMax(reading: Reading): number | undefined {
  const most = reading.number('quorum_max');
  const least = reading.number('quorum') ?? 1;
  const span = reading.entry('quorum_max')?.statement.keyword.span;
  // 0 is how the file says that the process must not run at all.
  if (most === undefined || span === undefined || most === 0 || most >= least) return most;
  reading.findings.error(
    'bad-argument',
    span,
    `quorum_max ${String(most)} in ${reading.object} is less than its quorum`,
    `it takes ${String(least)} or more, or 0 where no such process may run; it is ignored`,
  );
  return undefined;
}
