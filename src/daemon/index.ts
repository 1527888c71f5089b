export type { DaemonOptions } from './daemon-options.ts';
export { runDaemon, type ProgramFacts } from './run.ts';
export { previewReload, previewStart, readKernelTable, type PlanPreview, type PreviewStep } from './plan-preview.ts';
export { startCheckProgram } from './script-runner.ts';
export { parseSavedTable, realServerText, virtualServerText } from '../lvs/index.ts';
export { engineConfig } from './settings.ts';
