import { noReplyYet, readReply, type PartialReply } from '../smtp/index.ts';
import type { CheckResult } from './schedule.ts';

/** The dialogue of SMTP_CHECK as the reference has it: greeting 220, HELO 250, and any answer to QUIT. */
export interface SmtpDialogue {
  readonly phase: 'greeting' | 'HELO' | 'QUIT';
  readonly heard: PartialReply;
}

export const smtpStart: SmtpDialogue = { phase: 'greeting', heard: noReplyYet };

export interface SmtpStep {
  readonly dialogue: SmtpDialogue;
  readonly send?: string;
  readonly result?: CheckResult;
}

/** Takes what the server sent. */
export function smtpStep(dialogue: SmtpDialogue, bytes: Uint8Array, heloName: string): SmtpStep {
  const { phase } = dialogue;
  const step = readReply(dialogue.heard, bytes);
  if (phase === 'QUIT') {
    const answered = step.type !== 'more' || step.partial.lines > 0;
    if (answered) return { dialogue, result: { ok: true, reason: 'it greeted, took HELO and answered QUIT' } };
  }
  if (step.type === 'more') return { dialogue: { phase, heard: step.partial } };
  const bad = phase === 'greeting' ? 'bad greeting banner' : 'bad HELO response';
  if (step.type === 'malformed') return { dialogue, result: { ok: false, reason: `${bad}: ${step.problem}` } };
  const wanted = phase === 'greeting' ? 220 : 250;
  if (step.code !== wanted) {
    const said = `${String(step.code)} ${step.text}`.trim();
    return { dialogue, result: { ok: false, reason: `${bad}: '${said}', not ${String(wanted)}` } };
  }
  return phase === 'greeting'
    ? { dialogue: { phase: 'HELO', heard: noReplyYet }, send: `HELO ${heloName}\r\n` }
    : { dialogue: { phase: 'QUIT', heard: noReplyYet }, send: 'QUIT\r\n' };
}

/** What the server owes us, for messages. */
export function smtpAwaited({ phase }: SmtpDialogue): string {
  return phase === 'greeting' ? 'greeting' : `answer to ${phase}`;
}
