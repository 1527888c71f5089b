import { isDefinedBefore } from '../defined-before.ts';
import type { BfdCheck, FileCheck } from '../model/checkers.ts';
import type { Entry, Reading } from '../read.ts';
import { readWeight } from '../weight.ts';
import type { CheckContext } from './check-settings.ts';

/** Checks that follow what something else sees: a track_file, or a BFD session. Both must be defined before. */

export function fileCheck({ statement }: Entry, reading: Reading, context: CheckContext): FileCheck | undefined {
  const { findings, object } = reading;
  const name = reading.text('track_file');
  const { span } = statement.keyword;
  if (name === undefined) {
    findings.error('missing-keyword', span, `${object} has no track_file`, "add 'track_file NAME'; it is ignored");
    return undefined;
  }
  const file = context.trackFiles.find((known) => known.name === name);
  if (file === undefined || !isDefinedBefore(file.span, span)) {
    findings.error(
      'unknown-track-file',
      reading.entry('track_file')?.statement.args[0]?.span ?? span,
      `track_file '${name}' of ${object} is not defined before it`,
      `define 'track_file ${name}' before it; the check is ignored`,
    );
    return undefined;
  }
  const weight = reading.entry('weight');
  const own = weight === undefined ? { reverse: false } : readWeight(findings, object, weight, file.weight, true);
  return { type: 'FILE_CHECK', span, trackFile: name, ...own };
}

export function bfdCheck({ statement }: Entry, reading: Reading, context: CheckContext): BfdCheck | undefined {
  const { findings, object } = reading;
  const { span } = statement.keyword;
  const [name, extra] = reading.first('name')?.statement.args ?? [];
  if (name === undefined || extra !== undefined) {
    findings.error('missing-keyword', span, `${object} has no name, or more than one`, "add 'name BFD_INSTANCE'");
    return undefined;
  }
  const bfd = context.bfdInstances.find((known) => known.name === name.text && known.checker);
  if (!isDefinedBefore(bfd?.span, span)) {
    findings.error(
      'unknown-bfd',
      name.span,
      `bfd_instance '${name.text}' of ${object} is not defined before it`,
      `define 'bfd_instance ${name.text}' before it; the check is ignored`,
    );
    return undefined;
  }
  return { type: 'BFD_CHECK', span, name: name.text, alpha: reading.flag('alpha', context.from.alpha) };
}
