export type { DaemonOptions } from './daemon-options.ts';
export { runDaemon, type ProgramFacts } from './run.ts';
export { previewReload, previewStart, readKernelTable, type PlanPreview, type PreviewStep } from './plan-preview.ts';
export { parseSavedTable } from '../lvs/index.ts';
