/** The rows of the comparison of VRRP: what an instance is, what happens to it, and who is what afterwards. */

export type Side = 'a' | 'b';
type State = 'MASTER' | 'BACKUP' | 'FAULT';

/** What happens, one after the other, to all rows at once. */
export const phases = ['fault', 'repair', 'stop', 'start', 'kill', 'start again'] as const;
export type Phase = (typeof phases)[number];

export interface MatrixRow {
  readonly name: string;
  /** Lines of both instances; `side` a has priority 150, b 100. */
  readonly lines: (side: Side) => string;
  /** Absent: an IPv4 address. */
  readonly addresses?: (row: number) => string;
  /** Lines of its sync group. */
  readonly groupLines?: (side: Side) => string;
  /** What fails on side a; absent: its link is cut. */
  readonly fault?: 'tracked interface' | 'file' | 'script';
  /** Two instances on two links in one sync group; the second link is cut. */
  readonly group?: boolean;
  /** Lines and address of the second instance; absent: as of the first. */
  readonly second?: { readonly lines: string; readonly address: string };
  /** Side a and side b after each phase, where it is not that a is MASTER whenever it can. */
  readonly after?: Partial<Record<Phase, readonly [State | undefined, State]>>;
}

const auth = (type: string): string => `authentication {\n auth_type ${type}\n auth_pass secret\n }`;
/** By itself the reference sends with the hop limit of the kernel, 64. */
const unicast6 = (side: Side): string => {
  const [own, other] = side === 'a' ? ['1', '2'] : ['2', '1'];
  return `version 3\n unicast_ttl 64\n unicast_src_ip fd00:9:ROW::${own}\n unicast_peer {\n fd00:9:ROW::${other}\n }`;
};
const ipv6 = (row: number): string => `fe80::${String(row + 1)}00/64\n fd00:${String(row + 1)}::100/64`;
/** Lines of side a alone. */
const onA =
  (lines: string) =>
  (side: Side): string =>
    side === 'a' ? lines : '';
const weights = (...kinds: readonly string[]): string => `priority 151\n ${kinds.join('\n ')}`;
const unicast = (side: Side): string => `unicast_peer {\n 10.9.ROW.${side === 'a' ? '2' : '1'}\n }`;
const stays: MatrixRow['after'] = {
  repair: ['BACKUP', 'MASTER'],
  start: ['BACKUP', 'MASTER'],
  'start again': ['BACKUP', 'MASTER'],
};
/** Side b has the higher address. */
const equal: MatrixRow['after'] = stays;
const tracked = (kind: string, entry: string): string => `track_${kind} {\n ${entry}\n }`;
const weighed: MatrixRow['after'] = { fault: ['BACKUP', 'MASTER'] };

