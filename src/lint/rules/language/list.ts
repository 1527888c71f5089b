import type { Rule } from '../../rule.ts';
import { shellSyntax } from './shell-syntax.ts';

/** Mistakes of the language itself, and of scripts and their words. */
export const languageRules: readonly Rule[] = [shellSyntax];
