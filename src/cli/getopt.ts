import { err, ok, type Result } from '../core/index.ts';

/** An option as getopt_long(3) knows it. */
export interface GetoptOption {
  /** With its dashes. */
  readonly long: string;
  /** With its dash. */
  readonly short?: string;
  readonly value: 'none' | 'required' | 'optional';
  /** False: only the whole name is taken, so that it does not stand in the way of what others abbreviate. */
  readonly abbreviable: boolean;
}

export interface GetoptWords {
  readonly options: readonly string[];
  /** Words that are neither options nor their values. */
  readonly others: readonly string[];
}

/**
 * Brings a command line into one form, by the rules of getopt_long(3): names in full, each value attached (`--pid=FILE`). Options may be
 * abbreviated, clustered, and stand behind other words. The error is one line.
 */
export function getoptWords(words: readonly string[], options: readonly GetoptOption[]): Result<GetoptWords> {
  const taken: string[] = [];
  const others: string[] = [];
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined && word !== '--'; word = rest.shift()) {
    if (!word.startsWith('-') || word === '-') {
      others.push(word);
      continue;
    }
    const read = word.startsWith('--') ? longOption(word, options, rest) : shortOptions(word, options, rest);
    if (!read.ok) return read;
    taken.push(...read.value);
  }
  return ok({ options: taken, others: [...others, ...rest] });
}

function longOption(word: string, options: readonly GetoptOption[], rest: string[]): Result<readonly string[]> {
  const end = word.indexOf('=');
  const name = end < 0 ? word : word.slice(0, end);
  const attached = end < 0 ? undefined : word.slice(end + 1);
  const near = options.filter(({ long, abbreviable }) => abbreviable && long.startsWith(name));
  const option = options.find(({ long }) => long === name) ?? (near.length === 1 ? near[0] : undefined);
  if (option !== undefined) return withValue(option, attached, rest);
  if (near.length === 0) return err(`unknown option '${name}'`);
  return err(`option '${name}' is ambiguous: ${near.map(({ long }) => long).join(', ')}`);
}

function shortOptions(word: string, options: readonly GetoptOption[], rest: string[]): Result<readonly string[]> {
  const taken: string[] = [];
  for (let at = 1; at < word.length; at++) {
    const short = `-${word.charAt(at)}`;
    const option = options.find((one) => one.short === short);
    if (option === undefined) return err(`unknown option '${short}'`);
    const attached = word.slice(at + 1);
    if (option.value === 'none') {
      taken.push(option.long);
      continue;
    }
    const read = withValue(option, attached === '' ? undefined : attached, rest);
    return read.ok ? ok([...taken, ...read.value]) : read;
  }
  return ok(taken);
}

function withValue(option: GetoptOption, attached: string | undefined, rest: string[]): Result<readonly string[]> {
  const { long, value } = option;
  if (value === 'none') return attached === undefined ? ok([long]) : err(`option '${long}' takes no value`);
  const text = attached ?? (value === 'required' ? rest.shift() : '');
  return text === undefined ? err(`option '${long}' needs a value: argument missing`) : ok([`${long}=${text}`]);
}
