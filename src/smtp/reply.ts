/** What has come of a reply so far. */
export interface PartialReply {
  /** The line that has not ended yet. */
  readonly line: string;
  /** The lines that have ended. */
  readonly lines: number;
  readonly code?: number;
}

export const noReplyYet: PartialReply = { line: '', lines: 0 };

export type ReplyStep =
  | { readonly type: 'more'; readonly partial: PartialReply }
  /** `text`: of the last line, printable and short. */
  | { readonly type: 'reply'; readonly code: number; readonly text: string }
  | { readonly type: 'malformed'; readonly problem: string };

/** RFC 5321, section 4.5.3.1.5, with its line break. */
const lineLimit = 512;
/** Banners of some lines are usual; nothing of a reply is held but its last line. */
const linesLimit = 100;

/**
 * Takes the next bytes of a reply (RFC 5321, section 4.2): `250-more`, …, `250 last`. A line may end with LF alone. What follows a
 * complete reply in these bytes is passed over: it came before it was asked for.
 */
export function readReply(partial: PartialReply, bytes: Uint8Array): ReplyStep {
  let { line, lines, code } = partial;
  for (const byte of bytes) {
    if (byte !== 0x0a) {
      line += String.fromCharCode(byte);
      if (line.length > lineLimit - 1) return malformed(`a line of more than ${String(lineLimit)} bytes`);
      continue;
    }
    const match = replyLine.exec(line);
    if (match === null) return malformed(`'${shown(line)}' is no reply of SMTP`);
    const [, digits, dash, text = ''] = match;
    if (code !== undefined && Number(digits) !== code)
      return malformed(`its lines have different codes, ${String(code)} and ${String(digits)}`);
    code = Number(digits);
    if (dash === undefined) return { type: 'reply', code, text: shown(text) };
    line = '';
    lines++;
    if (lines >= linesLimit) return malformed(`more than ${String(linesLimit)} lines`);
  }
  return { type: 'more', partial: { line, lines, ...(code === undefined ? {} : { code }) } };
}

const replyLine = /^([2-5]\d\d)(?:(-)| |(?=\r?$))([^\0\r]*)\r?$/;

/** For messages: printable and short. */
function shown(text: string): string {
  const printable = text
    .replace(/\r$/, '')
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .trim();
  return printable.length > 60 ? `${printable.slice(0, 60)}…` : printable;
}

function malformed(problem: string): ReplyStep {
  return { type: 'malformed', problem };
}
