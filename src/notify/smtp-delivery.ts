import { err, ok } from '../core/index.ts';
import type { DeliverMail } from './mailer.ts';

/** A whole delivery takes no longer than so many times the timeout for connecting. */
const patience = 4;

/** By nodemailer, which is loaded with the first message. Plain SMTP, as the reference speaks it. */
export const deliverBySmtp: DeliverMail = async (text, settings, signal) => {
  const { server, heloName, timeoutMs, from, to } = settings;
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    host: server.host,
    port: server.port,
    secure: false,
    ignoreTLS: true,
    name: heloName,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  let stop: (why: string) => void = () => undefined;
  const stopped = new Promise<string>((resolve) => {
    stop = resolve;
  });
  const limit = setTimeout(() => {
    stop(`no end within ${String((patience * timeoutMs) / 1000)} s`);
  }, patience * timeoutMs);
  const abort = (): void => {
    stop('the daemon stops');
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  try {
    const sent = transport.sendMail({ envelope: { from, to: [...to] }, raw: text }).then(
      () => undefined,
      (error: unknown) => shortened(error instanceof Error ? error.message : String(error)),
    );
    const trouble = await Promise.race([sent, stopped]);
    return trouble === undefined ? ok(undefined) : err(trouble);
  } finally {
    clearTimeout(limit);
    signal.removeEventListener('abort', abort);
    transport.close();
  }
};

/** A server's words are hostile. */
function shortened(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}
