import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { whyNoLab } from '../lab/available.ts';
import { makeCertificate } from '../lab/cluster.ts';
import { compareDecisions, firstPorts, type Decisions } from '../lab/decisions.ts';
import { Machine, projectRoot } from '../lab/machine.ts';

/** keepalived and Watchkeeper check nginx, Apache, HAProxy, openssl s_server, OpenSMTPD and Unbound: their decisions fall at the same probes. */

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
        `virtual_server 10.9.0.1 ${String(port + i)} {\ndelay_loop 1\nwarmup 0\nretry 1\ndelay_before_retry 1\nconnect_timeout ${type === 'DNS_CHECK' ? '5' : '10'}\n` +
        `lb_algo rr\nlb_kind NAT\nprotocol ${type === 'DNS_CHECK' ? 'UDP' : 'TCP'}\n` +
        `real_server 127.0.0.1 ${String(port + i)} {\n${type} {\n${lines}\n}\n}\n}\n`,
    )
    .join('');
}

describe('the decisions of checks of real servers', { skip: trouble ?? false }, () => {
  let machine: Machine;
  let decisions: Decisions;
  before(async () => {
    machine = await Machine.withIpvs();
    const { certificate, key } = makeCertificate();
    await machine.write('/run/real/cert.pem', certificate);
    await machine.write('/run/real/key.pem', key);
    const script = join(projectRoot, 'test', 'lab', 'real-servers.mjs');
    const words = ['/run/real/cert.pem', '/run/real/key.pem', ...firstPorts].join(' ');
    const servers = machine.spawn(undefined, `exec unshare -m ${process.execPath} ${script} ${words}`);
    await servers.waitFor(/^ready$/, 30_000);
    decisions = await compareDecisions(machine, {
      servers,
      names: checks.map(([name]) => name),
      probes,
      config,
      withinMs: 90_000,
    });
  });
  after(() => {
    machine.close();
  });

  for (const [i, [name, type]] of checks.entries()) {
    test(`${type} of ${name} decides at the same probes`, () => {
      const [theirs, ours] = [decisions.keepalived[i], decisions.watchkeeper[i]];
      assert.ok((theirs?.length ?? 0) >= 4, decisions.lastWords);
      assert.deepEqual(ours, theirs);
    });
  }
});
