import type { GlobalDefs, SmtpAccess } from '../config/index.ts';
import type { VrrpNotice } from './event.ts';

/** Mail in the reference's words: programs sort it by its subject. */

export interface Alert {
  readonly subject: string;
  readonly body: string;
}

export interface LvsAlert {
  readonly virtualServer: string;
  /** Absent: it is about the virtual server. */
  readonly realServer?: string;
  readonly state: 'UP' | 'DOWN';
  /** What led to it. */
  readonly text: string;
}

export interface MailSettings {
  readonly server: { readonly host: string; readonly port: number };
  readonly from: string;
  readonly to: readonly string[];
  readonly heloName: string;
  readonly timeoutMs: number;
  /** Absent: as the reference speaks to it, with neither TLS nor a password. */
  readonly access?: SmtpAccess;
}

/** Undefined where the file does not say whom to tell, or by which server. */
export function mailSettings(global: GlobalDefs, hostName: string): MailSettings | undefined {
  const { smtpServer, smtpAccess, notificationEmail, notificationEmailFrom, smtpHeloName, smtpConnectTimeoutMs } =
    global;
  if (smtpServer === undefined || notificationEmail.length === 0) return undefined;
  return {
    server: smtpServer,
    from: notificationEmailFrom ?? `keepalived@${hostName}`,
    to: notificationEmail,
    heloName: smtpHeloName ?? hostName,
    timeoutMs: smtpConnectTimeoutMs,
    ...(smtpAccess === undefined ? {} : { access: smtpAccess }),
  };
}

/** Undefined: nobody is mailed of such an event. */
export function vrrpAlert(
  { object, name, state }: VrrpNotice,
  { routerId, noEmailFaults }: Pick<GlobalDefs, 'routerId' | 'noEmailFaults'>,
): Alert | undefined {
  if (!['MASTER', 'BACKUP', 'FAULT', 'STOP'].includes(state) || (state === 'FAULT' && noEmailFaults)) return undefined;
  const group = object === 'GROUP';
  return {
    subject: `[${routerId}] VRRP ${group ? 'Group' : 'Instance'} ${name} - Entering ${state} state`,
    body: group
      ? `=> All VRRP group instances are now in ${state} state <=`
      : `=> VRRP Instance is ${state === 'MASTER' ? 'now' : 'no longer'} owning VRRP VIPs <=`,
  };
}

export function lvsAlert({ virtualServer, realServer, state, text }: LvsAlert, routerId: string): Alert {
  const what =
    realServer === undefined
      ? `Virtualserver ${virtualServer}`
      : `Realserver ${realServer} of virtual server ${virtualServer}`;
  return { subject: `[${routerId}] ${what} - ${state}`, body: `=> ${text} <=` };
}

/** The message with its headers. What comes from a configuration or a server ends no line. */
export function mailText({ subject, body }: Alert, { from, to }: MailSettings, atMs: number): string {
  return [
    `Date: ${new Date(atMs).toUTCString().replace('GMT', '+0000')}`,
    `From: ${oneLine(from)}`,
    `Subject: ${oneLine(subject)}`,
    'X-Mailer: Keepalived',
    `To: ${to.map(oneLine).join(', ')}`,
    '',
    oneLine(body),
    '',
    '',
  ].join('\r\n');
}

function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replace(/[\x00-\x1f\x7f]+/g, ' ');
}
