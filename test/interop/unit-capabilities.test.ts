import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { settingWords } from '../../scripts/package/unit.ts';
import { whyNoLab } from '../lab/available.ts';
import { until } from '../lab/cluster.ts';
import { Machine, projectRoot } from '../lab/machine.ts';

/** The daemon with the capabilities of its unit and none of root's others. */

const noLab = whyNoLab('with IPVS');
if (noLab !== undefined) console.log(`skipped: capabilities of the unit: ${noLab}`);

const configuration = `global_defs {
  script_user root
  enable_script_security
  vrrp_priority -5
}
vrrp_script as_nobody {
  script "/run/lab/as-nobody.sh"
  interval 1
  user nobody
}
vrrp_script hangs {
  script "/run/lab/hangs.sh"
  interval 5
  timeout 1
  weight 1
  user nobody
}
vrrp_instance VI_1 {
  interface eth0
  version 3
  advert_int 0.5
  virtual_router_id 41
  priority 100
  use_vmac
  virtual_ipaddress { 10.9.0.9 }
  virtual_routes { 10.77.0.0/24 via 10.9.0.2 dev eth0 }
  track_script {
    as_nobody
    hangs
  }
  notify_master "/run/lab/notify.sh master"
}
virtual_server 10.9.0.9 80 {
  lb_algo wlc
  lb_kind NAT
  protocol TCP
  real_server 10.9.0.5 80 { weight 3 }
}
`;

test('what the unit leaves is enough', { skip: noLab ?? false, timeout: 600_000 }, async () => {
  const unit = readFileSync(path.join(projectRoot, 'packaging', 'keepalived.service'), 'utf8');
  const kept = settingWords(unit, 'CapabilityBoundingSet').map((word) => word.replace('CAP_', '+').toLowerCase());
  assert.ok(kept.length > 10 && kept.length < 20, kept.join(' '));
  const machine = await Machine.withIpvs();
  after(() => {
    machine.close();
  });
  const links = 'ip link add eth0 type veth peer name far && ip link set eth0 up && ip link set far up';
  await machine.run(undefined, `${links} && ip addr add 10.9.0.1/24 dev eth0 && mkdir -p /run/lab/nobody`);
  await machine.run(
    undefined,
    'chown nobody /run/lab/nobody && chmod 700 /run/lab/nobody && modprobe -r ip_vs_wlc || true',
  );
  await machine.write('/run/lab/as-nobody.sh', '#!/bin/sh\nid -un >/run/lab/nobody/out\n', 0o755);
  await machine.write('/run/lab/hangs.sh', '#!/bin/sh\nexec sleep 4321\n', 0o755);
  // It writes where only another user may, and gives it away: root as scripts know it.
  const notify =
    'id -un >/run/lab/nobody/notified && chown nobody /run/lab/nobody/notified && chmod 600 /run/lab/nobody/notified';
  await machine.write('/run/lab/notify.sh', `#!/bin/sh\n${notify}\n`, 0o755);
  await machine.write('/run/lab/k.conf', configuration);
  const daemon = machine.spawn(
    undefined,
    `exec setpriv --inh-caps=-all --bounding-set=-all,${kept.join(',')} ${process.execPath} ${projectRoot}/bin/watchkeeper -n -l -f /run/lab/k.conf`,
  );
  const seen = async (command: string): Promise<string> =>
    (await machine.run(undefined, command, { mayFail: true })).stdout;
  await daemon.waitFor(/Entering MASTER STATE/, 40_000);
  await until('the address, the route and the table are there', 20_000, async () => {
    const state = await seen('ip -o addr show; ip route show; ipvsadm -Ln');
    return state.includes('10.9.0.9/32') && state.includes('10.77.0.0/24') && /10\.9\.0\.5:80\s+Masq\s+3/.test(state);
  });
  await until('the scripts ran', 20_000, async () => {
    const files = await seen(
      'cat /run/lab/nobody/out /run/lab/nobody/notified; stat -c "%U %a" /run/lab/nobody/notified',
    );
    return files === 'nobody\nroot\nnobody 600\n';
  });
  await daemon.waitFor(/hangs.* failed/, 20_000);
  const status = await seen('cat /proc/$(cat /run/keepalived.pid)/status');
  assert.match(status, /^CapBnd:\t(?!0+1ffffffffff$)/m);
  assert.equal(await seen('ps -o ni= -p $(cat /run/vrrp.pid) | tr -d " "'), '-5\n');
  daemon.signal('SIGTERM');
  await daemon.exited;
  assert.equal(await seen('ipvsadm -Sn; ip -o addr show | grep 10.9.0.9; pgrep -f "^sleep 4321"'), '');
  const complaints = daemon.lines.filter(({ text }) => /EPERM|EACCES|CAP_|permission/i.test(text));
  assert.deepEqual(complaints, []);
});
