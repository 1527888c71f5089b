import { NetlinkClient } from '../netlink/index.ts';
import { hasCapability, netlinkProtocol, openNetlink, realAlarm } from '../platform/index.ts';
import { notificationGroups, RouteClient } from '../rtnetlink/index.ts';
import { Interfaces } from './interfaces.ts';
import type { FromVrrp, VrrpOrder, VrrpStart } from './messages.ts';
import { FatalError, PartProgram } from './part-main.ts';
import { VrrpPart } from './vrrp-part.ts';

/** The vrrp process. */
new PartProgram<VrrpStart, VrrpOrder, FromVrrp>('Keepalived_vrrp', async (start, log, tell) => {
  for (const capability of ['CAP_NET_ADMIN', 'CAP_NET_RAW'] as const) {
    if (!hasCapability(capability))
      throw new FatalError(`VRRP needs ${capability}: run as root, or give it with the unit's AmbientCapabilities`, 4);
  }
  // Notifications come on a socket of their own, so that they wait for no answer.
  const monitor = new RouteClient(
    new NetlinkClient(openNetlink(netlinkProtocol.route, Object.values(notificationGroups)), realAlarm),
  );
  const route = new RouteClient(new NetlinkClient(openNetlink(netlinkProtocol.route), realAlarm));
  const interfaces = await Interfaces.open(monitor, log, start.logAddresses);
  const part = new VrrpPart({ log, tell, route, interfaces }, start);
  tell({ type: 'ready' });
  return {
    handle: (message) => {
      part.handle(message);
    },
    stop: () => part.stop(),
  };
}).run();
