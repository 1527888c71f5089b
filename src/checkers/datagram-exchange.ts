import type { CheckConnection } from '../config/index.ts';
import type { IpAddress } from '../core/index.ts';
import { socketFailed, type RunningCheck } from './connection.ts';
import { Deadline } from './deadline.ts';
import type { CheckResult } from './schedule.ts';
import type { CheckSockets } from './sockets.ts';

/** One datagram sent, and what comes back within connect_timeout. */
export interface DatagramExchange {
  readonly to: CheckConnection;
  readonly open: CheckSockets['openUdp'];
  readonly question: Uint8Array;
  /** A text says why a datagram is no answer: the wait goes on. */
  readonly judge: (bytes: Uint8Array, source: IpAddress) => CheckResult | string;
  /** What it means that no answer came. */
  readonly silence: (within: string) => CheckResult;
}

/** A flood of what is no answer ends the check: it is not read for as long as it comes. */
const datagramLimit = 1000;

export function runDatagramExchange(exchange: DatagramExchange): RunningCheck<CheckResult> {
  const { to } = exchange;
  let settle: (result: CheckResult) => void = () => undefined;
  const outcome = new Promise<CheckResult>((resolve) => {
    settle = resolve;
  });
  let foreign = 0;
  let lastForeign = '';
  const opened = exchange.open(to, {
    onDatagram: (bytes, source) => {
      const verdict = exchange.judge(bytes, source);
      if (typeof verdict !== 'string') finish(verdict);
      else {
        lastForeign = verdict;
        if (++foreign >= datagramLimit) finish({ ok: false, reason: passedOver() });
      }
    },
    onError: (failure) => {
      finish(socketFailed(failure));
    },
  });
  if (!opened.ok) return { outcome: Promise.resolve(socketFailed(opened.error)), cancel: () => undefined };
  const socket = opened.value;
  const stop = (): void => {
    deadline.clear();
    socket.close();
  };
  const finish = (result: CheckResult): void => {
    stop();
    settle(result);
  };
  const passedOver = (): string => {
    const were = foreign === 1 ? 'datagram was no answer' : 'datagrams were no answer';
    return `${String(foreign)} ${were}, the last one ${lastForeign}`;
  };
  const deadline = new Deadline(to.connectTimeoutMs, () => {
    const silence = exchange.silence(`within ${String(to.connectTimeoutMs / 1000)} s`);
    finish(foreign === 0 ? silence : { ...silence, reason: `${silence.reason}; ${passedOver()}` });
  });
  const sent = socket.send(exchange.question);
  if (!sent.ok) finish(socketFailed(sent.error));
  return { outcome, cancel: stop };
}
