import { runnableChecks } from '../checkers/index.ts';
import type { Config, LvsConfig, NotifyFifo, VrrpConfig } from '../config/index.ts';
import type { EngineConfig } from '../vrrp/index.ts';
import type { DaemonOptions } from './daemon-options.ts';
import type { CheckersSettings } from './messages.ts';
import type { PartName } from './supervision.ts';

/** What each part is told of a configuration. */

/** Processes and BFD sessions are not watched yet: an instance must not wait for news of them that never comes. */
function onlyTracked(vrrp: VrrpConfig): VrrpConfig {
  const untracked = { trackProcess: [], trackBfd: [] };
  return {
    ...vrrp,
    instances: vrrp.instances.map((instance) => ({ ...instance, ...untracked })),
    syncGroups: vrrp.syncGroups.map((group) => ({ ...group, ...untracked })),
  };
}

export function engineConfig({ vrrp, trackFiles, bfdInstances, global }: Config): EngineConfig {
  return {
    vrrp: withoutSpans(onlyTracked(vrrp)),
    trackFiles,
    bfdInstances,
    mcastGroup4: global.vrrpMcastGroup4,
    mcastGroup6: global.vrrpMcastGroup6,
    startupDelayMs: global.vrrpStartupDelayMs,
    logUnknownVrids: global.logUnknownVrids,
  };
}

/** Kinds of checks that cannot be run yet say nothing: a server that has no other counts as up. */
function onlyRunnable(lvs: LvsConfig): LvsConfig {
  return {
    ...lvs,
    virtualServers: lvs.virtualServers.map((virtual) => ({
      ...virtual,
      realServers: virtual.realServers.map((real) => ({
        ...real,
        checkers: real.checkers.filter(({ type }) => runnableChecks.has(type)),
      })),
    })),
  };
}

export function checkersSettings({ lvs, global }: Config): CheckersSettings {
  const secs = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : Math.round(ms / 1000));
  const { lvsTimeouts } = global;
  const [tcpSecs, tcpFinSecs, udpSecs] = [
    secs(lvsTimeouts?.tcpMs),
    secs(lvsTimeouts?.tcpfinMs),
    secs(lvsTimeouts?.udpMs),
  ];
  const timeouts = {
    ...(tcpSecs === undefined ? {} : { tcpSecs }),
    ...(tcpFinSecs === undefined ? {} : { tcpFinSecs }),
    ...(udpSecs === undefined ? {} : { udpSecs }),
  };
  return {
    lvs: onlyRunnable(lvs),
    rsInitNotifies: global.rsInitNotifies,
    flush: global.lvsFlush,
    ...(lvsTimeouts === undefined ? {} : { timeouts }),
  };
}

/** The parts that a configuration needs, as far as the command line lets them run. */
export function wantedParts({ vrrp, lvs }: Config, options: DaemonOptions): readonly PartName[] {
  const only = options.vrrp || options.check;
  const wanted: PartName[] = [];
  // The checkers come first: the table is what a client waits for, and VRRP waits for an interval anyway.
  if ((options.all || lvs.virtualServers.length > 0) && (!only || options.check)) wanted.push('checkers');
  if ((options.all || vrrp.instances.length > 0) && (!only || options.vrrp)) wanted.push('vrrp');
  return wanted;
}

export function allFifos({ global }: Config): readonly NotifyFifo[] {
  return [global.notifyFifo, global.vrrpNotifyFifo, global.lvsNotifyFifo].filter((fifo) => fifo !== undefined);
}

const runFolder = '/run';

/** Where pid files are: as the command line says, else as the reference puts them. */
export function pidFilePath(part: 'parent' | PartName, { global }: Config, options: DaemonOptions): string {
  const given = { parent: options.pid, vrrp: options.vrrpPid, checkers: options.checkersPid }[part];
  if (given !== undefined) return given;
  const own = global.usePidDir || global.instance !== undefined;
  const suffix = global.instance === undefined ? '' : `_${global.instance}`;
  return `${runFolder}${own ? '/keepalived' : ''}/${part === 'parent' ? 'keepalived' : part}${suffix}.pid`;
}

/**
 * The same without the places in the file, which are half of a large configuration's size: parts have no message that names
 * one. The type stays, since nothing but `span` is missing.
 */
function withoutSpans<T>(value: T): T {
  if (Array.isArray(value)) return value.map((item: unknown) => withoutSpans(item)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (key !== 'span') copy[key] = withoutSpans<unknown>(item);
  }
  return copy as T;
}
