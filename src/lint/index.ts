export { allRules, lint, type LintOptions, type LintResult, type RuleInfo } from './lint.ts';
export { isAtLeast, type Edit, type Finding, type Fix, type Related } from './finding.ts';
export { applyFixes, type Fixed } from './edit.ts';
export { parseFacts, type Facts, type InterfaceFacts, type ProgramFacts } from './facts.ts';
