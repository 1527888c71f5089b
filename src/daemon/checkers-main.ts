import { ok } from '../core/index.ts';
import { IpvsClient } from '../ipvs-netlink/index.ts';
import { NetlinkClient } from '../netlink/index.ts';
import {
  hasCapability,
  insideNetworkNamespace,
  netlinkProtocol,
  openNetlink,
  readSysctl,
  realAlarm,
  runScript,
  type ReceiveBuffer,
} from '../platform/index.ts';
import { notificationGroups, RouteClient } from '../rtnetlink/index.ts';
import { raiseDescriptors } from './check-descriptors.ts';
import { CheckersPart } from './checkers-part.ts';
import { expand } from './compact.ts';
import { kernelSettingsText } from './kernel-settings.ts';
import type { CheckersOrder, CheckersStart, FromCheckers, Log } from './messages.ts';
import type { CheckersLeft } from './left-state.ts';
import { FatalError, PartProgram } from './part-main.ts';
import { openStateFile } from './state-file.ts';

const moduleLoadMs = 10_000;

/** The checkers process. */
new PartProgram<CheckersStart, CheckersOrder, FromCheckers>('Keepalived_healthcheckers', async (start, log, tell) => {
  const settings = expand(start.settings);
  if (!hasCapability('CAP_NET_ADMIN')) {
    throw new FatalError("IPVS needs CAP_NET_ADMIN: run as root, or give it with the unit's AmbientCapabilities", 4);
  }
  raiseDescriptors(settings.lvs, log);
  const { ipvsNamespace, netlinkCommands, netlinkMonitor } = settings;
  const connect = (): NetlinkClient => genericNetlink(ipvsNamespace, netlinkCommands);
  const client = await openIpvs(log, connect());
  const part = await CheckersPart.start(
    {
      log,
      tell,
      client,
      monitor: () =>
        new RouteClient(
          new NetlinkClient(
            openNetlink(netlinkProtocol.route, Object.values(notificationGroups), netlinkMonitor),
            realAlarm,
          ),
        ),
      loadModules: (names) => loadModules(log, names),
      openAnother: () => IpvsClient.open(connect()),
      stateFile: openStateFile('checkers', leftOf(start), start.stateFile, log),
    },
    { ...start, settings },
  );
  tell({ type: 'ready' });
  const sysctls = sysctlsOf(ipvsNamespace);
  if (sysctls !== undefined) log('info', sysctls);
  return {
    handle: (message) => {
      part.handle(message);
    },
    stop: (how) => part.stop(how),
  };
}).run();

/** What of a former run's state is still so. */
function leftOf({ servicesBefore, syncBefore, timeoutsBefore }: CheckersStart): CheckersLeft {
  return { services: servicesBefore, sync: syncBefore, ...(timeoutsBefore === undefined ? {} : { timeoutsBefore }) };
}

/** A socket to the kernel of the network namespace of a path, or of our own. */
function genericNetlink(namespace: string | undefined, buffer: ReceiveBuffer): NetlinkClient {
  const open = (): NetlinkClient => new NetlinkClient(openNetlink(netlinkProtocol.generic, [], buffer), realAlarm);
  if (namespace === undefined) return open();
  const opened = insideNetworkNamespace(namespace, open);
  if (!opened.ok) throw new FatalError(`net_namespace_ipvs: ${opened.error}`);
  return opened.value;
}

function sysctlsOf(namespace: string | undefined): string | undefined {
  const text = (): string | undefined => kernelSettingsText(ipvsSetting);
  const read = namespace === undefined ? ok(text()) : insideNetworkNamespace(namespace, text);
  return read.ok ? read.value : undefined;
}

function ipvsSetting(name: string): string | undefined {
  const value = readSysctl(['net', 'ipv4', 'vs', name]);
  return value.ok ? value.value : undefined;
}

/** The kernel's IPVS; where it is missing, its module is loaded once. */
async function openIpvs(log: Log, netlink: NetlinkClient): Promise<IpvsClient> {
  const opened = await IpvsClient.open(netlink);
  if (opened.ok) return opened.value;
  if (opened.error.code === 'ENOENT' && (await loadModules(log, ['ip_vs']))) {
    const again = await IpvsClient.open(netlink);
    if (again.ok) return again.value;
  }
  throw new FatalError(`IPVS cannot be used: ${opened.error.text}`);
}

async function loadModules(log: Log, names: readonly string[]): Promise<boolean> {
  let loaded = false;
  for (const name of names) {
    log('info', `loading the kernel module ${name}`);
    const outcome = await runScript({ argv: ['modprobe', '-q', '--', name], timeoutMs: moduleLoadMs }).outcome;
    loaded ||= outcome.type === 'exited' && outcome.code === 0;
  }
  return loaded;
}
