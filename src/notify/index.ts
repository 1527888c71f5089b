export { type Notice, type VrrpNotice, type LvsNotice, fifoLine, scriptsFor } from './event.ts';
export {
  type QueueEffect,
  type QueueEvent,
  type QueueLimits,
  type QueueStep,
  type ScriptQueue,
  defaultLimits,
  isIdle,
  newScriptQueue,
  nextDeadline,
  queueStep,
} from './script-queue.ts';
export { FifoWriter, type FifoAccess, type FifoOptions, type MakeFifo } from './fifo.ts';
export { Notifier, type NotifierOptions, type NotifierSettings, type WrittenFifo } from './notifier.ts';
export type { ScriptOutcome, ScriptRun, ScriptRunner } from './script-run.ts';
export { lvsAlert, mailSettings, mailText, vrrpAlert, type Alert, type LvsAlert, type MailSettings } from './mail.ts';
export { Mailer, type DeliverMail, type MailerOptions } from './mailer.ts';
export { smtpDelivery } from './smtp-delivery.ts';
