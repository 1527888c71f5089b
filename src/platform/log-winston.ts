import winston from 'winston';
import { logLevels, type LogLevel, type LogRecord } from './log-format.ts';

type WinstonTransport = Exclude<NonNullable<winston.LoggerOptions['transports']>, readonly unknown[]>;

// The base class of winston's transports, which its declarations give as something that cannot be constructed.
const { Transport } = winston as unknown as {
  readonly Transport: new (options: {
    readonly log: (info: { readonly record: LogRecord }, next: () => void) => void;
  }) => WinstonTransport;
};

export interface Recorder {
  readonly record: (record: LogRecord) => void;
  readonly close: () => void;
}

/** winston decides by the level; the lines are ours, since they have to be the reference's. */
export function createRecorder(level: LogLevel, take: (record: LogRecord) => void): Recorder {
  const log = (info: { readonly record: LogRecord }, next: () => void): void => {
    take(info.record);
    next();
  };
  const logger = winston.createLogger({
    levels: logLevels,
    level,
    format: winston.format((info) => info)(),
    transports: [new Transport({ log })],
    exitOnError: false,
  });
  return {
    record: (record) => {
      logger.log({ level: record.level, message: record.text, record });
    },
    close: () => {
      logger.close();
    },
  };
}
