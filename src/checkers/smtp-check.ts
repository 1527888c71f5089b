import type { Socket } from 'node:net';
import type { SmtpCheck } from '../config/index.ts';
import { errorText, socketFailed, type RunningCheck } from './connection.ts';
import { Deadline } from './deadline.ts';
import type { CheckResult } from './schedule.ts';
import { smtpAwaited, smtpStart, smtpStep } from './smtp-dialogue.ts';
import type { CheckSockets } from './sockets.ts';

/** connect_timeout bounds each wait, as in the reference; a server that sends a byte now and then has this many of them in all. */
const patience = 12;

export function runSmtpCheck(checker: SmtpCheck, sockets: CheckSockets): RunningCheck<CheckResult> {
  const { connectTimeoutMs } = checker;
  const seconds = (ms: number): string => `${String(ms / 1000)} s`;
  let settle: (result: CheckResult) => void = () => undefined;
  const outcome = new Promise<CheckResult>((resolve) => {
    settle = resolve;
  });
  let dialogue = smtpStart;
  let stream: Socket | undefined;

  const stop = (): void => {
    waitTimer.clear();
    totalTimer.clear();
    giveUp();
    stream?.destroy();
  };
  const finish = (result: CheckResult): void => {
    stop();
    settle(result);
  };
  const fail = (reason: string): void => {
    finish({ ok: false, reason });
  };
  const waitTimer = new Deadline(connectTimeoutMs, () => {
    const within = `within ${seconds(connectTimeoutMs)}`;
    if (stream === undefined) fail(`no connection ${within}`);
    else fail(`read timeout: no ${smtpAwaited(dialogue)} ${within}`);
  });
  const totalTimer = new Deadline(patience * connectTimeoutMs, () => {
    fail(`the dialogue did not end within ${seconds(patience * connectTimeoutMs)}`);
  });

  const talk = (connected: Socket): void => {
    stream = connected;
    waitTimer.refresh();
    connected.on('error', (error) => {
      fail(`read failure: ${errorText(error)} instead of its ${smtpAwaited(dialogue)}`);
    });
    connected.on('close', () => {
      fail(`read failure: the server closed the connection instead of its ${smtpAwaited(dialogue)}`);
    });
    connected.on('data', (bytes: Buffer) => {
      waitTimer.refresh();
      const step = smtpStep(dialogue, bytes, checker.heloName);
      dialogue = step.dialogue;
      if (step.result !== undefined) finish(step.result);
      else if (step.send !== undefined) connected.write(step.send);
    });
  };
  const giveUp = sockets.connectTcp(checker, (opened) => {
    if (opened.ok) talk(opened.value.stream());
    else finish(socketFailed(opened.error));
  });
  return { outcome, cancel: stop };
}
