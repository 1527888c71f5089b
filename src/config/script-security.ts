import type { SourceSpan } from '../core/index.ts';
import type { Statement } from '../parser/index.ts';
import type { Config } from './model/config.ts';
import { scriptCommand, type Findings } from './read.ts';

const commandKeywords: ReadonlySet<string> = new Set([
  'quorum_up',
  'quorum_down',
  'notify_up',
  'notify_down',
  'misc_path',
]);

/**
 * Scripts of which nobody has said that their paths are to be checked: the reference calls this a security violation. It counts
 * only programs that are there; without facts about the host each is taken to be.
 */
export function checkScriptSecurity(findings: Findings, config: Config, virtualServers: readonly Statement[]): void {
  const { executable } = findings.host;
  const runs = (program: string | undefined): boolean =>
    program !== undefined && (executable === undefined || executable(program));
  reportMissingTrackScripts(findings, config, runs);
  if (config.global.enableScriptSecurity) return;
  const at =
    config.vrrp.scripts.find(({ script }) => runs(script.argv[0]))?.span ??
    [...config.vrrp.instances, ...config.vrrp.syncGroups].find((object) =>
      Object.entries(object).some(([name, value]) => name.startsWith('notify') && runs(programOf(value))),
    )?.span ??
    firstCommand(virtualServers, runs);
  if (at === undefined) return;
  findings.warning(
    'script-security',
    at,
    'scripts are run without enable_script_security',
    "add 'enable_script_security' to global_defs",
    'security',
  );
}

function reportMissingTrackScripts(
  findings: Findings,
  { vrrp }: Config,
  runs: (program: string | undefined) => boolean,
): void {
  for (const { name, script, span } of vrrp.scripts) {
    if (runs(script.argv[0])) continue;
    findings.warning(
      'script-missing',
      span,
      `vrrp_script ${name} cannot be run: ${script.argv[0] ?? ''} is not an executable file`,
      'install it, or correct its path',
    );
  }
}

function programOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('argv' in value) || !Array.isArray(value.argv)) return undefined;
  const program: unknown = value.argv[0];
  return typeof program === 'string' ? program : undefined;
}

/** Checks whose function is not there yet run scripts as well, so the lines are searched and not the model. */
function firstCommand(
  statements: readonly Statement[],
  runs: (program: string | undefined) => boolean,
): SourceSpan | undefined {
  for (const { keyword, args, block } of statements) {
    if (commandKeywords.has(keyword.text) && args.length > 0 && runs(scriptCommand(args).argv[0])) return keyword.span;
    const inside = block === undefined ? undefined : firstCommand(block.statements, runs);
    if (inside !== undefined) return inside;
  }
  return undefined;
}
