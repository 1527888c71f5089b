export type * from './model/values.ts';
export type * from './model/global-defs.ts';
export type * from './model/vrrp.ts';
export type * from './model/lvs.ts';
export type * from './model/checkers.ts';
export type * from './model/config.ts';
