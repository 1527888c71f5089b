// Sends adverts that nobody should believe, and at last one that everybody should: run in a namespace of the lab.
// Usage: hostile-adverts.ts IFNAME SOURCE VIP [--good | --lower]
import { parseIp, type IpAddress } from '../../src/core/index.ts';
import { interfaceIndex, openVrrpSender } from '../../src/platform/index.ts';
import { encodeAdvert, ipv4Datagram, type Advert } from '../../src/vrrp/index.ts';

const [ifname = 'eth0', sourceText = '', vipText = ''] = process.argv.slice(2);

function address(text: string): IpAddress {
  const parsed = parseIp(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

const route = { source: address(sourceText), destination: address('224.0.0.18') };
const sender = openVrrpSender('ipv4');
const ifindex = interfaceIndex(ifname);
if (!sender.ok || !ifindex.ok) throw new Error('no socket or no interface');

let id = 1;
function send(name: string, pdu: Uint8Array, ttl = 255): void {
  if (!sender.ok || !ifindex.ok) return;
  const bytes = ipv4Datagram({ ...route, ttl, id: id++ }, pdu);
  const sent = sender.value.send({ ifname, ifindex: ifindex.value, ...route, ttl, bytes });
  console.log(sent.ok ? `sent ${name}` : sent.error.text);
}

const good: Advert = {
  version: 2,
  virtualRouterId: 41,
  priority: 254,
  advertIntMs: 1000,
  addresses: [address(vipText)],
  authPass: '1111',
};
const pdu = encodeAdvert(good, route);
const changed = (offset: number, value: number): Uint8Array => {
  const copy = pdu.slice();
  copy[offset] = value;
  return copy;
};

if (process.argv.includes('--good')) {
  send('a good advert', pdu);
} else if (process.argv.includes('--lower')) {
  send('an advert of priority 1', encodeAdvert({ ...good, priority: 1 }, route));
} else {
  for (let length = 0; length < pdu.length; length++) send(`truncated to ${String(length)}`, pdu.subarray(0, length));
  send('wrong checksum', changed(6, (pdu[6] ?? 0) ^ 0xff));
  send('TTL 254', pdu, 254);
  send('version 3', encodeAdvert({ ...good, version: 3 }, route));
  send('version 7', changed(0, 0x71));
  send('wrong type', changed(0, 0x22));
  send('wrong password', encodeAdvert({ ...good, authPass: '2222' }, route));
  const { authPass, ...open } = good;
  send(`no password instead of ${String(authPass?.length)} characters`, encodeAdvert(open, route));
  send('wrong router id', encodeAdvert({ ...good, virtualRouterId: 99 }, route));
  send('wrong interval', encodeAdvert({ ...good, advertIntMs: 5000 }, route));
  for (let i = 0; i < 1000; i++) send('flood', encodeAdvert({ ...good, authPass: String(i) }, route));
}
