import type { Rule } from '../../rule.ts';

/** Mistakes in VRRP instances, sync groups and what they track. */
export const vrrpRules: readonly Rule[] = [];
