import { NetlinkClient } from '../netlink/index.ts';
import {
  hasCapability,
  netlinkProtocol,
  openLinkSender,
  openNetlink,
  realAlarm,
  type JoinableTransport,
} from '../platform/index.ts';
import { LinkStateClient, notificationGroups, RouteClient, routeNotificationGroups } from '../rtnetlink/index.ts';
import { Interfaces } from './interfaces.ts';
import { Linkbeat } from './linkbeat.ts';
import type { FromVrrp, VrrpOrder, VrrpStart } from './messages.ts';
import type { VrrpLeft } from './left-state.ts';
import { FatalError, PartProgram } from './part-main.ts';
import { openStateFile } from './state-file.ts';
import { VrrpPart, type RouteMonitor } from './vrrp-part.ts';

/** To add an address takes the kernel a tenth of a millisecond, in which no advert is sent; and so many notifications are read in one turn. */
const addressesAtOnce = 32;

/** The vrrp process. */
new PartProgram<VrrpStart, VrrpOrder, FromVrrp>('Keepalived_vrrp', async (start, log, tell) => {
  for (const capability of ['CAP_NET_ADMIN', 'CAP_NET_RAW'] as const) {
    if (!hasCapability(capability))
      throw new FatalError(`VRRP needs ${capability}: run as root, or give it with the unit's AmbientCapabilities`, 4);
  }
  // A capability counts in the user namespace that the network belongs to: as MASTER without sockets nobody would hear of us.
  const probe = openLinkSender();
  if (!probe.ok && probe.error.errno === 'EPERM')
    throw new FatalError(
      'VRRP may not open raw sockets here, in spite of CAP_NET_RAW (EPERM): this network belongs to another user namespace, run it there',
      4,
    );
  if (probe.ok) probe.value.close();
  // Notifications come on a socket of their own, so that they wait for no answer.
  const transport = openNetlink(
    netlinkProtocol.route,
    Object.values(notificationGroups),
    start.settings.netlinkMonitor,
  );
  const monitor = new RouteClient(new NetlinkClient(transport, realAlarm));
  const route = new RouteClient(
    new NetlinkClient(openNetlink(netlinkProtocol.route, [], start.settings.netlinkCommands), realAlarm, {
      requestsAtOnce: addressesAtOnce,
    }),
  );
  const interfaces = await Interfaces.open(monitor, log, start.logAddresses);
  const linkbeat = new Linkbeat({ log, interfaces, ask: linkStates(), repeat: repeatedly });
  const part = await VrrpPart.open(
    {
      log,
      tell,
      route,
      interfaces,
      linkbeat,
      monitor: { client: monitor, ...routeWatch(transport, interfaces) },
      stateFile: openStateFile('vrrp', leftOf(start), start.stateFile, log),
    },
    start,
  );
  tell({ type: 'ready' });
  return {
    handle: (message) => {
      part.handle(message);
    },
    stop: (how) => part.stop(how),
  };
}).run();

/** Opens its socket when it is asked for the first time. */
function linkStates(): LinkStateClient['links'] {
  let client: LinkStateClient | undefined;
  return (ifindexes) => {
    try {
      client ??= new LinkStateClient(new NetlinkClient(openNetlink(netlinkProtocol.generic), realAlarm));
    } catch (error) {
      const text = `drivers cannot be asked: ${error instanceof Error ? error.message : String(error)}`;
      return Promise.resolve({ ok: false, error: { errno: 0, code: 'lost', text } });
    }
    return client.links(ifindexes);
  };
}

function repeatedly(everyMs: number, act: () => void): () => void {
  const timer = setInterval(act, everyMs);
  return () => {
    clearInterval(timer);
  };
}

/** What of a former run's state is still so. */
function leftOf({ sysctlsBefore, firewallBefore, ipvlansBefore }: VrrpStart): VrrpLeft {
  return {
    ...(sysctlsBefore === undefined ? {} : { sysctlsBefore }),
    ...(firewallBefore === undefined ? {} : { firewall: firewallBefore }),
    ...(ipvlansBefore === undefined ? {} : { ipvlans: ipvlansBefore }),
  };
}

/** Routes and rules come on the monitor's socket, so that they are in order with what happens to their interfaces. */
function routeWatch(
  transport: JoinableTransport,
  interfaces: Interfaces,
): Pick<RouteMonitor, 'watchRoutes' | 'onLost'> {
  let watching = false;
  return {
    watchRoutes: () => {
      if (!watching) transport.join(Object.values(routeNotificationGroups));
      watching = true;
    },
    onLost: (listener) => {
      interfaces.onLost(listener);
    },
  };
}
