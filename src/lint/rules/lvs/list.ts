import type { Rule } from '../../rule.ts';

/** Mistakes in virtual servers, real servers and their checks. */
export const lvsRules: readonly Rule[] = [];
