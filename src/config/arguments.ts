import { err, ok, parseIp, type Result, type SourceSpan } from '../core/index.ts';
import {
  readCommandLine,
  splitCommand,
  type CommandLine,
  type rulesOf,
  type Statement,
  type Word,
} from '../parser/index.ts';
import type { Keyword } from './keywords/table.ts';
import type { ScriptCommand } from './model/values.ts';

type Rules = ReturnType<typeof rulesOf>;

export type Value = number | boolean | string | readonly string[] | ScriptCommand | undefined;

export interface ArgumentProblem {
  readonly problem: 'missing' | 'wrong' | 'no-block' | 'unclosed';
  readonly word?: Word;
  /** What would be right. */
  readonly takes: string;
  /** The value that is taken all the same. */
  readonly used?: number;
}

function missing(takes: string): { readonly ok: false; readonly error: ArgumentProblem } {
  return err({ problem: 'missing', takes });
}

function wrong(word: Word, takes: string): { readonly ok: false; readonly error: ArgumentProblem } {
  return err({ problem: 'wrong', word, takes });
}

/** The value of a line, where its arguments fit. */
export function readArguments(keyword: Keyword, statement: Statement, rules: Rules): Result<Value, ArgumentProblem> {
  const { args } = keyword;
  const [first] = statement.args;
  switch (args.kind) {
    case 'flag':
      return ok(true);
    case 'boolean': {
      if (first === undefined) return ok(true);
      const value = booleanWords.get(first.text);
      return value === undefined ? wrong(first, 'on, true, yes, off, false or no') : ok(value);
    }
    case 'integer': {
      const what = `a whole number from ${String(args.min)} to ${String(args.max)}`;
      if (first === undefined) return args.optional ? ok(undefined) : missing(what);
      const value = /^[+-]?\d+$/.test(first.text) ? Number(first.text) : Number.NaN;
      if (value >= args.min && value <= args.max) return ok(value);
      const nearest = value < args.min ? args.min : args.clamp === 'both' ? args.max : undefined;
      return args.clamp === undefined || Number.isNaN(value) || nearest === undefined
        ? wrong(first, what)
        : err({ problem: 'wrong', word: first, takes: what, used: nearest });
    }
    case 'time': {
      const unit = args.unitMs === 1000 ? 'seconds' : 'milliseconds';
      const what = `${unit} from ${String(args.min)} to ${String(args.max)}`;
      if (first === undefined) return missing(what);
      if (keyword.wholeIn === rules && !/^\d+$/.test(first.text)) return wrong(first, 'whole seconds');
      const value = /^\+?(?:\d+\.?\d*|\.\d+)$/.test(first.text) ? Number(first.text) : Number.NaN;
      // Fractions beyond microseconds are rounded, so that 0.1 s is 100 ms and not a hair more.
      return value >= args.min && value <= args.max
        ? ok(Math.round(value * args.unitMs * 1000) / 1000)
        : wrong(first, what);
    }
    case 'one-of': {
      const what = args.values.join(', ');
      if (first === undefined) return missing(`one of ${what}`);
      const value = args.values.find(
        (known) => known === first.text || (args.anyCase === true && known === first.text.toUpperCase()),
      );
      return value === undefined ? wrong(first, `one of ${what}`) : ok(value);
    }
    case 'address': {
      if (first === undefined) return missing('an IP address');
      // As the reference does, a prefix length after an address that needs none is passed over.
      const parsed = parseIp(first.text.replace(/\/\d{1,3}$/, ''));
      return parsed.ok ? ok<Value>(parsed.value) : wrong(first, 'an IP address');
    }
    case 'text':
    case 'path':
      return first === undefined ? missing('a word') : ok(first.text);
    case 'interface':
      if (first === undefined) return missing('the name of an interface');
      return first.text.length <= 15 && first.text !== ''
        ? ok(first.text)
        : wrong(first, 'the name of an interface, at most 15 characters');
    case 'command':
    case 'optional-command':
      if (first === undefined)
        return args.kind === 'command' ? missing('a command, in double quotes where it has arguments') : ok(undefined);
      return commandLine(statement).unclosed
        ? err({ problem: 'unclosed', takes: 'a command' })
        : ok(scriptCommand(statement, rules));
    case 'words':
      if (statement.args.length < args.min) return missing('at least one word');
      return ok(statement.args.map((word) => word.text));
    case 'block':
    case 'lines':
      if (statement.block === undefined) return err({ problem: 'no-block', takes: "'{' … '}'" });
      return ok(statement.args.map((word) => word.text));
  }
}

const booleanWords: ReadonlyMap<string, boolean> = new Map([
  ['on', true],
  ['true', true],
  ['yes', true],
  ['off', false],
  ['false', false],
  ['no', false],
]);

/** From the keyword to the last word. */
export function lineSpan(statement: Statement): SourceSpan {
  const { endLine, endColumn } = (statement.args.at(-1) ?? statement.keyword).span;
  return { ...statement.keyword.span, endLine, endColumn };
}

/** The command is one word; user and group may follow it. */
export function scriptCommand(statement: Statement, rules: Rules): ScriptCommand {
  const { command, rest, unclosed } = commandLine(statement);
  const [user, group] = rest;
  return {
    argv: unclosed ? [] : splitCommand(command, rules),
    ...(user === undefined ? {} : { user }),
    ...(group === undefined ? {} : { group }),
  };
}

function commandLine(statement: Statement): CommandLine {
  return readCommandLine(statement.raw.slice(statement.keyword.text.length));
}
