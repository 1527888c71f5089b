import { followedChecks, runnableChecks } from '../checkers/index.ts';
import type { Checker, Config, GlobalDefs, LvsConfig, NotifyFifo, VrrpConfig } from '../config/index.ts';
import type { SyncSettings } from '../lvs/index.ts';
import type { FifoAccess, WrittenFifo } from '../notify/index.ts';
import { withImplied, type EngineConfig } from '../vrrp/index.ts';
import { programName, type Scheduling } from '../platform/index.ts';
import type { DaemonOptions } from './daemon-options.ts';
import type { CheckersSettings, VrrpSettings } from './messages.ts';
import { fileMode } from './dumps/file-names.ts';
import { scriptAccount } from './script-runner.ts';
import type { PartName } from './supervision.ts';

/** What each part is told of a configuration. */

export function engineConfig({ vrrp, trackFiles, bfdInstances, global }: Config): EngineConfig {
  return {
    vrrp: withoutSpans(withImplied(withDefaultInterface(vrrp, global))),
    trackFiles,
    bfdInstances,
    mcastGroup4: global.vrrpMcastGroup4,
    mcastGroup6: global.vrrpMcastGroup6,
    startupDelayMs: global.vrrpStartupDelayMs,
    delayAfterBootMs: global.vrrpDelayAfterBootMs,
    garpIntervalMs: global.vrrpGarpIntervalMs,
    gnaIntervalMs: global.vrrpGnaIntervalMs,
    logUnknownVrids: global.logUnknownVrids,
    statesOnReload: global.fifoWriteVrrpStatesOnReload,
  };
}

function isDone({ type }: Checker): boolean {
  return runnableChecks.has(type) || followedChecks.has(type);
}

/** Static addresses that name no interface are on the default one. */
function withDefaultInterface(vrrp: VrrpConfig, { defaultInterface = 'eth0' }: GlobalDefs): VrrpConfig {
  const staticIpaddress = vrrp.staticIpaddress.map((entry) => ({ ...entry, dev: entry.dev ?? defaultInterface }));
  return { ...vrrp, staticIpaddress };
}

/** Where iproute2 has its names; what the administrator wrote counts before what came with it. */
const iprouteFolders = { usr: ['/usr/lib/iproute2', '/usr/share/iproute2'], etc: '/etc/iproute2' } as const;

/** Of those that a global linkbeat_use_polling is for, all that an instance or group names. IOCTL asks for what the kernel tells anyway. */
function linkbeatInterfaces({ vrrp, global }: Config): readonly string[] {
  const { instances, syncGroups, linkbeatInterfaces } = withImplied(vrrp);
  const own = instances.filter(({ linkbeatUsePolling }) => linkbeatUsePolling);
  const tracked = global.linkbeatUsePolling
    ? [...instances, ...syncGroups].flatMap(({ trackInterface }) => trackInterface.map(({ name }) => name))
    : [];
  const asked = linkbeatInterfaces.filter(({ method }) => method !== 'IOCTL');
  const told = new Set(linkbeatInterfaces.filter(({ method }) => method === 'IOCTL').map((entry) => entry.interface));
  const names = new Set([...asked, ...own].flatMap((entry) => entry.interface ?? []).concat(tracked));
  return [...names].filter((name) => !told.has(name));
}

export function vrrpSettings(config: Config): VrrpSettings {
  const { global } = config;
  const usr = global.iprouteUsrDir === undefined ? iprouteFolders.usr : [global.iprouteUsrDir];
  const { nftables } = global;
  return {
    iprouteFolders: [...usr, global.iprouteEtcDir ?? iprouteFolders.etc],
    vmacNaming: { prefix: global.vmacPrefix, addrPrefix: global.vmacAddrPrefix },
    firewall: {
      name: nftables?.table ?? 'keepalived',
      priority: nftables?.priority ?? -1,
      counters: global.nftablesCounters,
      byIndex: nftables?.ifindex ?? false,
    },
    disableLocalIgmp: global.disableLocalIgmp,
    linkbeat: linkbeatInterfaces(config),
    receiveBuffers: {
      multiplier: global.vrrpRxBufsMultiplier,
      ...(global.vrrpRxBufsPolicy === undefined ? {} : { policy: global.vrrpRxBufsPolicy }),
    },
    netlinkCommands: global.vrrpNetlinkCmdRcvBufs,
    netlinkMonitor: global.vrrpNetlinkMonitorRcvBufs,
  };
}

