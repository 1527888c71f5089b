import type { SourceSpan } from '../core/index.ts';
import type { Statement } from '../parser/index.ts';
import type { Config } from './model/config.ts';
import type { NotifyScripts, ScriptCommand } from './model/values.ts';
import { scriptCommand } from './arguments.ts';
import type { Findings } from './read.ts';

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
export function checkScriptSecurity(
  findings: Findings,
  config: Config,
  { vrrpRuns, virtualServers, ownScripts }: ScriptUse,
): void {
  const { executable, knownUser } = findings.host;
  const runs: Runs = ({ argv: [program], user }) =>
    program !== undefined &&
    !program.startsWith('<') &&
    (executable === undefined || executable(program)) &&
    (user === undefined || knownUser === undefined || knownUser(user));
  const runsLine = (line: Statement): boolean => runs(scriptCommand(line, findings.rules));
  const { instances, syncGroups, scripts } = config.vrrp;
  if (vrrpRuns) reportMissingTrackScripts(findings, scripts);
  if (config.global.enableScriptSecurity) return;
  const at =
    (vrrpRuns ? scripts.find(({ script }) => runs(script))?.span : undefined) ??
    [...instances, ...syncGroups].find((object) => notifyCommands(object).some(runs))?.span ??
    firstCommand(virtualServers, runsLine) ??
    ownScripts.find(runsLine)?.keyword.span;
  if (at === undefined) return;
  findings.warning(
    'script-security',
    at,
    'scripts are run without enable_script_security',
    "add 'enable_script_security' to global_defs",
    'security',
  );
}

interface ScriptUse {
  /** Whether any instance is asked for: without one nobody looks at the scripts of VRRP. */
  readonly vrrpRuns: boolean;
  readonly virtualServers: readonly Statement[];
  /** startup_script and shutdown_script that can be used. */
  readonly ownScripts: readonly Statement[];
}

type Runs = (command: ScriptCommand) => boolean;

function notifyCommands(object: NotifyScripts): readonly ScriptCommand[] {
  const { notify, notifyMaster, notifyBackup, notifyFault, notifyStop, notifyDeleted, notifyMasterRxLowerPri } = object;
  return [notify, notifyMaster, notifyBackup, notifyFault, notifyStop, notifyDeleted, notifyMasterRxLowerPri].filter(
    (command) => command !== undefined,
  );
}

function reportMissingTrackScripts(findings: Findings, scripts: Config['vrrp']['scripts']): void {
  const { executable } = findings.host;
  for (const { name, script, span } of scripts) {
    const [program = ''] = script.argv;
    if (executable === undefined || program.startsWith('<') || executable(program)) continue;
    findings.warning(
      'script-missing',
      span,
      `vrrp_script ${name} cannot be run: ${program} is not an executable file`,
      'install it, or correct its path',
    );
  }
}

/** Checks whose function is not there yet run scripts as well, so the lines are searched and not the model. */
function firstCommand(statements: readonly Statement[], runs: (line: Statement) => boolean): SourceSpan | undefined {
  for (const line of statements) {
    const { keyword, args, block } = line;
    if (commandKeywords.has(keyword.text) && args.length > 0 && runs(line)) return keyword.span;
    const inside = block === undefined ? undefined : firstCommand(block.statements, runs);
    if (inside !== undefined) return inside;
  }
  return undefined;
}
