import { koffi } from './libc.ts';

/**
 * Perl-compatible regular expressions by the system's libpcre2, which is the reference's own matcher: patterns mean what they meant.
 * Constants and calls are those of pcre2api(3).
 */

export interface RegexQuery {
  readonly pattern: string;
  /** PCRE2's compile options in lower case without their prefix. */
  readonly options: readonly string[];
  readonly subject: Uint8Array;
  /** Where in the subject a match may begin, at least and at most. What stands before is context for `^`, `\b` and lookbehind. */
  readonly from: number;
  readonly to?: number;
  /** Whether more may follow the subject: then a match that more could change is not found yet. */
  readonly open: boolean;
  /** A search that takes longer is given up. */
  readonly withinMs: number;
}

export type RegexFinding =
  | { readonly kind: 'found' }
  /** A next subject must begin with the last `keep` bytes of this one, and be searched from `from` of them. */
  | { readonly kind: 'not-found'; readonly keep: number; readonly from: number }
  | { readonly kind: 'error'; readonly reason: string };

const [autoCallout, useOffsetLimit] = [0x4, 0x80_0000];
const compileOptions: Readonly<Record<string, number>> = {
  anchored: 0x8000_0000,
  endanchored: 0x2000_0000,
  allow_empty_class: 0x1,
  alt_bsux: 0x2,
  auto_callout: autoCallout,
  caseless: 0x8,
  dollar_endonly: 0x10,
  dotall: 0x20,
  dupnames: 0x40,
  extended: 0x80,
  firstline: 0x100,
  match_unset_backref: 0x200,
  multiline: 0x400,
  never_ucp: 0x800,
  never_utf: 0x1000,
  no_auto_capture: 0x2000,
  no_auto_possess: 0x4000,
  no_dotstar_anchor: 0x8000,
  no_start_optimize: 0x1_0000,
  ucp: 0x2_0000,
  ungreedy: 0x4_0000,
  utf: 0x8_0000,
  never_backslash_c: 0x10_0000,
  alt_circumflex: 0x20_0000,
  alt_verbnames: 0x40_0000,
  use_offset_limit: useOffsetLimit,
  extended_more: 0x100_0000,
  literal: 0x200_0000,
  match_invalid_utf: 0x400_0000,
  // Without PCRE2's check a server's bytes that are no UTF-8 make it read anywhere.
  no_utf_check: 0,
};
const partialHard = 0x20;
const infoMaxLookbehind = 15;
const [noMatch, partialMatch] = [-1, -2];
const [matchLimit, heapLimitKib] = [1_000_000, 16_384];
/** A callout returns it to end a search. */
const errorCallout = -37;
/** The clock is looked at once in so many callouts. */
const calloutsPerLook = 16;

type Native = (...parameters: (number | bigint | Uint8Array | null)[]) => number | bigint;

interface Library {
  readonly compile: Native;
  readonly free: Native;
  readonly info: Native;
  readonly match: Native;
  readonly setOffsetLimit: Native;
  readonly errorMessage: Native;
  readonly matchData: bigint;
  readonly context: bigint;
  /** The offsets of the last match. */
  readonly ovector: BigUint64Array;
}

let loaded: Library | string | undefined;

/**
 * PCRE2's own limits count steps at one place of the subject, and a step may read all that follows: they bound no time. But it calls
 * out before each item of the pattern, and whoever is called may end the search.
 */
class Deadline {
  #callouts = 0;
  #endMs = 0;

  begin(withinMs: number): void {
    this.#callouts = 0;
    this.#endMs = performance.now() + withinMs;
  }

  callout(): number {
    return ++this.#callouts % calloutsPerLook === 0 && performance.now() > this.#endMs ? errorCallout : 0;
  }
}

const deadline = new Deadline();

/** Searches once. Never throws. */
export function searchRegex(query: RegexQuery): RegexFinding {
  loaded ??= load();
  if (typeof loaded === 'string') return { kind: 'error', reason: loaded };
  const code = compile(loaded, query);
  if (typeof code === 'string') return { kind: 'error', reason: code };
  try {
    return search(loaded, code, query);
  } finally {
    loaded.free(code);
  }
}

