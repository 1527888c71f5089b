import { err, ok } from '../core/index.ts';
import type { DeliverMail } from './mailer.ts';
import { openAccess, withoutPassword, type ReadSecret } from './smtp-access.ts';

/** A whole delivery takes no longer than so many times the timeout for connecting. */
const patience = 4;

/**
 * By nodemailer, which is loaded with the first message. Plain SMTP, as the reference speaks it, unless `access` of the settings asks for more.
 */
export function smtpDelivery(read: ReadSecret): DeliverMail {
  return (text, settings, signal) => deliver(read, text, settings, signal);
}

async function deliver(
  read: ReadSecret,
  ...[text, settings, signal]: Parameters<DeliverMail>
): ReturnType<DeliverMail> {
  const { server, heloName, timeoutMs, from, to } = settings;
  const access = openAccess(settings.access, read);
  if (!access.ok) return access;
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    host: server.host,
    port: server.port,
    ...access.value,
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
      (error: unknown) =>
        shortened(withoutPassword(error instanceof Error ? error.message : String(error), access.value)),
    );
    const trouble = await Promise.race([sent, stopped]);
    return trouble === undefined ? ok(undefined) : err(trouble);
  } finally {
    clearTimeout(limit);
    signal.removeEventListener('abort', abort);
    transport.close();
  }
}

/** A server's words are hostile. */
function shortened(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}
