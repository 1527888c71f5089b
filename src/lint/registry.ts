import type { Rule } from './rule.ts';
import { languageRules } from './rules/language/list.ts';
import { lvsRules } from './rules/lvs/list.ts';
import { vrrpRules } from './rules/vrrp/list.ts';

/** Every rule of one configuration. */
export const rules: readonly Rule[] = [...languageRules, ...vrrpRules, ...lvsRules];
