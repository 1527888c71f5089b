import { IpvsClient } from '../ipvs-netlink/index.ts';
import { NetlinkClient } from '../netlink/index.ts';
import {
  hasCapability,
  netlinkProtocol,
  openNetlink,
  raiseOpenFiles,
  realAlarm,
  runScript,
} from '../platform/index.ts';
import { CheckersPart } from './checkers-part.ts';
import type { CheckersOrder, CheckersStart, FromCheckers, Log } from './messages.ts';
import { FatalError, PartProgram } from './part-main.ts';

/** Descriptors besides those of the checks. */
const spareDescriptors = 256;
const moduleLoadMs = 10_000;

/** The checkers process. */
new PartProgram<CheckersStart, CheckersOrder, FromCheckers>('Keepalived_healthcheckers', async (start, log, tell) => {
  if (!hasCapability('CAP_NET_ADMIN')) {
    throw new FatalError("IPVS needs CAP_NET_ADMIN: run as root, or give it with the unit's AmbientCapabilities", 4);
  }
  const checks = start.settings.lvs.virtualServers.reduce((sum, { realServers }) => sum + realServers.length, 0);
  const raised = checks > spareDescriptors ? raiseOpenFiles(2 * checks + spareDescriptors) : undefined;
  if (raised?.ok === false) log('warning', raised.error);
  const client = await openIpvs(log);
  const openAnother = (): ReturnType<typeof IpvsClient.open> => IpvsClient.open(genericNetlink());
  const part = await CheckersPart.start({ log, tell, client, openAnother }, start);
  tell({ type: 'ready' });
  return {
    handle: (message) => {
      part.handle(message);
    },
    stop: () => part.stop(),
  };
}).run();

function genericNetlink(): NetlinkClient {
  return new NetlinkClient(openNetlink(netlinkProtocol.generic), realAlarm);
}

/** The kernel's IPVS; where it is missing, its module is loaded once. */
async function openIpvs(log: Log): Promise<IpvsClient> {
  const netlink = genericNetlink();
  const opened = await IpvsClient.open(netlink);
  if (opened.ok) return opened.value;
  if (opened.error.code === 'ENOENT') {
    log('info', 'loading the kernel module ip_vs');
    await runScript({ argv: ['modprobe', '-q', 'ip_vs'], timeoutMs: moduleLoadMs }).outcome;
    const again = await IpvsClient.open(netlink);
    if (again.ok) return again.value;
  }
  throw new FatalError(`IPVS cannot be used: ${opened.error.text}`);
}