/** Without repetition a search takes no more than its limit at each place, and can do without the callouts, which cost 1 µs each. */
function isPlain(pattern: string): boolean {
  return !/[*+{]|\(\?/.test(pattern);
}

/** Whether this host has the library. */
export function hasRegexLibrary(): boolean {
  loaded ??= load();
  return typeof loaded !== 'string';
}

/** Why a pattern cannot be used; undefined: it can. */
export function regexProblem(pattern: string, options: readonly string[]): string | undefined {
  const finding = searchRegex({ pattern, options, subject: new Uint8Array(), from: 0, open: false, withinMs: 50 });
  return finding.kind === 'error' ? finding.reason : undefined;
}

function load(): Library | string {
  const native = koffi();
  try {
    const library = native.load('libpcre2-8.so.0');
    const f = (definition: string): Native => library.func(definition) as Native;
    const matchData = f('uintptr_t pcre2_match_data_create_8(uint32_t pairs, void *general)')(1, null);
    const context = f('uintptr_t pcre2_match_context_create_8(void *general)')(null);
    f('int pcre2_set_match_limit_8(uintptr_t context, uint32_t limit)')(context, matchLimit);
    f('int pcre2_set_heap_limit_8(uintptr_t context, uint32_t limit)')(context, heapLimitKib);
    const callout = native.pointer(native.proto('int pcre2_callout(void *block, void *data)'));
    const called = native.register(() => deadline.callout(), callout);
    library.func('pcre2_set_callout_8', 'int', ['uintptr_t', callout, 'void *'])(context, called, null);
    const offsets = f('uintptr_t pcre2_get_ovector_pointer_8(uintptr_t data)')(matchData);
    return {
      compile: f(
        'uintptr_t pcre2_compile_8(void *pattern, size_t length, uint32_t options, void *error, void *offset, void *context)',
      ),
      free: f('void pcre2_code_free_8(uintptr_t code)'),
      info: f('int pcre2_pattern_info_8(uintptr_t code, uint32_t what, void *where)'),
      match: f(
        'int pcre2_match_8(uintptr_t code, void *subject, size_t length, size_t start, uint32_t options, uintptr_t data, uintptr_t context)',
      ),
      setOffsetLimit: f('int pcre2_set_offset_limit_8(uintptr_t context, uint64_t limit)'),
      errorMessage: f('int pcre2_get_error_message_8(int code, void *buffer, size_t length)'),
      matchData: BigInt(matchData),
      context: BigInt(context),
      ovector: new BigUint64Array(native.view(BigInt(offsets), 16)),
    };
  } catch {
    return 'the library libpcre2-8.so.0 is not installed (Debian: libpcre2-8-0)';
  }
}

function compile(library: Library, { pattern, options, to }: RegexQuery): bigint | string {
  let bits = (isPlain(pattern) ? 0 : autoCallout) | (to === undefined ? 0 : useOffsetLimit);
  for (const option of options) bits |= compileOptions[option] ?? 0;
  const bytes = Buffer.from(`${pattern}\0`);
  const problem = new Int32Array(1);
  const where = new BigUint64Array(1);
  const code = library.compile(
    bytes,
    bytes.length - 1,
    bits >>> 0,
    new Uint8Array(problem.buffer),
    new Uint8Array(where.buffer),
    null,
  );
  if (BigInt(code) !== 0n) return BigInt(code);
  return `the regex '${pattern}' is not valid at offset ${String(where[0] ?? 0)}: ${errorText(library, problem[0] ?? 0)}`;
}

function search(library: Library, code: bigint, query: RegexQuery): RegexFinding {
  const { subject, from, to, open, pattern, withinMs } = query;
  const noLimit = 0xffff_ffff_ffff_ffffn;
  library.setOffsetLimit(library.context, to === undefined ? noLimit : BigInt(Math.max(0, to)));
  // An empty array has no address, which PCRE2 takes for a mistake.
  const bytes = subject.length === 0 ? new Uint8Array(1) : subject;
  deadline.begin(withinMs);
  const result = Number(
    library.match(code, bytes, subject.length, from, open ? partialHard : 0, library.matchData, library.context),
  );
  if (result >= 0) return { kind: 'found' };
  if (result !== noMatch && result !== partialMatch) {
    const why = result === errorCallout ? 'it takes too long' : errorText(library, result);
    return { kind: 'error', reason: `the regex '${pattern}' was given up: ${why}` };
  }
  const next = result === partialMatch ? Number(library.ovector[0] ?? 0n) : subject.length;
  const lookbehind = new Uint32Array(1);
  library.info(code, infoMaxLookbehind, new Uint8Array(lookbehind.buffer));
  // Characters of up to 4 bytes; at least one, so that what follows does not seem to be the start. Never more than there are.
  let begin = Math.max(0, next - 4 * Math.max(1, lookbehind[0] ?? 0));
  while (begin > 0 && ((subject[begin] ?? 0) & 0xc0) === 0x80) begin--;
  return { kind: 'not-found', keep: subject.length - begin, from: next - begin };
}

function errorText(library: Library, code: number): string {
  const buffer = new Uint8Array(200);
  const length = Number(library.errorMessage(code, buffer, buffer.length));
  return length < 0 ? `PCRE2 error ${String(code)}` : Buffer.from(buffer.subarray(0, length)).toString();
}