/** Kinds of checks that cannot be done yet say nothing: a server that has no other counts as up. */
function onlyRunnable(lvs: LvsConfig): LvsConfig {
  return {
    ...lvs,
    virtualServers: lvs.virtualServers.map((virtual) => ({
      ...virtual,
      realServers: virtual.realServers.map((real) =>
        real.checkers.every(isDone) ? real : { ...real, checkers: real.checkers.filter(isDone) },
      ),
    })),
  };
}

/** The path of a network namespace; without a name that of process 1, as the reference's default was seen to be. */
function netnsPath(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  return name === '' ? '/proc/1/ns/net' : `/run/netns/${name}`;
}

/** Undefined also where the instance that it names does not exist, as in the reference. */
export function syncSettings({ vrrp, global }: Config): SyncSettings | undefined {
  if (global.lvsSyncDaemon === undefined) return undefined;
  const { vrrpInstance, id, ...daemon } = global.lvsSyncDaemon;
  const instance = vrrp.instances.find(({ name }) => name === vrrpInstance);
  if (vrrpInstance === undefined) return { daemon: { ...daemon, syncId: id ?? 0 } };
  return instance && { daemon: { ...daemon, syncId: id ?? instance.virtualRouterId }, vrrpInstance };
}

export function checkersSettings(
  config: Config,
  options: Pick<DaemonOptions, 'vrrp' | 'check'> = { vrrp: false, check: false },
): CheckersSettings {
  const { lvs, trackFiles, global } = config;
  const sync = syncSettings(config);
  const ipvsNamespace = netnsPath(global.netNamespaceIpvs);
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
    // With -P the part is there for the sync daemons alone.
    lvs: onlyRunnable(options.vrrp && !options.check ? { virtualServers: [], groups: [] } : lvs),
    trackFiles,
    rsInitNotifies: global.rsInitNotifies,
    mail: mailed(global),
    flush: global.lvsFlush,
    flushOnStop: global.lvsFlushOnStop === 'all',
    scripts: {
      enableScriptSecurity: global.enableScriptSecurity,
      ...(global.scriptUser === undefined ? {} : { scriptUser: global.scriptUser }),
    },
    netlinkCommands: global.lvsNetlinkCmdRcvBufs,
    netlinkMonitor: global.lvsNetlinkMonitorRcvBufs,
    ...(sync === undefined ? {} : { sync }),
    ...(ipvsNamespace === undefined ? {} : { ipvsNamespace }),
    ...(lvsTimeouts === undefined ? {} : { timeouts }),
  };
}

/** keepalived.conf(5), process_names: what the reference was seen to call its processes. */
const referenceNames = { vrrp: 'keepalived_vrrp', checkers: 'keepalived_lvs', bfd: 'keepalived_bfd' } as const;

export function parentName({ processName, processNames }: GlobalDefs): string {
  return processName ?? (processNames ? 'keepalived' : programName());
}

export function partScheduling(part: PartName, global: GlobalDefs): Scheduling {
  const { vrrpProcess, checkerProcess, bfdProcess, processNames, maxAutoPriority = 0 } = global;
  const own = { vrrp: vrrpProcess, checkers: checkerProcess, bfd: bfdProcess }[part];
  return {
    ...own,
    ...(processNames && own.processName === undefined ? { processName: referenceNames[part] } : {}),
    ...(maxAutoPriority > 0 ? { autoPriority: { max: maxAutoPriority, delayMs: global.minAutoPriorityDelayMs } } : {}),
  };
}

function mailed({
  smtpServer,
  notificationEmail,
  checkerEmailsOnStateChangeOnly,
}: GlobalDefs): CheckersSettings['mail'] {
  if (smtpServer === undefined || notificationEmail.length === 0) return 'none';
  return checkerEmailsOnStateChangeOnly ? 'servers' : 'checks';
}

