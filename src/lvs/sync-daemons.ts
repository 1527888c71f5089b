import type { IpvsSyncDaemon, IpvsSyncOperation } from '../core/index.ts';

/** Which daemons of the kernel should synchronise connections with other directors (keepalived.conf(5), lvs_sync_daemon). */

export interface SyncSettings {
  readonly daemon: Omit<IpvsSyncDaemon, 'role'>;
  /** The vrrp_instance whose state chooses the role; absent: both roles run. */
  readonly vrrpInstance?: string;
}

/** `states` of the VRRP instances as far as they are known: of an instance that has none yet nothing is decided. */
export function desiredSyncDaemons(
  settings: SyncSettings | undefined,
  states: Readonly<Record<string, string>>,
): readonly IpvsSyncDaemon[] {
  if (settings === undefined) return [];
  const { daemon, vrrpInstance } = settings;
  const [master, backup] = [{ role: 'master', ...daemon } as const, { role: 'backup', ...daemon } as const];
  if (vrrpInstance === undefined) return [master, backup];
  const state = states[vrrpInstance];
  return state === undefined ? [] : [state === 'MASTER' ? master : backup];
}

/**
 * The operations from the daemons that run to those that should, what is to stop first. Where nothing is configured, a daemon that is
 * not in `started` is somebody else's and runs on; where something is, both roles are ours, since the kernel has one of each.
 */
export function planSyncDaemons(
  desired: readonly IpvsSyncDaemon[],
  actual: readonly IpvsSyncDaemon[],
  ours: { readonly configured: boolean; readonly started: ReadonlySet<IpvsSyncDaemon['role']> },
): readonly IpvsSyncOperation[] {
  const stops: IpvsSyncOperation[] = [];
  const right = new Set<IpvsSyncDaemon['role']>();
  for (const running of actual) {
    const wanted = desired.find(({ role }) => role === running.role);
    if (wanted !== undefined && runsAs(running, wanted)) right.add(running.role);
    else if (ours.configured || ours.started.has(running.role)) stops.push({ op: 'stop', role: running.role });
  }
  const starts = desired.filter(({ role }) => !right.has(role));
  return [...stops, ...starts.map((daemon): IpvsSyncOperation => ({ op: 'start', daemon }))];
}

/** What the kernel takes where nothing is said (linux/ip_vs.h, ipvsadm(8)). */
const defaults = { group: '224.0.0.81', port: 8848, ttl: 1 };

/** Kernels before 4.3 tell neither maxlen, port, ttl nor group. */
function runsAs(running: IpvsSyncDaemon, wanted: IpvsSyncDaemon): boolean {
  if (running.interface !== wanted.interface || running.syncId !== wanted.syncId) return false;
  if (running.port !== undefined && running.port !== (wanted.port ?? defaults.port)) return false;
  if (running.ttl !== undefined && running.ttl !== (wanted.ttl ?? defaults.ttl)) return false;
  if (running.group !== undefined && running.group !== (wanted.group ?? defaults.group)) return false;
  // The kernel shortens it to what the interface can send.
  return running.maxlen === undefined || wanted.maxlen === undefined || running.maxlen <= wanted.maxlen;
}

/** `master on eth1, id 41`, and what is not the kernel's default. */
export function syncDaemonText(daemon: IpvsSyncDaemon): string {
  const { role, syncId, maxlen, port, ttl, group } = daemon;
  const options = Object.entries({ maxlen, port, ttl, group }).flatMap(([name, value]) =>
    value === undefined ? [] : [`, ${name} ${String(value)}`],
  );
  return `${role} on ${daemon.interface}, id ${String(syncId)}${options.join('')}`;
}
