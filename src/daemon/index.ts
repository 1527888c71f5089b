export type { DaemonOptions } from './daemon-options.ts';
