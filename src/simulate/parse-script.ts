import type { Diagnostic, SourceSpan } from '../core/index.ts';
import { parseAction } from './parse-action.ts';
import { parseClaim } from './parse-claim.ts';
import type { Expectation, NameUse, Script, ScriptEvent, Use, Wiring } from './script.ts';
import { ScriptError, ScriptLine, type Word } from './script-line.ts';

const maxLines = 10_000;
const maxErrors = 50;

/** What is gathered while the lines are read. */
interface Reading {
  readonly events: ScriptEvent[];
  readonly expectations: (Expectation & { readonly always: boolean })[];
  readonly wiring: Wiring[];
  readonly names: NameUse[];
  readonly reloads: string[];
  endMs?: number;
}

/** Reads a script. What is wrong is told with file, line and column; names are looked up later, see `checkNames`. */
export function parseScript(
  file: string,
  text: string,
): { readonly script: Script; readonly diagnostics: readonly Diagnostic[] } {
  const reading: Reading = { events: [], expectations: [], wiring: [], names: [], reloads: [] };
  const diagnostics: Diagnostic[] = [];
  const lines = text.split(/\r?\n/);
  for (const [i, line] of lines.entries()) {
    try {
      const words = new ScriptLine(file, i + 1, line);
      if (i >= maxLines)
        throw new ScriptError('the script is too long', `at most ${String(maxLines)} lines`, words.span);
      if (!words.empty) readLine(words, line, reading);
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      diagnostics.push(diagnostic(error));
      if (diagnostics.length >= maxErrors || i >= maxLines) break;
    }
  }
  return { script: withTimes(reading), diagnostics: [...diagnostics, ...impatient(reading)] };
}

function readLine(words: ScriptLine, line: string, reading: Reading): void {
  const { span } = words;
  const text = line.slice(span.column - 1, span.endColumn - 1);
  const use: Use = (kind, { text: name, span: at }, director) => {
    reading.names.push({ kind, name, span: at, ...(director === undefined ? {} : { director }) });
    return name;
  };
  const first = words.take('a word');
  switch (first.text) {
    case 'at': {
      const atMs = words.duration('a time');
      words.expect(':');
      checkOrder(atMs, reading, first.span);
      const action = parseAction(words, use);
      words.finish();
      reading.events.push({ atMs, text: text.replace(/^at\s+\S+\s*/, ''), span, action });
      if (action.do === 'reload') reading.reloads.push(action.file);
      return;
    }
    case 'always':
    case 'expect': {
      const always = first.text === 'always';
      if (always) words.expect('expect');
      const { claim, of } = parseClaim(words, use, always);
      words.finish();
      const fromMs = always ? 0 : (reading.events.at(-1)?.atMs ?? 0);
      reading.expectations.push({ text, span, fromMs, claim, always, ...(of === undefined ? {} : { of }) });
      return;
    }
    case 'end': {
      words.expect('at');
      const endMs = words.duration('a time');
      words.finish();
      checkOrder(endMs, reading, first.span);
      reading.endMs = endMs;
      return;
    }
    case 'link':
      reading.wiring.push(readLink(words, use, span));
      return;
    default:
      readAddress(words, { first, use, span }, reading);
  }
}

/** `d1 eth0 has 192.0.2.1` */
function readAddress(
  words: ScriptLine,
  { first, use, span }: { readonly first: Word; readonly use: Use; readonly span: SourceSpan },
  reading: Reading,
): void {
  if (words.peek(1) !== 'has') {
    const hint =
      "a line begins with 'at TIME:', 'expect', 'always expect', 'link', 'end at', or is 'DIRECTOR INTERFACE has ADDRESS'";
    throw new ScriptError(`'${first.text}' begins no line`, hint, first.span);
  }
  const director = use('director', first);
  const { text: ifname } = words.take('an interface');
  words.expect('has');
  do reading.wiring.push({ do: 'address', director, ifname, address: words.address(), span });
  while (words.skip(','));
  words.finish();
}

/** `link lan: d1 eth0, d2 ens3` */
function readLink(words: ScriptLine, use: Use, span: SourceSpan): Wiring {
  const name = words.take('the name of the link').text;
  words.expect(':');
  const ends: { readonly director: string; readonly ifname: string }[] = [];
  do ends.push({ director: use('director', words.take('a director')), ifname: words.take('an interface').text });
  while (words.skip(','));
  words.finish();
  return { do: 'link', name, ends, span };
}

function checkOrder(atMs: number, { events, endMs }: Reading, span: SourceSpan): void {
  const before = events.at(-1)?.atMs ?? 0;
  if (atMs < before)
    throw new ScriptError('this is before the line above it', `${String(before / 1000)}s or later`, span);
  if (endMs !== undefined)
    throw new ScriptError('nothing comes after the end', "'end at' is the last line with a time", span);
}

/** Each expectation is of the time until the next event. */
function withTimes({ events, expectations, wiring, names, reloads, endMs }: Reading): Script {
  return {
    events,
    wiring,
    names,
    reloads,
    expectations: expectations.map(({ always, ...expectation }) => {
      const next = always ? undefined : nextAfter(events, expectation);
      return next === undefined ? expectation : { ...expectation, untilMs: next.atMs };
    }),
    ...(endMs === undefined ? {} : { endMs }),
  };
}

function nextAfter(events: readonly ScriptEvent[], { span }: Expectation): ScriptEvent | undefined {
  return events.find((event) => event.span.line > span.line);
}

/** What must be so within a time that is over only after the next event can never be told. */
function impatient({ events, expectations, endMs }: Reading): readonly Diagnostic[] {
  return expectations.flatMap((expectation) => {
    const { claim, fromMs, span, always } = expectation;
    if (always || !('withinMs' in claim)) return [];
    const untilMs = nextAfter(events, expectation)?.atMs ?? endMs;
    if (untilMs === undefined || fromMs + claim.withinMs < untilMs) return [];
    const message = `${String(claim.withinMs / 1000)} s are not over when the next thing happens`;
    const hint = `less than ${String((untilMs - fromMs) / 1000)}s, or a later event`;
    return [diagnostic(new ScriptError(message, hint, span))];
  });
}

function diagnostic({ message, hint, span }: ScriptError): Diagnostic {
  return { severity: 'error', code: 'script', message, hint, span };
}
