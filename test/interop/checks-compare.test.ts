import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { whyNoLab } from '../lab/available.ts';
import { Machine, projectRoot, type LabProcess, type Line } from '../lab/machine.ts';

/** keepalived and Watchkeeper check servers that do the same at the same probe: their decisions fall at the same probes. */

const daemons = {
  keepalived: { port: 3000, program: process.env['KEEPALIVED'] ?? 'keepalived' },
  watchkeeper: { port: 4000, program: `${process.execPath} ${join(projectRoot, 'bin', 'watchkeeper')}` },
} as const;
const checks = [
  ['smtp', 'SMTP_CHECK', 'tcp', ''],
  ['dns', 'DNS_CHECK', 'udp', 'type A\nname example.org'],
  ['udp', 'UDP_CHECK', 'udp', 'require_reply aa'],
] as const;
/** A line of the servers may come later than the one of the daemon that followed; the next probe is a second away. */
const slackMs = 500;
/** So many turns the servers have; the last three are well. */
const probes = 19;

function config(port: number): string {
  return checks
    .map(
      ([, type, protocol, lines], i) =>
        `virtual_server 10.9.0.1 ${String(port + i)} {\ndelay_loop 1\nwarmup 0\nretry 2\ndelay_before_retry 1\nconnect_timeout 1\n` +
        `lb_algo rr\nlb_kind NAT\nprotocol ${protocol.toUpperCase()}\n` +
        `real_server 127.0.0.1 ${String(port + i)} {\n${type} {\n${lines}\n}\n}\n}\n`,
    )
    .join('');
}

/** `2 DOWN`: after the second probe the server was taken out of the table. */
function decisions(servers: readonly Line[], log: readonly Line[], kind: string, port: number): string[] {
  const asked = servers.filter(({ text }) => text.startsWith(`probe ${kind} ${String(port)} `));
  return log.flatMap(({ text, atMs }) => {
    const [, word] =
      new RegExp(`(Adding|Removing) service \\[127\\.0\\.0\\.1\\]:\\w+:${String(port)} `).exec(text) ?? [];
    if (word === undefined) return [];
    const before = asked.filter((probe) => probe.atMs <= atMs + slackMs).length;
    return [`${String(before)} ${word === 'Adding' ? 'UP' : 'DOWN'}`];
  });
}

describe('the decisions of checks', { skip: whyNoLab('with IPVS') }, () => {
  let machine: Machine;
  let servers: LabProcess;
  const logs = new Map<string, LabProcess>();
  before(async () => {
    machine = await Machine.withIpvs();
    const script = join(projectRoot, 'test', 'lab', 'checked-servers.mjs');
    const ports = Object.values(daemons).map(({ port }) => String(port));
    servers = machine.spawn(undefined, `exec ${process.execPath} ${script} ${ports.join(' ')}`);
    await servers.waitFor(/^ready$/, 60_000);
    for (const [name, { port, program }] of Object.entries(daemons)) {
      await machine.write(`/run/checks/${name}.conf`, config(port));
      const start = `mount -t tmpfs run /run/lock; exec ${program} -n -l -D -C -p /run/checks/${name}.pid -c /run/checks/${name}-c.pid -f /run/checks/${name}.conf`;
      logs.set(name, machine.spawn(undefined, `exec unshare -m sh -c '${start}'`));
    }
    for (const { port } of Object.values(daemons))
      for (const [i, [kind]] of checks.entries())
        await servers.waitFor(new RegExp(`^probe ${kind} ${String(port + i)} ${String(probes)}$`), 150_000);
  });
  after(() => {
    machine.close();
  });

  for (const [i, [kind, type]] of checks.entries()) {
    test(`${type} decides at the same probes`, () => {
      const [theirs, ours] = Object.entries(daemons).map(([name, { port }]) =>
        decisions(servers.lines, logs.get(name)?.lines ?? [], kind, port + i),
      );
      assert.ok((theirs?.length ?? 0) >= 4, JSON.stringify(logs.get('keepalived')?.lines.slice(-5)));
      assert.deepEqual(ours, theirs);
    });
  }
});