export const matrixRows: readonly MatrixRow[] = [
  { name: 'version 2', lines: () => '' },
  { name: 'PASS', lines: () => auth('PASS') },
  { name: 'AH', lines: () => auth('AH') },
  { name: 'version 3', lines: () => 'version 3' },
  { name: 'version 3 without pseudo-header, half a second', lines: () => 'version 3\n advert_int 0.5' },
  {
    name: 'IPv6',
    lines: () => 'version 3',
    addresses: ipv6,
  },
  { name: 'IPv6, nopreempt', lines: () => 'version 3\n nopreempt', addresses: ipv6, after: stays },
  { name: 'IPv6, unicast', lines: unicast6, addresses: ipv6 },
  { name: 'strict, version 3', lines: () => 'version 3\n strict_mode on' },
  { name: 'owner', lines: onA('priority 255') },
  { name: 'owner, version 3, unicast', lines: (side) => `version 3\n ${unicast(side)}\n ${onA('priority 255')(side)}` },
  { name: 'state MASTER', lines: onA('state MASTER') },
  {
    name: 'version 3, both kinds of answers',
    lines: () => 'version 3\n lower_prio_no_advert\n higher_prio_send_advert',
  },
  { name: 'equal priorities, PASS', lines: () => `priority 100\n ${auth('PASS')}`, after: equal },
  { name: 'unicast', lines: unicast },
  { name: 'unicast, PASS', lines: (side) => `${unicast(side)}\n ${auth('PASS')}` },
  { name: 'unicast, AH', lines: (side) => `${unicast(side)}\n ${auth('AH')}` },
  { name: 'unicast, version 3', lines: (side) => `version 3\n check_unicast_src\n ${unicast(side)}` },
  { name: 'VMAC', lines: () => 'use_vmac' },
  { name: 'VMAC, version 3', lines: () => 'version 3\n use_vmac' },
  {
    name: 'VMAC, IPv6',
    lines: () => 'version 3\n use_vmac',
    addresses: (row) => `fe80::${String(row + 1)}00/64\n fd00:${String(row + 1)}::100/64`,
  },
  { name: 'VMAC, adverts from the interface below', lines: () => 'use_vmac\n vmac_xmit_base' },
  { name: 'nopreempt', lines: () => 'nopreempt', after: stays },
  { name: 'nopreempt, AH', lines: () => `nopreempt\n ${auth('AH')}`, after: stays },
  { name: 'nopreempt, unicast, version 3', lines: (side) => `version 3\n nopreempt\n ${unicast(side)}`, after: stays },
  { name: 'preempt_delay', lines: () => 'preempt_delay 3' },
  { name: 'sync group', lines: () => '', group: true },
  { name: 'sync group, AH', lines: () => auth('AH'), group: true },
  { name: 'sync group, version 3, nopreempt', lines: () => 'version 3\n nopreempt', group: true, after: stays },
  {
    name: 'sync group of both versions and families',
    lines: () => '',
    group: true,
    groupLines: () => 'global_tracking',
    second: { lines: 'version 3\n advert_int 0.5', address: 'fe80::200/64\n fd00:8::100/64' },
  },
  {
    name: 'sync group with a script',
    lines: () => '',
    group: true,
    groupLines: onA(tracked('script', 'well')),
    fault: 'script',
  },
  {
    name: 'sync group with a weight, its member has another',
    lines: onA(weights(tracked('script', 'well weight 20'))),
    group: true,
    groupLines: onA(`sync_group_tracking_weight\n ${tracked('script', 'well weight -60')}`),
    fault: 'script',
    after: weighed,
  },
  {
    name: 'sync group with a weight, without sync_group_tracking_weight',
    lines: onA(weights(tracked('file', 'value weight -3'))),
    group: true,
    groupLines: onA(tracked('file', 'value weight -1')),
    fault: 'file',
    after: weighed,
  },
  {
    name: 'tracked interface',
    lines: (side) => (side === 'a' ? 'track_interface {\n t0\n }' : ''),
    fault: 'tracked interface',
  },
  {
    name: 'tracked interface with weight',
    lines: (side) => (side === 'a' ? 'track_interface {\n t0 weight -60\n }' : ''),
    fault: 'tracked interface',
    after: weighed,
  },
  {
    name: 'script in reverse',
    lines: onA(weights(tracked('script', 'well weight 40 reverse'))),
    fault: 'script',
    after: { fault: ['MASTER', 'BACKUP'] },
  },
  {
    name: 'highest priority',
    lines: onA(weights(tracked('script', 'well weight 253'))),
    fault: 'script',
    after: { fault: ['MASTER', 'BACKUP'] },
  },
  { name: 'lowest priority', lines: onA(weights(tracked('file', 'value weight -4'))), fault: 'file', after: weighed },
  {
    name: 'weight of an interface with an address',
    lines: onA(tracked('interface', 't0 weight 60')),
    addresses: (row) => `10.9.${String(row)}.100/24\n 10.7.${String(row)}.100/32 dev t0`,
    fault: 'tracked interface',
  },
  { name: 'file', lines: (side) => (side === 'a' ? 'track_file {\n value weight 0\n }' : ''), fault: 'file' },
  {
    name: 'file with weight',
    lines: (side) => (side === 'a' ? 'track_file {\n value weight -1\n }' : ''),
    fault: 'file',
    after: weighed,
  },
  {
    name: 'file in reverse',
    lines: onA(tracked('file', 'value weight 1 reverse')),
    fault: 'file',
    after: weighed,
  },
  { name: 'script', lines: (side) => (side === 'a' ? 'track_script {\n well\n }' : ''), fault: 'script' },
  {
    name: 'script with weight',
    lines: (side) => (side === 'a' ? 'track_script {\n well weight 60\n }\n priority 91' : ''),
    fault: 'script',
    after: weighed,
  },
];

/** Side a and side b after the phase; undefined: it does not run. */
export function statesAfter({ after }: MatrixRow, phase: Phase): readonly [State | undefined, State] {
  const usual: Readonly<Record<Phase, readonly [State | undefined, State]>> = {
    fault: ['FAULT', 'MASTER'],
    repair: ['MASTER', 'BACKUP'],
    stop: [undefined, 'MASTER'],
    start: ['MASTER', 'BACKUP'],
    kill: [undefined, 'MASTER'],
    'start again': ['MASTER', 'BACKUP'],
  };
  return after?.[phase] ?? usual[phase];
}

/** The names of a row's instances. */
export function instancesOf(row: number): readonly string[] {
  return matrixRows[row]?.group === true ? [`R${String(row)}`, `R${String(row)}x`] : [`R${String(row)}`];
}

