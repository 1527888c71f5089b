import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { whyNoLab } from '../lab/available.ts';
import { until } from '../lab/cluster.ts';
import { Machine, projectRoot, type LabProcess } from '../lab/machine.ts';

/**
 * The same configuration and the same faults under keepalived and Watchkeeper, each with a mail server that records, scripts of servers and
 * quorums that record, and readers of both FIFOs.
 */

const programs = {
  keepalived: process.env['KEEPALIVED'] ?? 'keepalived',
  watchkeeper: `${process.execPath} ${join(projectRoot, 'bin', 'watchkeeper')}`,
} as const;
type Who = keyof typeof programs;
const both: readonly Who[] = ['keepalived', 'watchkeeper'];

interface Mail {
  readonly envelope: { readonly from?: string; readonly to: readonly string[] };
  readonly from: string;
  readonly to: string;
  readonly mailer: string;
  readonly dated: boolean;
  readonly subject: string;
  readonly body: string;
}

const check = (last: number, address: string, port: number, protocol: string, lines: string): string =>
  `virtual_server 10.0.0.${String(last)} ${String(port)} {
  delay_loop 1
  lb_algo rr
  lb_kind NAT
  protocol ${protocol}
  retry 1
  delay_before_retry 1
  warmup 0
  connect_timeout 3
  quorum_up "/run/record FOLDER service ${String(last)} up"
  quorum_down "/run/record FOLDER service ${String(last)} down"
  real_server ${address} ${String(port)} {
    notify_up "/run/record FOLDER server ${String(last)} 'is up'"
    notify_down "/run/record FOLDER server ${String(last)} 'is down'"
${lines}
  }
}
`;
const services = [
  check(1, '127.0.0.1', 8001, 'TCP', '    TCP_CHECK {\n    }'),
  check(
    2,
    '127.0.0.1',
    8002,
    'TCP',
    '    HTTP_GET {\n      url {\n        path /\n        status_code 200\n      }\n    }',
  ),
  check(3, '127.0.0.1', 8003, 'TCP', '    SMTP_CHECK {\n    }'),
  check(4, '127.0.0.1', 8004, 'UDP', '    DNS_CHECK {\n      type A\n      name example.org\n    }'),
  check(5, '127.0.0.1', 8005, 'UDP', '    UDP_CHECK {\n      require_reply 61\n      payload 61\n    }'),
  check(6, '10.1.0.9', 8006, 'TCP', '    PING_CHECK {\n    }'),
  check(
    7,
    '127.0.0.1',
    8007,
    'TCP',
    '    MISC_CHECK {\n      misc_path "/usr/bin/test -e /run/FOLDER/up"\n      misc_timeout 20\n    }',
  ),
  check(
    8,
    '127.0.0.1',
    8008,
    'TCP',
    '    HTTP_GET {\n      url {\n        path /\n        status_code 200\n      }\n    }',
  ),
].join('');

const instance = (name: string, id: number): string => `vrrp_instance ${name} {
  interface eth0
  virtual_router_id ${String(id)}
  version 3
  advert_int 0.2
  priority 100
  smtp_alert
  virtual_ipaddress { 10.9.0.${String(id)} }
}
`;

const conf = `global_defs {
  router_id LAB
  script_user root
  smtp_server 127.0.0.1 2525
  smtp_connect_timeout 20
  smtp_helo_name director
  notification_email_from director@example.org
  notification_email {
    one@example.org
    two@example.org
  }
  smtp_alert_checker
  notify_fifo /run/FOLDER/all
  lvs_notify_fifo /run/FOLDER/lvs
}
vrrp_sync_group G {
  group {
    A
    B
  }
  smtp_alert
}
${instance('A', 51)}${instance('B', 52)}${instance('C', 53)}${services}`;

const noLab = whyNoLab('with IPVS');
if (noLab !== undefined) console.log(`skipped: mail beside keepalived: ${noLab}`);

