/**
 * Writes what ipvsadm and keepalived say to the kernel's IPVS, and what it answers, to test/wire/ipvs/ipvsadm.hex and keepalived.hex:
 * the programs of this machine in the lab's guest kernel, whose netlink an nlmon interface copies to tcpdump. Takes root.
 *
 * `npx tsx scripts/capture-ipvs.ts`
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { gunzipSync } from 'node:zlib';
import { messageFlag, messageType, parseMessages } from '../src/netlink/index.ts';
import { netlinkProtocol } from '../src/platform/index.ts';
import { whyNoLab } from '../test/lab/available.ts';
import { Machine, projectRoot } from '../test/lab/machine.ts';
import { ipvsadmLines, keepalivedConfig, oneMore } from './capture-ipvs-cases.ts';

/** IPVS_CMD_GET_INFO */
const getInfo = 15;

/** The datagrams of generic netlink in a capture of nlmon: a header of 24 bytes, then each packet behind 16 of pcap and 16 of its kind. */
function packetsOf(pcap: Buffer): readonly Uint8Array[] {
  const packets: Uint8Array[] = [];
  for (let at = 24; at + 16 <= pcap.length;) {
    const length = pcap.readUInt32LE(at + 8);
    const packet = pcap.subarray(at + 16, at + 16 + length);
    at += 16 + length;
    if (packet.readUInt16BE(14) === netlinkProtocol.generic) packets.push(packet.subarray(16));
  }
  return packets;
}

/** The lines of what was said to the family and answered, by who said it: libnl's port numbers end in the number of the process. */
function linesOf(packets: readonly Uint8Array[]): ReadonlyMap<number, readonly string[]> {
  const asked = new Set<string>();
  const lines = new Map<number, string[]>();
  let known = false;
  for (const bytes of packets) {
    const [first] = parseMessages(bytes).messages;
    if (first === undefined) continue;
    const id = `${String(first.portId)} ${String(first.sequence)}`;
    const request = first.type > messageType.firstFamilyType && (first.flags & messageFlag.request) !== 0;
    if (request) {
      // Every process asks for the version first: once is enough.
      if (first.payload[0] === getInfo && known) continue;
      known ||= first.payload[0] === getInfo;
      asked.add(id);
    }
    if (!asked.has(id)) continue;
    const pid = first.portId & 0x3fffff;
    const line = `${request ? '>' : '<'} ${Buffer.from(bytes).toString('hex')}`;
    lines.set(pid, [...(lines.get(pid) ?? []), line]);
  }
  return lines;
}

const why = whyNoLab('guest');
if (why !== undefined) {
  console.error(why);
  process.exit(1);
}
const machine = await Machine.guest();
const wire = path.join(projectRoot, 'test/wire/ipvs');

/** Runs `work` in a namespace of its own and gives back the packets of meanwhile. */
async function captured(ns: string, work: () => Promise<void>): Promise<readonly Uint8Array[]> {
  await machine.run(
    undefined,
    `modprobe nlmon; ip netns add ${ns}; cd /; ip -n ${ns} link set lo up
    ip -n ${ns} link add wire0 type veth peer name wire1; ip -n ${ns} link set wire1 up; ip -n ${ns} link set wire0 up
    ip -n ${ns} address add 192.0.2.254/24 dev wire0; ip -n ${ns} address add 198.51.100.254/24 dev wire0
    ip -n ${ns} address add 2001:db8::fe/64 dev wire0 nodad; ip -n ${ns} address add 2001:db8:1::fe/64 dev wire0 nodad
    ip -n ${ns} link add nlmon0 type nlmon; ip -n ${ns} link set nlmon0 up`,
  );
  const file = `/run/${ns}.pcap`;
  const tcpdump = machine.spawn(ns, `exec tcpdump -Z root -i nlmon0 -s 0 -U -B 16384 -w ${file}`);
  await tcpdump.waitFor(/listening on/, 10_000);
  await work();
  await machine.run(undefined, 'sleep 1');
  tcpdump.signal('SIGINT');
  await tcpdump.exited;
  const { stdout } = await machine.run(undefined, `gzip -c ${file} | base64 -w 0`);
  return packetsOf(gunzipSync(Buffer.from(stdout, 'base64')));
}

async function version(command: string, pattern: RegExp): Promise<string> {
  const { stdout, stderr } = await machine.run(undefined, command, { mayFail: true });
  return pattern.exec(stdout + stderr)?.[1] ?? 'of an unknown version';
}

const kernel = await version('uname -r', /^(\d+\.\d+)/);
function head(program: string): string {
  return `# ${program} on kernel ${kernel}, by scripts/capture-ipvs.ts (> to the kernel, < from it)\n`;
}

const pids: number[] = [];
const ofIpvsadm = linesOf(
  await captured('ipvsadm', async () => {
    for (const line of ipvsadmLines) {
      const { stdout } = await machine.run('ipvsadm', `echo $$; exec ipvsadm ${line}`, { mayFail: true });
      pids.push(Number.parseInt(stdout, 10));
    }
  }),
);
const ipvsadmText = ipvsadmLines.map(
  (line, i) => `# ipvsadm ${line}\n${(ofIpvsadm.get(pids[i] ?? 0) ?? []).join('\n')}\n`,
);
writeFileSync(
  path.join(wire, 'ipvsadm.hex'),
  head(`ipvsadm ${await version('ipvsadm --version', /ipvsadm v(\S+)/)}`) + ipvsadmText.join(''),
);

const ofKeepalived = linesOf(
  await captured('keepalived', async () => {
    await machine.write('/run/wire/keepalived.conf', keepalivedConfig(3, 'wlc', oneMore));
    const running = machine.spawn('keepalived', 'exec keepalived -n -l -f /run/wire/keepalived.conf');
    await running.waitFor(/Entering MASTER STATE/, 30_000);
    await running.waitFor(/Removing service .198\.51\.100\.2/, 30_000);
    await machine.write('/run/wire/keepalived.conf', keepalivedConfig(4, 'rr', ''));
    running.signal('SIGHUP');
    await machine.run(undefined, 'sleep 5');
    running.signal('SIGTERM');
    await running.exited;
  }),
);
const keepalivedText = [...ofKeepalived.values()].map(
  (lines, i) => `# process ${String(i + 1)}\n${lines.join('\n')}\n`,
);
writeFileSync(
  path.join(wire, 'keepalived.hex'),
  head(
    `keepalived ${await version('keepalived --version', /Keepalived v(\S+)/)}: start, a server that fails, reload, stop,`,
  ) + keepalivedText.join(''),
);
machine.close();
