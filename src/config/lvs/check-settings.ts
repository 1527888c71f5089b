import { ipFamily, type IpAddress } from '../../core/index.ts';
import { defined } from '../defined.ts';
import type { CheckConnection, CheckTiming } from '../model/checkers.ts';
import type { BfdInstance, TrackFile } from '../model/tracking.ts';
import type { Extensions } from '../extensions.ts';
import type { Reading } from '../read.ts';
import type { GivenTls } from './tls.ts';

/** What a checker takes from its real server, and that from its virtual server. */
export interface Inherited {
  readonly delayLoopMs: number;
  readonly warmupMs?: number;
  readonly retry?: number;
  readonly delayBeforeRetryMs?: number;
  readonly connectTimeoutMs: number;
  readonly alpha: boolean;
  readonly logAllFailures: boolean;
}

export interface CheckTarget {
  readonly address: IpAddress;
  readonly port: number;
  readonly virtualhost?: string;
  /** The virtual server's own. */
  readonly serviceVirtualhost?: string;
}

/** Around a checker: whom it checks, and what it may name. */
export interface CheckContext {
  /** The real server as messages name it. */
  readonly server: string;
  readonly target: CheckTarget;
  readonly from: Inherited;
  readonly tls: GivenTls | undefined;
  readonly extensions: Extensions;
  readonly trackFiles: readonly TrackFile[];
  readonly bfdInstances: readonly BfdInstance[];
}

const defaultDelayLoopMs = 60_000;
const defaultConnectTimeoutMs = 5000;

const inheritable: ReadonlySet<string> = new Set(
  'warmup retry delay_before_retry delay_loop connect_timeout alpha log_all_failures'.split(' '),
);

export function inherit(reading: Reading, from: Inherited | undefined, logAllFailures = false): Inherited {
  // Most blocks give none of it: there may be 100,000.
  if (from !== undefined && !reading.entries.some(({ keyword }) => inheritable.has(keyword.name))) return from;
  const warmupMs = reading.number('warmup') ?? from?.warmupMs;
  const retry = reading.number('retry') ?? from?.retry;
  const delayBeforeRetryMs = reading.number('delay_before_retry') ?? from?.delayBeforeRetryMs;
  return {
    delayLoopMs: reading.number('delay_loop') ?? from?.delayLoopMs ?? defaultDelayLoopMs,
    ...defined({ warmupMs, retry, delayBeforeRetryMs }),
    connectTimeoutMs: reading.number('connect_timeout') ?? from?.connectTimeoutMs ?? defaultConnectTimeoutMs,
    alpha: reading.flag('alpha', from?.alpha ?? false),
    logAllFailures: reading.flag('log_all_failures', from?.logAllFailures ?? logAllFailures),
  };
}

/** `delayBeforeRetryMs` undefined: the check's delay_loop. */
export interface TimingDefaults {
  readonly retry: number;
  readonly delayBeforeRetryMs: number | undefined;
}

export function timing(reading: Reading, from: Inherited, defaults: TimingDefaults): CheckTiming {
  const own = inherit(reading, from);
  return {
    delayLoopMs: own.delayLoopMs,
    warmupMs: own.warmupMs ?? own.delayLoopMs,
    retry: ownRetry(reading) ?? from.retry ?? defaults.retry,
    delayBeforeRetryMs: own.delayBeforeRetryMs ?? defaults.delayBeforeRetryMs ?? own.delayLoopMs,
    alpha: own.alpha,
    logAllFailures: own.logAllFailures,
  };
}

/** Two names of one setting: the later line counts. */
function ownRetry(reading: Reading): number | undefined {
  const last = reading.entries.findLast(({ keyword }) => keyword.name === 'retry' || keyword.name === 'nb_get_retry');
  return typeof last?.value === 'number' ? last.value : undefined;
}

export function connection(reading: Reading, { from, target }: CheckContext): CheckConnection {
  const connectIp = reading.address('connect_ip') ?? target.address;
  return {
    connectIp,
    connectPort: reading.number('connect_port') ?? target.port,
    connectTimeoutMs: reading.number('connect_timeout') ?? from.connectTimeoutMs,
    ...defined({
      bindto: bindAddress(reading, connectIp),
      bindPort: reading.number('bind_port'),
      bindIf: reading.text('bind_if'),
      fwmark: reading.number('fwmark'),
    }),
  };
}

function bindAddress(reading: Reading, connectIp: IpAddress): IpAddress | undefined {
  const address = reading.address('bindto');
  const word = reading.entry('bindto')?.statement.args[0];
  if (address === undefined || word === undefined || ipFamily(address) === ipFamily(connectIp)) return address;
  reading.findings.error(
    'bad-address',
    word.span,
    `'bindto ${address}' in ${reading.object} is of another family than ${connectIp}`,
    'it is ignored: name an address of the same family',
  );
  return undefined;
}
