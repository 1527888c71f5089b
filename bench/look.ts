import { parseIp } from '../src/core/index.ts';
import { IpvsClient } from '../src/ipvs-netlink/index.ts';
import { NetlinkClient } from '../src/netlink/index.ts';
import { netlinkProtocol, openNetlink, realAlarm } from '../src/platform/index.ts';

/**
 * `look.ts ADDRESS PORT SERVERS SERVER WEIGHT`: says `looking`, and `seen` once the service has so many servers and the one that is
 * named has the weight. One service is looked at, so that the look costs next to nothing of the guest's one processor.
 */

const everyMs = 25;
const [address = '', port = '', count = '', last = '', weight = ''] = process.argv.slice(2);
const ip = parseIp(address);
if (!ip.ok) throw new RangeError(ip.error);
const service = { kind: 'address', protocol: 'tcp', address: ip.value, port: Number(port) } as const;
const client = await IpvsClient.open(new NetlinkClient(openNetlink(netlinkProtocol.generic), realAlarm));
if (!client.ok) throw new Error(client.error.text);

console.log('looking');
for (;;) {
  const found = await client.value.destinationsOf(service);
  const servers = found.ok ? found.value : [];
  const there = servers.some((server) => server.address === last && server.weight === Number(weight));
  if (there && servers.length === Number(count)) break;
  await new Promise((resolve) => setTimeout(resolve, everyMs));
}
console.log('seen');
process.exit(0);
