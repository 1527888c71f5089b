import {
  defaultTarget,
  parseConfig,
  type FileSource,
  type ParseDiagnostic,
  type SourceFile,
  type Statement,
  type Target,
} from '../parser/index.ts';
import { Extensions } from './extensions.ts';
import { withSmtpAccess } from './global/smtp-access.ts';
import { readFlat } from './flat-blocks.ts';
import { buildGlobalDefs } from './global/build.ts';
import { withInstancesSyncDaemon } from './global/sync-daemon.ts';
import { buildLvs } from './lvs/build.ts';
import { blockShape } from './keywords/shapes.ts';
import type { Config } from './model/config.ts';
import { named } from './named.ts';
import { Findings, readBlock, type ConfigClass, type ConfigDiagnostic, type HostFacts } from './read.ts';
import { checkScriptSecurity } from './script-security.ts';
import { buildBfdInstances } from './tracked/bfd.ts';
import { buildTrackFile } from './tracked/files.ts';
import { buildVrrp } from './vrrp/build.ts';

export interface LoadOptions {
  /** The main file, or a glob. */
  readonly file: string;
  readonly files: FileSource;
  /** What `@id` lines are compared with. */
  readonly configId: string;
  /** The default of router_id. */
  readonly hostName: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Gives numbers in [0, 1). */
  readonly random: () => number;
  /** The keepalived to be equal to, see `parseTarget`. Where none is named, the rules are those of 2.4.3, and no keyword is too new. */
  readonly target?: Target;
  readonly host?: HostFacts;
  /** A file that is missing is an error (`-e`). */
  readonly allConfig?: boolean;
}

export interface LoadedConfig {
  readonly config: Config;
  readonly diagnostics: readonly (ConfigDiagnostic | ParseDiagnostic)[];
  /** The files that were read. */
  readonly files: readonly string[];
  /** Whether a daemon may act on it: false where something is wrong that the reference would end with. */
  readonly usable: boolean;
  /** Whether one that only checks and serves may: what is wrong with VRRP is not its concern. */
  readonly usableForChecks: boolean;
  /** What `keepalived -t` exits with. */
  readonly testExitStatus: 0 | 2 | 4 | 5 | 6;
  /** The lines as the model was read from them, everything expanded: for those who look closer. */
  readonly statements: readonly Statement[];
  /** The texts of `files`, in the same order. */
  readonly sources: readonly SourceFile[];
}

/** Reads, checks and types a configuration with all that it includes. Never throws: whatever is wrong is a diagnostic. */
export function loadConfig(options: LoadOptions): LoadedConfig {
  const parsed = parseConfig({
    file: options.file,
    files: options.files,
    configId: options.configId,
    environment: options.environment ?? {},
    random: options.random,
    allConfig: options.allConfig ?? false,
    target: options.target ?? defaultTarget,
    shape: blockShape(),
  });
  const findings = new Findings(options.target, options.host ?? {});
  const { statements, extensions: outside } = readFlat(findings, parsed.tree);
  const extensions = new Extensions(findings);
  if (parsed.tree.extended) extensions.read(statements, outside);
  const root = readBlock(findings, '(root)', 'the top level', statements);
  const globalBlocks = root.all('global_defs').map(({ statement }) => statement);
  const globals = globalBlocks.flatMap(({ block }) => block?.statements ?? []);
  const built = buildGlobalDefs(findings, globals, root, options.hostName);
  const { reading } = built;
  const defs = withSmtpAccess(
    built.defs,
    findings,
    globalBlocks.flatMap((block) => extensions.of(block)?.entries ?? []),
  );
  const trackFiles = (['track_file', 'vrrp_track_file'] as const).flatMap((keyword) =>
    named(findings, root, keyword, (name, entry) => buildTrackFile(findings, name, entry)),
  );
  const bfdInstances = buildBfdInstances(findings, root);
  const vrrp = buildVrrp(findings, root, { global: defs, reading }, { trackFiles, bfdInstances });
  const lvs = buildLvs(findings, root, defs, { trackFiles, bfdInstances, extensions });
  const global = withInstancesSyncDaemon(defs, vrrp.instances);
  const config: Config = { global, vrrp, lvs, trackFiles, bfdInstances };
  checkScriptSecurity(findings, config, {
    vrrpRuns: root.has('vrrp_instance'),
    virtualServers: root.all('virtual_server').map(({ statement }) => statement),
    ownScripts: ['startup_script', 'shutdown_script'].flatMap((name) => reading.all(name)[0]?.statement ?? []),
  });
  const diagnostics = [...parsed.diagnostics, ...findings.finish()];
  const classes = new Set<ConfigClass>([
    ...parsed.diagnostics.map((diagnostic) => diagnostic.class),
    ...findings.classes,
  ]);
  const usableForChecks =
    parsed.files.length > 0 &&
    parsed.complete &&
    !classes.has('missing-parameter') &&
    !classes.has('file') &&
    !classes.has('include');
  return {
    config,
    diagnostics,
    files: parsed.files,
    usable: usableForChecks && !classes.has('interface') && !classes.has('unusable'),
    usableForChecks,
    testExitStatus: exitStatus(classes),
    statements,
    sources: parsed.sources,
  };
}

/** keepalived's own mapping: the highest class that was reported decides. */
function exitStatus(classes: ReadonlySet<ConfigClass>): LoadedConfig['testExitStatus'] {
  if (classes.has('missing-parameter')) return 2;
  if (classes.has('security') || classes.has('include')) return 6;
  if (classes.has('file') || classes.has('fatal')) return 4;
  // keepalived 2.2.7 has a status for interfaces that are not there, but a second report of the same hides it.
  return classes.has('general') || classes.has('unusable') || classes.has('interface') ? 5 : 0;
}
