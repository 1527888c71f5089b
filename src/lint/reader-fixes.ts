import { findKeyword } from '../config/index.ts';
import type { SourceSpan } from '../core/index.ts';
import { spanOf, type Director, type PlacedLine } from './director.ts';
import { removeText, replaceText } from './edit.ts';
import type { Fix } from './finding.ts';

type MakeFix = (span: SourceSpan, director: Director) => Fix | undefined;

/** Codes whose line keepalived passes over: without it nothing changes. */
const removable = [
  'ops-without-udp',
  'protocol-of-fwmark',
  'preempt-delay-master',
  'preempt-delay-nopreempt',
  'out-of-order',
];

const fixes: ReadonlyMap<string, MakeFix> = new Map<string, MakeFix>([
  ...removable.map((code): readonly [string, MakeFix] => [code, removeLine]),
  ['deprecated-keyword', renameKeyword],
]);

/** The safe fix of what the reader of the configuration found, where there is one. */
export function readerFix(code: string, span: SourceSpan | undefined, director: Director): Fix | undefined {
  return span === undefined ? undefined : fixes.get(code)?.(span, director);
}

function lineAt(span: SourceSpan, director: Director): PlacedLine | undefined {
  return director.lines.find(({ statement }) => {
    const { file, line, column } = statement.keyword.span;
    return line === span.line && column === span.column && file === span.file;
  });
}

function removeLine(span: SourceSpan, director: Director): Fix | undefined {
  const line = lineAt(span, director);
  if (line === undefined || line.statement.block !== undefined || !stands(line, director)) return undefined;
  return removeText(director.sources.get(span.file), spanOf(line.statement), 'remove the line, which has no effect');
}

function renameKeyword(span: SourceSpan, director: Director): Fix | undefined {
  const line = lineAt(span, director);
  const name = line?.keyword?.insteadUse;
  const source = director.sources.get(span.file);
  if (line?.keyword === undefined || name === undefined || !stands(line, director)) return undefined;
  // Only where the new name stands in the same block and takes the same words nothing but the name changes.
  if (findKeyword(line.block, name)?.args.kind !== line.keyword.args.kind) return undefined;
  return replaceText(source, span, name, `write '${name}'`);
}

/** Whether the file holds the keyword as it is, and not a definition that it came from. */
function stands({ statement }: PlacedLine, director: Director): boolean {
  const { span, text } = statement.keyword;
  const source = director.sources.get(span.file);
  const start = source?.offset(span.line, span.column);
  return (
    start !== undefined && source?.text.startsWith(text, start) === true && span.endColumn - span.column === text.length
  );
}
