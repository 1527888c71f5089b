import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { whyNoLab } from '../lab/available.ts';
import { makeCertificate } from '../lab/cluster.ts';
import { Machine, projectRoot, type LabProcess, type Line } from '../lab/machine.ts';

/** keepalived and Watchkeeper check nginx, Apache, HAProxy, openssl s_server, OpenSMTPD and Unbound: their decisions fall at the same probes. */

const daemons = {
  keepalived: { port: 3000, program: process.env['KEEPALIVED'] ?? 'keepalived' },
  watchkeeper: { port: 4000, program: `${process.execPath} ${join(projectRoot, 'bin', 'watchkeeper')}` },
} as const;
const hello = 'digest b1946ac92492d2347c6235b4d2611184';
const url = (digest: string): string => `url {\npath /page\n${digest}\n}`;
/** In the order of the relays of real-servers.mjs. */
const checks = [
  ['nginx', 'HTTP_GET', url(hello)],
  ['nginx-sni', 'SSL_GET', `enable_sni\nvirtualhost a.example\n${url(hello)}`],
  ['apache', 'HTTP_GET', url(hello)],
  ['haproxy', 'HTTP_GET', url('digest 5d41402abc4b2a76b9719d911017c592')],
  ['openssl', 'SSL_GET', `enable_sni\nvirtualhost s.example\n${url(hello)}`],
  ['smtp', 'SMTP_CHECK', ''],
  ['dns', 'DNS_CHECK', 'type A\nname www.example.org'],
] as const;
/** A line of the servers may come later than the one of the daemon that followed; the next probe is a second away. */
const slackMs = 500;
/** So many turns the servers have; the last three are well. */
const probes = 13;

const programs = ['nginx', 'apache2', 'haproxy', 'unbound', 'smtpd'];
const missing = programs.filter((name) => !existsSync(join('/usr/sbin', name)));
const trouble = whyNoLab('with IPVS') ?? (missing.length > 0 ? `not installed: ${missing.join(', ')}` : undefined);
if (trouble !== undefined) console.log(`skipped: checks of real servers beside the reference: ${trouble}`);

function config(port: number): string {
  return checks
    .map(
      ([, type, lines], i) =>
        `virtual_server 10.9.0.1 ${String(port + i)} {\ndelay_loop 1\nwarmup 0\nretry 1\ndelay_before_retry 1\nconnect_timeout ${type === 'DNS_CHECK' ? '2' : '3'}\n` +
        `lb_algo rr\nlb_kind NAT\nprotocol ${type === 'DNS_CHECK' ? 'UDP' : 'TCP'}\n` +
        `real_server 127.0.0.1 ${String(port + i)} {\n${type} {\n${lines}\n}\n}\n}\n`,
    )
    .join('');
}

/** `2 DOWN`: after the second probe the server was taken out of the table. */
function decisions(servers: readonly Line[], log: readonly Line[], name: string, port: number): string[] {
  const asked = servers.filter(({ text }) => text.startsWith(`probe ${name} ${String(port)} `));
  return log.flatMap(({ text, atMs }) => {
    const [, word] =
      new RegExp(`(Adding|Removing) service \\[127\\.0\\.0\\.1\\]:\\w+:${String(port)} `).exec(text) ?? [];
    if (word === undefined) return [];
    const before = asked.filter((probe) => probe.atMs <= atMs + slackMs).length;
    return [`${String(before)} ${word === 'Adding' ? 'UP' : 'DOWN'}`];
  });
}

describe('the decisions of checks of real servers', { skip: trouble ?? false }, () => {
  let machine: Machine;
  let servers: LabProcess;
  const logs = new Map<string, LabProcess>();
  before(async () => {
    machine = await Machine.withIpvs();
    const { certificate, key } = makeCertificate();
    await machine.write('/run/real/cert.pem', certificate);
    await machine.write('/run/real/key.pem', key);
    const script = join(projectRoot, 'test', 'lab', 'real-servers.mjs');
    const ports = Object.values(daemons).map(({ port }) => String(port));
    const words = ['/run/real/cert.pem', '/run/real/key.pem', ...ports].join(' ');
    servers = machine.spawn(undefined, `exec unshare -m ${process.execPath} ${script} ${words}`);
    await servers.waitFor(/^ready$/, 30_000);
    for (const [name, { port, program }] of Object.entries(daemons)) {
      await machine.write(`/run/real/${name}.conf`, config(port));
      const start = `mount -t tmpfs run /run/lock; exec ${program} -n -l -D -C -p /run/real/${name}.pid -c /run/real/${name}-c.pid -f /run/real/${name}.conf`;
      logs.set(name, machine.spawn(undefined, `exec unshare -m sh -c '${start}'`));
    }
    for (const { port } of Object.values(daemons))
      for (const [i, [name]] of checks.entries())
        await servers.waitFor(new RegExp(`^probe ${name} ${String(port + i)} ${String(probes)}$`), 60_000);
  });
  after(() => {
    machine.close();
  });

  for (const [i, [name, type]] of checks.entries()) {
    test(`${type} of ${name} decides at the same probes`, () => {
      const [theirs, ours] = Object.entries(daemons).map(([daemon, { port }]) =>
        decisions(servers.lines, logs.get(daemon)?.lines ?? [], name, port + i),
      );
      assert.ok((theirs?.length ?? 0) >= 4, JSON.stringify(logs.get('keepalived')?.lines.slice(-20)));
      assert.deepEqual(ours, theirs);
    });
  }
});
