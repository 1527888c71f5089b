import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, test } from 'node:test';
import { whyNoLab } from '../lab/available.ts';
import { Machine, projectRoot, type LabProcess } from '../lab/machine.ts';

const watchkeeper = `${process.execPath} ${path.join(projectRoot, 'bin', 'watchkeeper')}`;
const minTxMs = 60;
const multiplier = 4;
/** The machine is not alone, and a line of the log takes its time. */
const slackMs = 1500;

function conf(me: string, peer: string, more: string): string {
  return `global_defs {
  router_id R
}
bfd_instance peer {
  neighbor_ip ${peer}
  source_ip ${me}
  min_rx ${String(minTxMs)}
  min_tx ${String(minTxMs)}
  idle_tx 1000
  multiplier ${String(multiplier)}
}
${more}
`;
}

const tracking = `vrrp_instance VI {
  interface e
  virtual_router_id 5
  priority 100
  virtual_ipaddress {
    10.9.0.100/32
  }
  track_bfd {
    peer
  }
}`;

describe('a BFD session with keepalived', { skip: whyNoLab('namespaces') }, () => {
  test('comes up, goes down within its detection time, comes up again, and ends at once when it is shut down', async () => {
    const machine = await Machine.namespaces();
    try {
      await machine.run(
        undefined,
        'ip netns add a; ip netns add b; ip link add ea type veth peer name eb; ip link set ea netns a name e; ' +
          'ip link set eb netns b name e; for n in a b; do ip -n $n link set lo up; ip -n $n link set e up; done; ' +
          'ip -n a addr add 10.9.0.1/24 dev e; ip -n b addr add 10.9.0.2/24 dev e',
      );
      await machine.write('/run/a.conf', conf('10.9.0.1', '10.9.0.2', ''));
      await machine.write('/run/b.conf', conf('10.9.0.2', '10.9.0.1', tracking));
      const start = (name: string, program: string): LabProcess =>
        machine.spawn(
          name,
          `rm -f /run/${name}.?; exec ${program} -n -l -D -f /run/${name}.conf -p /run/${name}.p -r /run/${name}.v -c /run/${name}.c -b /run/${name}.b`,
        );
      const ours = start('b', watchkeeper);
      await ours.waitFor(/\(VI\) Entering FAULT STATE/, 20_000);
      const first = start('a', 'keepalived');
      await first.waitFor(/\(peer\) Entering Up state/, 20_000);
      await ours.waitFor(/\(peer\) Entering Up state/, 20_000);
      await ours.waitFor(/\(VI\) Entering BACKUP STATE/, 5000);
      await first.waitFor(new RegExp(`Detection time is ${String(minTxMs * multiplier * 1000)} us`), 5000);

      const before = ours.lines.length;
      const kill = await machine.run(undefined, "kill -9 $(pgrep -f '^keepalived') && cut -d' ' -f1 /proc/uptime");
      const down = await ours.waitFor(/Entering Down state: neighbour 10\.9\.0\.1 is silent/, 5000, before);
      await ours.waitFor(/\(VI\) Entering FAULT STATE/, 5000, before);
      const silentMs = down.atMs - Number(kill.stdout) * 1000;
      assert.ok(silentMs < minTxMs * multiplier + slackMs, `found out after ${String(silentMs)} ms`);

      const again = ours.lines.length;
      const second = start('a', 'keepalived');
      await second.waitFor(/\(peer\) Entering Up state/, 20_000);
      await ours.waitFor(/\(peer\) Entering Up state/, 20_000, again);

      const told = second.lines.length;
      await machine.run(undefined, 'kill -TERM $(cat /run/b.p)');
      const ended = await ours.exited;
      assert.deepEqual(ended, { code: 0, signal: null });
      await second.waitFor(/\(peer\) Entering Down state/, slackMs, told);
    } finally {
      machine.close();
    }
  });
});
