import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, test } from 'node:test';
import { whyNoLab } from '../lab/available.ts';
import { Machine, projectRoot } from '../lab/machine.ts';

/** FILE_CHECK and MISC_CHECK with weights: keepalived and watchkeeper, each in its own namespace, follow the same files to the same tables. */
describe('weights from files and programs', { skip: whyNoLab('with IPVS') }, () => {
  const watchkeeper = `${process.execPath} ${path.join(projectRoot, 'bin', 'watchkeeper')}`;
  const directors = [
    ['a', 'keepalived'],
    ['b', watchkeeper],
  ] as const;
  const server = (last: number, check: string) =>
    `  real_server 10.1.0.${String(last)} 80 {\n    weight 100\n${check}  }\n`;
  const file = (name: string, more = '') => `    FILE_CHECK {\n      track_file ${name}\n${more}    }\n`;
  const conf = `global_defs {
  script_user root
}
track_file f {
  file /run/x/f
}
track_file g {
  file /run/x/g
  weight 2 reverse
}
track_file h {
  file /run/x/h
  weight 0
  init_file 1
}
virtual_server 10.0.0.1 80 {
  delay_loop 1
  lb_algo wrr
  lb_kind NAT
  protocol TCP
${server(1, file('f'))}${server(2, file('f', '      weight 3\n'))}${server(3, file('f', '      weight 1 reverse\n'))}\
${server(4, file('f', '      weight 0\n'))}${server(5, file('g'))}${server(6, file('f') + file('g'))}${server(7, file('h'))}\
${server(8, `    inhibit_on_failure\n${file('h')}`)}\
${server(9, `${file('g')}    MISC_CHECK {\n      misc_path "/run/x/status"\n      misc_timeout 9\n      misc_dynamic\n      warmup 0\n    }\n`)}}
`;
  /** A change and the weights after it, as keepalived 2.2.7 and the rules have them. */
  const steps: readonly [change: string, table: string][] = [
    ['true', '1:100 2:100 3:100 4:100 5:90 6:90 8:0 9:90'],
    ['echo -50 > f.new; mv f.new f', '1:50 2:0 3:150 5:90 6:40 8:0 9:90'],
    ['echo 70000 > f', '1:70100 2:210100 3:0 5:90 6:70090 8:0 9:90'],
    ['rm f; echo 0 > h; echo 50 > code', '1:100 2:100 3:100 4:100 5:90 6:90 7:100 8:100 9:38'],
    ['echo 0x10 > g', '1:100 2:100 3:100 4:100 5:68 6:68 7:100 8:100 9:16'],
    ['echo 1 > code', '1:100 2:100 3:100 4:100 5:68 6:68 7:100 8:100'],
    ['echo 0 > code', '1:100 2:100 3:100 4:100 5:68 6:68 7:100 8:100 9:68'],
  ];

  test('are the same at each step', { timeout: 360_000 }, async () => {
    const machine = await Machine.withIpvs();
    try {
      await machine.run(undefined, 'modprobe -a ip_vs ip_vs_wrr', { mayFail: true });
      await machine.run(
        undefined,
        'mkdir /run/x; for n in a b; do ip netns add $n; ip -n $n link set lo up; done; echo 5 > /run/x/g; echo 0 > /run/x/code',
      );
      await machine.write('/run/x/status', '#!/bin/sh\nread code < /run/x/code\nexit $code\n', 0o755);
      await machine.write('/run/x/conf', conf);
      for (const [name, program] of directors) {
        machine.spawn(
          name,
          `exec unshare -m bash -c 'mkdir /run/${name}; exec ${program} -n -l -C -f /run/x/conf -p /run/${name}/p -c /run/${name}/c'`,
        );
      }
      for (const [change, table] of steps) {
        await machine.run(undefined, `cd /run/x; ${change}`);
        for (const [name, program] of directors) {
          const seen = await machine.run(
            name,
            `end=$(($(date +%s) + 15)); while :; do t=$(ipvsadm -ln | sed -n 's/^ *-> 10.1.0.\\([0-9]*\\):80 *Masq *\\([0-9]*\\) .*/\\1:\\2/p' | sort -n | xargs); [ "$t" = "${table}" ] && break; [ $(date +%s) -gt $end ] && break; sleep 0.2; done; echo $t`,
          );
          assert.equal(seen.stdout.trim(), table, `${program === 'keepalived' ? program : 'watchkeeper'}: ${change}`);
        }
      }
    } finally {
      machine.close();
    }
  });
});
