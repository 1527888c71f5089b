export type * from './model/values.ts';
export type * from './model/global-defs.ts';
export type * from './model/vrrp.ts';
export type * from './model/lvs.ts';
export type * from './model/checkers.ts';
export type * from './model/config.ts';
export { loadConfig, type LoadOptions, type LoadedConfig } from './load.ts';
export type { ConfigDiagnostic, ConfigClass, HostFacts } from './read.ts';
export { allKeywords, findKeyword, nearestKeyword, type Keyword } from './keywords/table.ts';
