import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { whyNoLab } from '../lab/available.ts';
import { compareDecisions, firstPorts, type Decisions } from '../lab/decisions.ts';
import { Machine, projectRoot } from '../lab/machine.ts';

/** keepalived and Watchkeeper check servers that do the same at the same probe: their decisions fall at the same probes. */

const checks = [
  ['smtp', 'SMTP_CHECK', 'tcp', ''],
  ['dns', 'DNS_CHECK', 'udp', 'type A\nname example.org'],
  ['udp', 'UDP_CHECK', 'udp', 'require_reply aa'],
] as const;
/** So many turns the servers have; the last three are well. */
const probes = 19;

function config(port: number): string {
  return checks
    .map(
      ([, type, protocol, lines], i) =>
        `virtual_server 10.9.0.1 ${String(port + i)} {\ndelay_loop 1\nwarmup 0\nretry 2\ndelay_before_retry 1\nconnect_timeout 3\n` +
        `lb_algo rr\nlb_kind NAT\nprotocol ${protocol.toUpperCase()}\n` +
        `real_server 127.0.0.1 ${String(port + i)} {\n${type} {\n${lines}\n}\n}\n}\n`,
    )
    .join('');
}

describe('the decisions of checks', { skip: whyNoLab('with IPVS') }, () => {
  let machine: Machine;
  let decisions: Decisions;
  before(async () => {
    machine = await Machine.withIpvs();
    const script = join(projectRoot, 'test', 'lab', 'checked-servers.mjs');
    const servers = machine.spawn(undefined, `exec ${process.execPath} ${script} ${firstPorts.join(' ')}`);
    await servers.waitFor(/^ready$/, 60_000);
    decisions = await compareDecisions(machine, {
      servers,
      names: checks.map(([name]) => name),
      probes,
      config,
      withinMs: 150_000,
    });
  });
  after(() => {
    machine.close();
  });

  for (const [i, [, type]] of checks.entries()) {
    test(`${type} decides at the same probes`, () => {
      const [theirs, ours] = [decisions.keepalived[i], decisions.watchkeeper[i]];
      assert.ok((theirs?.length ?? 0) >= 4, decisions.lastWords);
      assert.deepEqual(ours, theirs);
    });
  }
});
