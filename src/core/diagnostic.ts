/** A place in a configuration text. Lines and columns count from 1, columns in UTF-16 units; `endColumn` is exclusive. */
export interface SourceSpan {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export type Severity = 'error' | 'warning' | 'info';

/**
 * One finding about an input. `message` names the object and says what is wrong; `hint` says what would be right.
 * `code` is a permanent kebab-case identifier. A diagnostic without a span is about the whole input (a missing file).
 */
export interface Diagnostic {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly span?: SourceSpan;
}

const longest = 500;

/** A message that quotes its input, cut where that is long: a hostile file has words of any length. */
export function shortened(message: string): string {
  return message.length > longest ? `${message.slice(0, longest)}…` : message;
}

/** `file:line:column: severity: message (hint) [code]`, the form every command prints. */
export function formatDiagnostic(d: Diagnostic): string {
  const place = d.span === undefined ? '' : `${d.span.file}:${String(d.span.line)}:${String(d.span.column)}: `;
  const hint = d.hint === undefined ? '' : ` (${d.hint})`;
  return printable(`${place}${d.severity}: ${d.message}${hint} [${d.code}]`);
}

/** Input can hold anything, and messages name it: control characters must reach neither a terminal nor a log. Tabs and line ends stay. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  return text.replace(/[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f]/g, '\ufffd');
}
