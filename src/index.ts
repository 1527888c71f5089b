/**
 * Watchkeeper as a library: read a keepalived.conf, with all that it includes, into typed plain data and findings; and look up what
 * its keywords take.
 *
 * ```ts
 * const { config, diagnostics } = loadConfig({
 *   file: '/etc/keepalived/keepalived.conf',
 *   files: diskFiles,
 *   configId: hostname(),
 *   hostName: hostname(),
 *   random: Math.random,
 * });
 * for (const diagnostic of diagnostics) console.error(formatDiagnostic(diagnostic));
 * ```
 */
export { allKeywords, findKeyword, loadConfig, nearestKeyword } from './config/index.ts';
export type * from './config/index.ts';
export { formatDiagnostic } from './core/index.ts';
export type { Diagnostic, IpAddress, IpFamily, Result, Severity, SourceSpan } from './core/index.ts';
export type { FileProblem, FileSource } from './parser/index.ts';
export { diskFiles } from './platform/index.ts';
