import type { Config, LoadedConfig, VrrpConfig } from '../config/index.ts';
import { formatDiagnostic } from '../core/index.ts';
import { readSecret } from '../platform/index.ts';
import type { DaemonOptions } from './daemon-options.ts';
import { withKeyFiles, type ReadKeys } from './hmac-keys.ts';
import type { Log } from './messages.ts';
import { loadMarked, passesReloadCheck } from './reload-files.ts';
import { reloadFilePath } from './settings.ts';

interface Edges {
  readonly options: DaemonOptions;
  readonly log: Log;
  /** Reads the configuration again, as at start. */
  readonly load: () => LoadedConfig;
}

/** What runs can change at a reload, but for these. */
const fixed = ['netNamespace', 'netNamespaceIpvs', 'instance'] as const;

/** The configuration as it is now in its files; undefined, and the log says why: it cannot follow the one that runs. */
export function newConfiguration(running: Config, { options, log, load }: Edges): Config | undefined {
  const { global } = running;
  const loaded = loadMarked(reloadFilePath(global, options), load, log);
  if (!passesReloadCheck(loaded, global, log)) return undefined;
  reportDiagnostics(loaded, log);
  if (!loaded.usable) {
    log('error', 'The new configuration is not used because of the errors above: the running one stays');
    return undefined;
  }
  const other = fixed.find((name) => loaded.config.global[name] !== global[name]);
  if (other !== undefined) {
    log('error', `${other} cannot change at a reload: the new configuration is not used; restart instead`);
    return undefined;
  }
  const { vrrp, errors } = readKeys(loaded.config.vrrp, log);
  if (errors.length > 0) {
    log('error', 'The new configuration is not used, since it has keys that cannot be: the running one stays');
    return undefined;
  }
  return { ...loaded.config, vrrp };
}

/** With the keys of its key files; the log says which of them cannot be used. */
export function readKeys(vrrp: VrrpConfig, log: Log): ReadKeys {
  const keys = withKeyFiles(vrrp, readSecret);
  for (const text of keys.errors) log('error', text);
  for (const text of keys.warnings) log('warning', text);
  return keys;
}

export function reportDiagnostics({ diagnostics }: LoadedConfig, log: Log): void {
  for (const diagnostic of diagnostics) log(diagnostic.severity, formatDiagnostic(diagnostic));
}