/** The parts that a configuration needs, as far as the command line lets them run. */
export function wantedParts(
  config: Config,
  options: Pick<DaemonOptions, 'vrrp' | 'check' | 'all'> & { readonly noBfd?: boolean },
): readonly PartName[] {
  const only = options.vrrp || options.check;
  const checks = (options.all || config.lvs.virtualServers.length > 0) && (!only || options.check);
  const { instances, staticIpaddress, staticRoutes, staticRules } = config.vrrp;
  const vrrpWork = [instances, staticIpaddress, staticRoutes, staticRules].some(({ length }) => length > 0);
  const vrrp = (options.all || vrrpWork) && (!only || options.vrrp);
  // The checkers process also holds the sync daemons, which can be all that there is to do besides VRRP.
  const synchronises = vrrp && syncSettings(config) !== undefined;
  const bfd = (options.all || config.bfdInstances.length > 0) && options.noBfd !== true;
  // The checkers come first: the table is what a client waits for, and VRRP waits for an interval anyway.
  return [
    ...(checks || synchronises ? (['checkers'] as const) : []),
    ...(vrrp ? (['vrrp'] as const) : []),
    ...(bfd ? (['bfd'] as const) : []),
  ];
}

/** FIFOs, what is written to each (the global one gets everything) and who may read it: whom its script runs as. */
export function allFifos({ global }: Config, options: Pick<DaemonOptions, 'umask'>): readonly WrittenFifo[] {
  const access = (fifo: NotifyFifo): FifoAccess => {
    const account = fifo.script === undefined ? undefined : scriptAccount(fifo.script, global);
    const owner = account?.ok === true ? account.value : undefined;
    return {
      mode: fileMode(options.umask, global),
      ...(owner === undefined ? {} : { owner: { uid: owner.uid, gid: owner.gid } }),
    };
  };
  return [
    { fifo: global.notifyFifo, takes: ['vrrp', 'lvs'] as const },
    { fifo: global.vrrpNotifyFifo, takes: ['vrrp'] as const },
    { fifo: global.lvsNotifyFifo, takes: ['lvs'] as const },
  ].flatMap(({ fifo, takes }) => (fifo === undefined ? [] : [{ fifo, takes, access: access(fifo) }]));
}

const runFolder = '/run';

/** Where pid files are: as the command line says, else as the reference puts them. */
export function pidFilePath(part: 'parent' | PartName, { global }: Config, options: DaemonOptions): string {
  const given = { parent: options.pid, vrrp: options.vrrpPid, checkers: options.checkersPid, bfd: options.bfdPid }[
    part
  ];
  if (given !== undefined) return given;
  const suffix = global.instance === undefined ? '' : `_${global.instance}`;
  return `${pidFolder(global, options)}/${part === 'parent' ? 'keepalived' : part}${suffix}.pid`;
}

/** In a network namespace the reference has a mount of its own over /run/keepalived; this is where others see it. */
function pidFolder(
  { usePidDir, instance, netNamespace }: GlobalDefs,
  options: Pick<DaemonOptions, 'namespace'>,
): string {
  const namespace = options.namespace ?? netNamespace;
  if (namespace !== undefined) return `${runFolder}/keepalived/${namespace}`;
  return usePidDir || instance !== undefined ? `${runFolder}/keepalived` : runFolder;
}

/** What the names of this daemon's files and of its log end in: of several on a host. */
export function identSuffix({ global }: Config, options: Pick<DaemonOptions, 'namespace'>): string {
  const words = [options.namespace ?? global.netNamespace, global.instance];
  return words.flatMap((word) => (word === undefined ? [] : [`_${word}`])).join('');
}

/** The file that is there while a configuration is read, where it is asked for. */
export function reloadFilePath(global: GlobalDefs, options: Pick<DaemonOptions, 'namespace'>): string | undefined {
  return global.reloadFile && (global.reloadFile.path ?? `${pidFolder(global, options)}/keepalived.reload`);
}

/** Beside its pid file, where a part leaves its state. */
export function stateFilePath(part: 'vrrp' | 'checkers', config: Config, options: DaemonOptions): string {
  return `${pidFilePath(part, config, options).replace(/\.pid$/, '')}.state`;
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
