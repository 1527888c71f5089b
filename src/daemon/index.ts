export type { DaemonOptions } from './daemon-options.ts';
export { runDaemon, type ProgramFacts } from './run.ts';
