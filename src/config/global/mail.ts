import { defined } from '../defined.ts';
import type { GlobalDefs } from '../model/global-defs.ts';
import type { Reading } from '../read.ts';

type Mail = Pick<
  GlobalDefs,
  | 'notificationEmail'
  | 'notificationEmailFrom'
  | 'smtpServer'
  | 'smtpHeloName'
  | 'smtpConnectTimeoutMs'
  | 'smtpAlert'
  | 'smtpAlertVrrp'
  | 'smtpAlertChecker'
  | 'noEmailFaults'
  | 'checkerEmailsOnStateChangeOnly'
>;

export function readMail(reading: Reading): Mail {
  const [host = '', port] = reading.words('smtp_server') ?? [];
  checkRecipients(reading);
  return {
    notificationEmail: reading
      .lines('notification_email')
      .flatMap((line) => [line.keyword.text, ...line.args.map((word) => word.text)]),
    ...defined({
      notificationEmailFrom: reading.text('notification_email_from'),
      smtpServer: host === '' ? undefined : { host, port: isPort(port) ? Number(port) : 25 },
      smtpHeloName: reading.text('smtp_helo_name'),
      smtpAlert: reading.setting('smtp_alert'),
      smtpAlertVrrp: reading.setting('smtp_alert_vrrp'),
      smtpAlertChecker: reading.setting('smtp_alert_checker'),
    }),
    smtpConnectTimeoutMs: (reading.number('smtp_connect_timeout') ?? 30) * 1000,
    noEmailFaults: reading.flag('no_email_faults'),
    checkerEmailsOnStateChangeOnly: reading.flag('no_checker_emails'),
  };
}

function isPort(text: string | undefined): boolean {
  return text !== undefined && /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) <= 65_535;
}

function checkRecipients(reading: Reading): void {
  const { findings } = reading;
  for (const { statement } of reading.all('notification_email')) {
    if (statement.block?.statements.length === 0)
      findings.warning(
        'empty-block',
        statement.keyword.span,
        'notification_email names nobody',
        'add an address a line, or remove the block',
      );
  }
  const port = reading.entry('smtp_server')?.statement.args[1];
  if (port !== undefined && !isPort(port.text))
    findings.error('bad-argument', port.span, `port '${port.text}' of smtp_server is not valid`, 'it takes 1 to 65535');
}