describe('mail', { skip: noLab ?? false, timeout: 900_000 }, () => {
  let machine: Machine;
  const mails = new Map<Who, readonly Mail[]>();
  /** Words of each call of a script, and lines of both FIFOs. */
  const told = new Map<Who, Readonly<Record<'scripts' | 'all' | 'lvs', readonly string[]>>>();

  before(async () => {
    machine = await Machine.withIpvs();
    await machine.run(undefined, 'modprobe -a ip_vs ip_vs_rr', { mayFail: true });
    await machine.write(
      '/run/record',
      '#!/bin/sh\nfolder=$1\nshift\nwords=$(printf "%s|" "$@")\necho "$words" >>/run/$folder/calls\n',
      0o755,
    );
    await Promise.all(both.map(async (who) => mails.set(who, await life(who))));
  });
  after(() => {
    machine.close();
  });

  const said = (lines: LabProcess['lines']): readonly Mail[] =>
    lines.flatMap(({ text }) => (text.startsWith('mail ') ? [JSON.parse(text.slice(5)) as Mail] : []));

  async function life(who: Who): Promise<readonly Mail[]> {
    const links = 'link set lo up;link add eth0 type veth peer name far;link set eth0 up;link set far up';
    const addresses = 'addr add 10.9.0.1/24 dev eth0;addr add 10.1.0.9/32 dev lo';
    const inside = [...links.split(';'), ...addresses.split(';')].map((line) => `ip -n ${who} ${line}`);
    await machine.run(
      undefined,
      [`ip netns add ${who}`, `mkdir -p /run/${who}`, `touch /run/${who}/up`, ...inside].join(' && '),
    );
    await machine.write(`/run/${who}/conf`, conf.replaceAll('FOLDER', who));
    const script = join(projectRoot, 'test', 'lab', 'mail-twin.mjs');
    const twin = machine.spawn(who, `exec ${process.execPath} ${script}`);
    await twin.waitFor(/^ready$/, 30_000);
    const daemon = machine.spawn(
      who,
      `exec unshare -m bash -c 'exec ${programs[who]} -n -l -f /run/${who}/conf -p /run/${who}/p -c /run/${who}/c -r /run/${who}/r'`,
    );
    const readers = (['all', 'lvs'] as const).map((name) =>
      machine.spawn(who, `until [ -p /run/${who}/${name} ]; do sleep 0.1; done; exec cat /run/${who}/${name}`),
    );
    const got = async (what: string, pattern: RegExp, count: number, since = 0): Promise<number> => {
      await until(`${who}: ${what}`, 60_000, () =>
        Promise.resolve(said(twin.lines.slice(since)).filter(({ subject }) => pattern.test(subject)).length >= count),
      );
      return twin.lines.length;
    };
    await got('masters', /Instance . - Entering MASTER/, 3);
    // Checks that were well at the first try are silent; time for all of them to have been.
    await machine.run(undefined, 'sleep 4');
    const well = await got('the group', /Group G - Entering MASTER/, 1);
    twin.signal('SIGUSR2');
    await machine.run(
      undefined,
      `rm /run/${who}/up && ip -n ${who} addr del 10.1.0.9/32 dev lo && ip -n ${who} link set eth0 down`,
    );
    const dead = await got('servers down', /^\[LAB\] Realserver .* - DOWN/, 8, well);
    await got('quorums lost', /^\[LAB\] Virtualserver .* - DOWN/, 8, well);
    await got('faults', /Instance . - Entering FAULT/, 3, well);
    twin.signal('SIGUSR2');
    await machine.run(
      undefined,
      `touch /run/${who}/up && ip -n ${who} addr add 10.1.0.9/32 dev lo && ip -n ${who} link set eth0 up`,
    );
    await got('servers up', /^\[LAB\] Realserver .* - UP/, 8, dead);
    await got('masters again', /Instance . - Entering MASTER/, 3, dead);
    await machine.run(undefined, 'sleep 2');
    daemon.signal('SIGTERM');
    await daemon.exited;
    await machine.run(undefined, 'sleep 1');
    twin.signal('SIGTERM');
    const [all, lvs] = readers.map(({ lines }) => lines.map(({ text }) => text));
    const { stdout } = await machine.run(undefined, `cat /run/${who}/calls`);
    told.set(who, { scripts: stdout.trim().split('\n'), all: all ?? [], lvs: lvs ?? [] });
    return said(twin.lines);
  }

  const of = (who: Who): readonly Mail[] => mails.get(who) ?? [];
  /**
   * keepalived ends before those of its stop are sent. It also tells that a program is well though its server was up; its sum of a quorum that
   * is lost does not add up.
   */
  const common = (who: Who): readonly { readonly subject: string; readonly body: string }[] => {
    const mails = of(who).filter(({ subject }) => !subject.includes('STOP'));
    const misc = mails.findIndex(({ body }) => body.includes('MISC CHECK'));
    return mails
      .filter(({ subject }, i) => i !== misc || !subject.endsWith('UP'))
      .map(({ subject, body }) => ({ subject, body: body.replace(/^(=> Lost quorum) .*/, '$1') }));
  };

  test('has the same sender, recipients and header', () => {
    const heads = (who: Who): readonly string[] => [
      ...new Set(
        of(who).map(({ envelope, from, to, mailer, dated }) => JSON.stringify({ envelope, from, to, mailer, dated })),
      ),
    ];
    assert.deepEqual(heads('watchkeeper'), heads('keepalived'));
    assert.equal(heads('watchkeeper').length, 1);
  });

  test('has the same subjects and words, as often', () => {
    const words = (who: Who): readonly string[] =>
      common(who)
        .map(({ subject, body }) => `${subject}: ${body}`)
        .sort();
    assert.deepEqual(words('watchkeeper'), words('keepalived'));
  });

  test('tells of each object in the same order', () => {
    const orders = (who: Who): ReadonlyMap<string, readonly string[]> => {
      const orders = new Map<string, string[]>();
      for (const { subject } of common(who)) {
        const [object = '', state = ''] = subject.split(' - ');
        orders.set(object, [...(orders.get(object) ?? []), state]);
      }
      return orders;
    };
    assert.deepEqual(orders('watchkeeper'), orders('keepalived'));
  });

  for (const [by, what] of [
    ['scripts', 'scripts of servers and quorums'],
    ['all', 'notify_fifo'],
    ['lvs', 'lvs_notify_fifo'],
  ] as const)
    test(`and so are the words for ${what}`, () => {
      /** Of each object, in order. */
      const lines = (who: Who): readonly string[] =>
        (told.get(who)?.[by] ?? []).filter((line) => by !== 'all' || !/^(INSTANCE|GROUP) /.test(line));
      const sorted = (who: Who): readonly string[] => [...lines(who)].sort();
      assert.deepEqual(sorted('watchkeeper'), sorted('keepalived'));
      assert.ok(lines('watchkeeper').length >= 32, lines('watchkeeper').join('\n'));
    });

  test('of the stop goes out as well', () => {
    const stops = of('watchkeeper').flatMap(({ subject }) => (subject.endsWith('STOP state') ? [subject] : []));
    const objects = ['Group G', 'Instance A', 'Instance B', 'Instance C'];
    assert.deepEqual(
      stops.sort(),
      objects.map((object) => `[LAB] VRRP ${object} - Entering STOP state`),
    );
  });
});