/** The whole configuration of a side; its files are in `folder`. */
export function matrixConf(side: Side, folder: string): string {
  const instances = matrixRows.map((row, k) => {
    const number = String(k);
    const lines = row.lines(side).replaceAll('ROW', number);
    const one = (
      name: string,
      ifname: string,
      id: number,
      lines: string,
      address: string,
    ): string => `vrrp_instance ${name} {
 interface ${ifname}
 virtual_router_id ${String(id)}
 ${/(^|\s)priority /.test(lines) ? '' : `priority ${side === 'a' ? '150' : '100'}`}
 ${lines.includes('advert_int') ? '' : 'advert_int 1'}
 ${lines}
 virtual_ipaddress {
 ${address}
 }
 notify ${folder}/notify.sh
}
`;
    const first = one(`R${number}`, `r${number}`, k + 1, lines, row.addresses?.(k) ?? `10.9.${number}.100/24`);
    if (row.group !== true) return first;
    const { lines: secondLines, address } = row.second ?? { lines, address: `10.8.${number}.100/24` };
    const second = one(`R${number}x`, `x${number}`, k + 101, secondLines, address);
    return `${first}${second}vrrp_sync_group G${number} {\n group {\n R${number}\n R${number}x\n }\n${row.groupLines?.(side) ?? ''}\n}\n`;
  });
  return `global_defs {
 script_user root
 vrrp_notify_fifo ${folder}/fifo
 vrrp_garp_master_delay 0
 vrrp_garp_master_repeat 1
}
vrrp_track_file value {
 file ${folder}/value
}
vrrp_script well {
 script "/usr/bin/test ! -e ${folder}/unwell"
 interval 1
}
${instances.join('')}`;
}

/** The links of a pair: a bridge for each in namespace `pair`s, the directors' ends in `pair`a and `pair`b. */
export function matrixNetwork(pair: string): string {
  const links = matrixRows.flatMap((row, k) => {
    const number = String(k);
    const names = row.group === true ? [`r${number}`, `x${number}`] : [`r${number}`];
    return names.map((ifname) => ({ ifname, net: ifname.startsWith('x') ? `10.8.${number}` : `10.9.${number}` }));
  });
  const inSwitch = links.flatMap(({ ifname }) => [
    `link add ${ifname} type bridge mcast_snooping 0`,
    `link set ${ifname} up`,
    ...['a', 'b'].flatMap((side) => [
      `link add ${side}${ifname} type veth peer name ${ifname} netns ${pair}${side}`,
      `link set ${side}${ifname} master ${ifname} up`,
    ]),
  ]);
  const inside = (side: Side): readonly string[] => [
    'link set lo up',
    'link add t0 type veth peer name t1',
    'link set t1 up',
    'link set t0 up',
    ...links.flatMap(({ ifname, net }, i) => [
      `link set ${ifname} address 02:00:00:00:0${side === 'a' ? '1' : '2'}:${i.toString(16).padStart(2, '0')}`,
      `address add ${net}.${side === 'a' ? '1' : '2'}/24 dev ${ifname}`,
      ...(ifname.startsWith('r')
        ? [`address add fd00:9:${ifname.slice(1)}::${side === 'a' ? '1' : '2'}/64 dev ${ifname} nodad`]
        : []),
      `link set ${ifname} up`,
    ]),
  ];
  const batch = (ns: string, lines: readonly string[]): string =>
    `ip -n ${ns} -batch - <<'END'\n${lines.join('\n')}\nEND`;
  return [
    'set -e',
    ...['s', 'a', 'b'].map((node) => `ip netns add ${pair}${node}`),
    ...['a', 'b'].map(
      (side) =>
        `ip netns exec ${pair}${side} sh -c 'echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad; echo 0 > /proc/sys/net/ipv6/conf/all/accept_dad'`,
    ),
    batch(`${pair}s`, inSwitch),
    batch(`${pair}a`, inside('a')),
    batch(`${pair}b`, inside('b')),
  ].join('\n');
}

/** What fails on side a of a pair, or is repaired. */
export function matrixFault(pair: string, folder: string, fails: boolean): string {
  const to = fails ? 'down' : 'up';
  const cut = matrixRows.flatMap((row, k) =>
    row.fault === undefined ? [`ip -n ${pair}s link set a${row.group === true ? 'x' : 'r'}${String(k)} ${to}`] : [],
  );
  const other = fails
    ? `ip -n ${pair}a link set t0 down; echo 60 > ${folder}/value; touch ${folder}/unwell`
    : `ip -n ${pair}a link set t0 up; echo 0 > ${folder}/value; rm ${folder}/unwell`;
  return `${cut.join('; ')}; ${other}`;
}
