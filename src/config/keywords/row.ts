/** What may follow a keyword. Times are written in seconds (milliseconds where said) with fractions. */
export type Arguments =
  | { readonly kind: 'flag' | 'boolean' | 'text' | 'path' | 'address' | 'interface' | 'command' | 'block' | 'lines' }
  | { readonly kind: 'optional-command' }
  | {
      readonly kind: 'integer';
      readonly min: number;
      readonly max: number;
      readonly optional: boolean;
      /** The nearest number of the range stands for one that is not in it: below it, or on either side. */
      readonly clamp?: 'low' | 'both';
    }
  | { readonly kind: 'time'; readonly unitMs: 1 | 1000; readonly min: number; readonly max: number }
  | { readonly kind: 'one-of'; readonly values: readonly string[]; readonly anyCase?: true }
  | { readonly kind: 'words'; readonly min: number };

export interface RowOptions {
  /** The keyword of today. */
  readonly insteadUse?: string;
  /** The reference says nothing of an argument that does not fit. */
  readonly silent?: true;
  /** The rules by which it takes whole numbers only. */
  readonly wholeIn?: '2.2.7';
}

/** name, arguments, first release */
export type Row = readonly [name: string, args: Arguments, since: string, options?: RowOptions];

export const flag: Arguments = { kind: 'flag' };
/** on, true, yes, off, false, no; nothing means true. */
export const boolean: Arguments = { kind: 'boolean' };
export const text: Arguments = { kind: 'text' };
export const path: Arguments = { kind: 'path' };
export const address: Arguments = { kind: 'address' };
export const interfaceName: Arguments = { kind: 'interface' };
/** A quoted command, then optionally user and group. */
export const command: Arguments = { kind: 'command' };
export const optionalCommand: Arguments = { kind: 'optional-command' };
export const block: Arguments = { kind: 'block' };
/** A block of values, one entry a line. */
export const lines: Arguments = { kind: 'lines' };

export function integer(min: number, max: number): Arguments {
  return { kind: 'integer', min, max, optional: false };
}

export function clampedInteger(min: number, max: number, clamp: 'low' | 'both'): Arguments {
  return { kind: 'integer', min, max, optional: false, clamp };
}

export function optionalInteger(min: number, max: number): Arguments {
  return { kind: 'integer', min, max, optional: true };
}

/** The reference reads these times without a bound; ten years keep them within what timers can count. */
export const longestSecs = 315_360_000;

export function seconds(min: number, max = 4294.967295): Arguments {
  return { kind: 'time', unitMs: 1000, min, max };
}

export function milliseconds(min: number, max: number): Arguments {
  return { kind: 'time', unitMs: 1, min, max };
}

export function oneOf(...values: readonly string[]): Arguments {
  return { kind: 'one-of', values };
}

export function oneOfAnyCase(...values: readonly string[]): Arguments {
  return { kind: 'one-of', values, anyCase: true };
}

export function words(min: number): Arguments {
  return { kind: 'words', min };
}
