import { err, ok, type Result } from '../core/index.ts';
import { wallClockMs } from './clock.ts';
import type { LineSink } from './line-queue.ts';
import {
  consoleLine,
  jsonLine,
  oneLine,
  syslogFacility,
  syslogLine,
  type LogFields,
  type LogLevel,
  type LogRecord,
} from './log-format.ts';
import { fileSink, stderrSink, syslogSink } from './log-sinks.ts';

export interface LogOptions {
  /** The name in the system log: `Keepalived_vrrp`. */
  readonly ident: string;
  /** The least severe level that is written. */
  readonly level: LogLevel;
  readonly format: 'text' | 'json';
  readonly toStderr: boolean;
  /** `daemon`, `user`, `local0` to `local7` or `0` to `7`; without it, no system log. */
  readonly syslogFacility?: string;
  readonly syslogSocket?: string;
  /** Appended to; every line reaches the kernel at once. */
  readonly file?: string;
}

export interface Log {
  /** Never waits and never throws. `fields` go into the JSON form only; secrets must not be passed. */
  readonly write: (level: LogLevel, text: string, fields?: LogFields) => void;
  /** From now on another name in the system log. */
  readonly rename: (ident: string) => void;
  readonly dropped: () => number;
  readonly close: () => void;
}

interface Destination {
  readonly sink: LineSink;
  readonly line: (record: LogRecord) => string;
}

/** Opens the destinations. winston is loaded here and not with the module: it costs 40 ms. */
export async function openLog(options: LogOptions): Promise<Result<Log>> {
  const destinations = openDestinations(options);
  if (!destinations.ok) return destinations;
  const sinks = destinations.value;
  const { createRecorder } = await import('./log-winston.ts');
  const recorder = createRecorder(options.level, (record) => {
    for (const { sink, line } of sinks) sink.write(line(record));
  });
  let { ident } = options;
  return ok({
    write: (level, text, fields) => {
      const base = { timeMs: wallClockMs(), level, ident, pid: process.pid, text };
      recorder.record(fields === undefined ? base : { ...base, fields });
    },
    rename: (next) => {
      ident = next;
    },
    dropped: () => sinks.reduce((sum, { sink }) => sum + sink.dropped(), 0),
    close: () => {
      recorder.close();
      for (const { sink } of sinks) sink.close();
    },
  });
}

function openDestinations(options: LogOptions): Result<readonly Destination[]> {
  const line = options.format === 'json' ? jsonLine : consoleLine;
  const droppedRecord = (count: number): LogRecord => ({
    timeMs: wallClockMs(),
    level: 'warning',
    ident: options.ident,
    pid: process.pid,
    text: `${String(count)} log messages were dropped because their reader was too slow`,
  });
  const describe = (count: number): string => line(droppedRecord(count));
  const destinations: Destination[] = [];
  if (options.toStderr) destinations.push({ sink: stderrSink(describe), line });
  if (options.syslogFacility !== undefined) {
    const facility = syslogFacility(options.syslogFacility);
    if (facility === undefined) {
      return err(`'${options.syslogFacility}' is no syslog facility: use daemon, user, local0 to local7 or 0 to 7`);
    }
    const text = (record: LogRecord): string =>
      options.format === 'json' ? jsonLine(record).trimEnd() : oneLine(record.text);
    const asDatagram = (record: LogRecord): string => syslogLine(record, facility, cut(text(record)));
    const sink = syslogSink((count) => asDatagram(droppedRecord(count)), options.syslogSocket);
    destinations.push({ sink, line: asDatagram });
  }
  if (options.file !== undefined) {
    const sink = fileSink(options.file, describe);
    if (!sink.ok) return sink;
    destinations.push({ sink: sink.value, line });
  }
  return ok(destinations);
}

/** Log daemons cut datagrams at 8 KiB. */
function cut(text: string): string {
  return text.length <= 8000 ? text : `${text.slice(0, 8000)}…`;
}
