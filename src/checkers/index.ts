export {
  CheckSchedule,
  type TimedChecker,
  type ConfiguredCheck,
  type Run,
  type CheckResult,
  type CheckWarning,
  type Verdict,
} from './schedule.ts';
export { followedChecks, runCheck, runnableChecks } from './run.ts';
export { fileFinding, type FollowedFinding } from './file-check.ts';
export { CheckRunner } from './check-runner.ts';
export type { WebTools } from './http-check.ts';
export { TlsContexts } from './tls-contexts.ts';
export type { ProgramOutcome, RunningProgram, StartProgram } from './misc-check.ts';
export type { RunningCheck } from './connection.ts';
export type { CheckSockets } from './sockets.ts';
export { runExchange, type Exchange, type ExchangeOutcome } from './http-exchange.ts';
export { httpRequest } from './http-request.ts';
