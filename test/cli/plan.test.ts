import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { runCommand } from './run-command.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'watchkeeper-plan-'));
after(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): string {
  const at = path.join(folder, name);
  writeFileSync(at, text);
  return at;
}

/** Lines without the folder, which is another one each time, and without the blanks that align the reasons. */
function told(text: string): readonly string[] {
  return text.replaceAll(`${folder}/`, '').replaceAll(/ +# /g, '  # ').trimEnd().split('\n');
}

const conf = file(
  'k.conf',
  `virtual_server 192.0.2.1 80 {
  lb_algo wlc
  lb_kind NAT
  protocol TCP
  sorry_server 10.0.0.9 80
  real_server 10.0.0.1 80 {
    weight 2
    TCP_CHECK {
    }
  }
  real_server 10.0.0.2 80 {
    TCP_CHECK {
    }
  }
}
virtual_server 192.0.2.1 443 {
  alpha
  lb_kind DR
  protocol TCP
  sorry_server 10.0.0.9 443
  real_server 10.0.0.1 443 {
    TCP_CHECK {
    }
  }
}
`,
);
const right = `-A -t 192.0.2.1:80 -s wlc
-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 2
-a -t 192.0.2.1:80 -r 10.0.0.2:80 -m -w 1
-A -t 192.0.2.1:443 -s wlc
-a -t 192.0.2.1:443 -r 10.0.0.9:443 -g -w 1
`;

describe('plan --from a saved table', () => {
  test('the table that is right: nothing to do, status 0', async () => {
    const saved = file('right.ipvs', right);
    const run = await runCommand('plan', '-f', conf, '--from', saved);
    assert.deepEqual([run.status, run.err], [0, '']);
    assert.deepEqual(told(run.out), ['--- right.ipvs', '+++ k.conf', 'Nothing to do']);
  });

  test('each change is told with its reason and line, and the services of others: status 2', async () => {
    const saved = file(
      'other.ipvs',
      `-A -t 192.0.2.1:80 -s rr -p 300
-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 7
-a -t 192.0.2.1:80 -r 10.0.0.9:80 -m -w 1
-a -t 192.0.2.1:80 -r 10.0.0.44:80 -g -w 1
-A -t 192.0.2.1:443 -s wlc
-a -t 192.0.2.1:443 -r 10.0.0.1:443 -g -w 1
-A -f 7 -s rr
-a -f 7 -r 10.0.0.3:0 -g -w 1
`,
    );
    const run = await runCommand('plan', '-f', conf, '--from', saved);
    assert.deepEqual([run.status, run.err], [2, '']);
    assert.deepEqual(told(run.out), [
      '--- other.ipvs',
      '+++ k.conf',
      '~ [192.0.2.1]:tcp:80 rr persistent 300 s /32 => wlc  # lb_algo, persistence_timeout differ (k.conf:1)',
      '~ [192.0.2.1]:tcp:80 -> [10.0.0.1]:80 masq weight 7 => masq weight 2  # weight differs (k.conf:6)',
      '+ [192.0.2.1]:tcp:80 -> [10.0.0.2]:80 masq weight 1  # not in other.ipvs (k.conf:11)',
      '- [192.0.2.1]:tcp:80 -> [10.0.0.9]:80  # the sorry server: not needed, the quorum is reached (k.conf:5)',
      '- [192.0.2.1]:tcp:80 -> [10.0.0.44]:80  # not in the configuration',
      '+ [192.0.2.1]:tcp:443 -> [10.0.0.9]:443 direct-route weight 1  # the sorry server: the quorum is not reached at start (k.conf:20)',
      '- [192.0.2.1]:tcp:443 -> [10.0.0.1]:443  # the sorry server stands in for it (k.conf:21)',
      '= FWM 7 with its 1 server  # not in the configuration: left alone',
      '7 changes; 1 service of others left alone',
    ]);
  });

  test('lvs_flush empties the table first, what others made too', async () => {
    const flushing = file(
      'flush.conf',
      `global_defs {\n lvs_flush\n}\nvirtual_server fwmark 1 {\n lb_kind DR\n real_server 10.0.0.1 {\n }\n}\n`,
    );
    const saved = file('two.ipvs', '-A -f 1 -s rr\n-A -f 2 -s rr\n');
    const run = await runCommand('plan', '-f', flushing, '--from', saved);
    assert.equal(run.status, 2);
    assert.deepEqual(told(run.out).slice(2), [
      '- FWM 1 with its 0 servers  # lvs_flush empties the table at start',
      '- FWM 2 with its 0 servers  # lvs_flush empties the table at start',
      '+ FWM 1 wlc  # not in the emptied table (flush.conf:4)',
      '+ FWM 1 -> [10.0.0.1]:0 direct-route weight 1  # not in the emptied table (flush.conf:6)',
      '4 changes',
    ]);
  });

  test('thresholds, which ipvsadm -S does not print, are no change, and this is told', async () => {
    const limited = file(
      'limited.conf',
      'virtual_server fwmark 1 {\n lb_kind DR\n real_server 10.0.0.1 {\n  uthreshold 9\n }\n}\n',
    );
    const saved = file('limited.ipvs', '-A -f 1 -s wlc\n-a -f 1 -r 10.0.0.1:0 -g -w 1\n');
    const run = await runCommand('plan', '-f', limited, '--from', saved);
    assert.equal(run.status, 0);
    assert.match(run.out, /^uthreshold and lthreshold are not compared/m);
  });

  test('JSON has the operations, reasons and places', async () => {
    const saved = file('json.ipvs', right.replace('-w 2', '-w 5'));
    const run = await runCommand('plan', '-f', conf, '--from', saved, '--format', 'json');
    assert.equal(run.status, 2);
    const report = JSON.parse(run.out) as Record<string, unknown> & { changes: readonly Record<string, unknown>[] };
    assert.deepEqual(report['summary'], { changes: 1, leftAlone: 0 });
    const [change] = report.changes;
    assert.deepEqual(
      [change?.['op'], change?.['why'], (change?.['span'] as { line: number }).line],
      ['set-dest', 'weight differs', 6],
    );
    assert.deepEqual(change?.['service'], { kind: 'address', protocol: 'tcp', address: '192.0.2.1', port: 80 });
  });
});

describe('plan --to another configuration', () => {
  test('one changed weight, a server gone, a service gone', async () => {
    const text = `virtual_server 192.0.2.1 80 {
  lb_algo wlc
  lb_kind NAT
  protocol TCP
  sorry_server 10.0.0.9 80
  real_server 10.0.0.1 80 {
    weight 3
    TCP_CHECK {
    }
  }
}
`;
    const run = await runCommand('plan', '-f', conf, '--to', file('new.conf', text));
    assert.deepEqual([run.status, run.err], [2, '']);
    assert.deepEqual(told(run.out), [
      '--- k.conf',
      '+++ new.conf',
      '- [192.0.2.1]:tcp:443 with its 1 server  # no longer in the configuration',
      '~ [192.0.2.1]:tcp:80 -> [10.0.0.1]:80 masq weight 2 => masq weight 3  # weight differs (new.conf:6)',
      '- [192.0.2.1]:tcp:80 -> [10.0.0.2]:80  # not in the configuration',
      '3 changes',
    ]);
  });

  test('to itself: nothing to do', async () => {
    assert.equal((await runCommand('plan', '-f', conf, '--to', conf)).status, 0);
  });
});

describe('a FILE_CHECK', () => {
  const number = file('number', '0\n');
  const checked = file(
    'files.conf',
    `track_file drain {
  file ${number}
  weight 0
}
track_file load {
  file ${path.join(folder, 'missing')}
}
virtual_server 192.0.2.1 80 {
  lb_kind NAT
  protocol TCP
  real_server 10.0.0.1 80 {
    FILE_CHECK {
      track_file drain
    }
  }
  real_server 10.0.0.2 80 {
    weight 5
    FILE_CHECK {
      track_file load
      weight 2
    }
  }
}
`,
  );
  const saved = file(
    'files.ipvs',
    '-A -t 192.0.2.1:80 -s wlc\n-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 1\n-a -t 192.0.2.1:80 -r 10.0.0.2:80 -m -w 5\n',
  );

  test('says what its file says now; one that is missing counts as 0', async () => {
    assert.equal((await runCommand('plan', '-f', checked, '--from', saved)).status, 0);
    writeFileSync(number, '1\n');
    file('missing', '3\n');
    const run = await runCommand('plan', '-f', checked, '--from', saved);
    assert.equal(run.status, 2);
    assert.deepEqual(told(run.out).slice(2), [
      '~ [192.0.2.1]:tcp:80 -> [10.0.0.2]:80 masq weight 5 => masq weight 11  # weight differs (files.conf:16)',
      '- [192.0.2.1]:tcp:80 -> [10.0.0.1]:80  # down at start (track_file drain) (files.conf:11)',
      '2 changes',
    ]);
  });

  test('of a file with init_file begins with its number: also where it is there, with overwrite', async () => {
    file('missing', '3\n');
    for (const [words, weight] of [
      ['init_file 7', 11],
      ['init_file 7 overwrite', 19],
    ] as const) {
      const begun = readFileSync(checked, 'utf8').replace('  file ' + path.join(folder, 'missing'), `$&\n  ${words}`);
      const run = await runCommand('plan', '-f', file('begun.conf', begun), '--from', saved);
      assert.match(run.out, new RegExp(`masq weight 5 => masq weight ${String(weight)} `));
    }
  });

  test('counts in a reload, too', async () => {
    const before = file('before.conf', readFileSync(checked, 'utf8').replace('weight 0', 'weight 1'));
    const run = await runCommand('plan', '-f', before, '--to', checked);
    assert.match(run.out, /^- .*10\.0\.0\.1.* # down at start \(track_file drain\)/m);
  });
});

describe('what plan cannot do ends with status 3 and a line that says why', () => {
  const broken = file('broken.conf', 'virtual_server 192.0.2.1 80 {\n  lb_kindd NAT\n  real_server 300.0.0.1 80 {\n');
  const saved = file('empty.ipvs', '');
  const cases: readonly (readonly [name: string, words: readonly string[], message: RegExp])[] = [
    ['a configuration with errors', ['-f', broken, '--from', saved], /broken\.conf:\d+:\d+: error: /],
    ['no configuration', ['-f', path.join(folder, 'none'), '--from', saved], /does not exist/],
    ['no table', ['-f', conf, '--from', path.join(folder, 'none')], /none cannot be read: ENOENT/],
    ['a table that is none', ['-f', conf, '--from', conf], /k\.conf: line 1: .*ipvsadm -Sn/],
    ['an option that is none', ['--form', 'json'], /unknown option '--form'/],
    ['a file without -f', [conf], /too many arguments/],
    ['both ways', ['-f', conf, '--from', saved, '--to', conf], /--from and --to do not go together/],
  ];
  for (const [name, words, message] of cases) {
    test(name, async () => {
      const run = await runCommand('plan', ...words);
      assert.equal(run.status, 3);
      assert.match(run.err, message);
    });
  }

  test('a kernel that cannot be asked', { skip: hasIpvs() && 'this kernel has IPVS' }, async () => {
    const run = await runCommand('plan', '-f', conf);
    assert.equal(run.status, 3);
    assert.match(run.err, /IPVS.*--from FILE/);
  });
});

function hasIpvs(): boolean {
  return spawnSync('test', ['-e', '/proc/net/ip_vs']).status === 0;
}
