/** syslog(3)'s severities that we use, most severe first. */
export const logLevels = { error: 3, warning: 4, notice: 5, info: 6, debug: 7 } as const;
export type LogLevel = keyof typeof logLevels;

export interface LogRecord {
  readonly timeMs: number;
  readonly level: LogLevel;
  /** Who speaks: `Keepalived_vrrp`. */
  readonly ident: string;
  readonly pid: number;
  readonly text: string;
  readonly fields?: LogFields;
}
export type LogFields = Readonly<Record<string, string | number | boolean>>;

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Sat Nov 21 03:40:12 2026: text`: what the reference writes to its console and log files, in local time. */
export function consoleLine(record: LogRecord): string {
  const at = new Date(record.timeMs);
  return `${days[at.getDay()] ?? ''} ${monthDayTime(at)} ${String(at.getFullYear())}: ${oneLine(record.text)}\n`;
}

export function jsonLine(record: LogRecord): string {
  const { timeMs, level, ident, pid, text, fields } = record;
  return `${JSON.stringify({ ...fields, time: new Date(timeMs).toISOString(), level, process: ident, pid, message: text })}\n`;
}

/** RFC 3164, as syslog(3) sends it to /dev/log; `facility` is the facility's number. */
export function syslogLine(record: LogRecord, facility: number, text: string): string {
  const priority = facility * 8 + logLevels[record.level];
  return `<${String(priority)}>${monthDayTime(new Date(record.timeMs))} ${record.ident}[${String(record.pid)}]: ${text}`;
}

function monthDayTime(at: Date): string {
  const clock = [at.getHours(), at.getMinutes(), at.getSeconds()].map((n) => String(n).padStart(2, '0')).join(':');
  return `${months[at.getMonth()] ?? ''} ${String(at.getDate()).padStart(2)} ${clock}`;
}

/** Text from outside may hold line ends and terminal controls: shown as escapes, it can forge no line of its own. */
export function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replace(/[\x00-\x08\x0a-\x1f\x7f]/g, (c) =>
    c === '\n' ? '\\n' : `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

const named: Readonly<Record<string, number>> = { user: 1, daemon: 3 };

/** The number of `daemon`, `user`, `local0` to `local7`, or `0` to `7` for local0 to local7. */
export function syslogFacility(name: string): number | undefined {
  const local = /^(?:local)?([0-7])$/.exec(name)?.[1];
  return local === undefined ? named[name] : 16 + Number(local);
}
