/** Configurations that together have every keyword of a virtual server, and every pair of those that interact. */

const dimensions = {
  key: ['ipv4', 'ipv6', 'fwmark', 'fwmark6', 'range', 'range6', 'mixed group', 'marks', 'port 0'],
  protocol: ['TCP', 'UDP', 'SCTP'],
  scheduler: ['rr', 'wrr', 'lc', 'wlc', 'lblc', 'lblcr', 'dh', 'sh', 'sed', 'nq', 'fo', 'ovf', 'mh'],
  flags: ['', 'port', 'fallback', 'port fallback', 'flag-1', 'flag-2 flag-3', 'hashed', 'ops'],
  kind: [
    'NAT',
    'DR',
    'TUN',
    'TUN type ipip',
    'TUN type gue port 6080',
    'TUN type gue port 6081 csum',
    'TUN type gue port 6082 remcsum',
    'TUN type gre',
    'TUN type gre csum',
  ],
  serverKind: ['', 'DR', 'NAT', 'TUN', 'TUN type gue port 6090', 'TUN type gre csum'],
  persistence: ['', '300', '300 granularity', 'default', '100 engine', 'granularity'],
  weights: ['1 1 1', '0 3 5', '65535 1 2', 'inherited', '0 0 0'],
  thresholds: ['', 'upper', 'both'],
  quorum: ['', '2', '3 hysteresis 1', '2 hysteresis 5', '100000'],
  sorry: ['', 'plain', 'other kind', 'other tunnel', 'inhibit', 'a real server'],
  inhibit: ['', 'one', 'all', 'all but one'],
  mode: ['', 'alpha', 'omega', 'alpha omega', 'alpha of a check', 'ha_suspend'],
  check: ['TCP_CHECK', 'HTTP_GET', 'SSL_GET', 'one without', 'two', 'elsewhere'],
} as const;

type Dimension = keyof typeof dimensions;
type Row = Readonly<Record<Dimension, string>>;
const names = Object.keys(dimensions) as Dimension[];

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function pairsOf(row: Row): readonly string[] {
  return names.flatMap((a, i) => names.slice(i + 1).map((b) => `${a}=${row[a]} ${b}=${row[b]}`));
}

/** Rows of which each new one adds the most pairs of values that were not together yet; until nearly all are. */
function pairwiseRows(seed: number): readonly Row[] {
  const random = seeded(seed);
  const all = names.flatMap((a, i) => names.slice(i + 1).map((b) => dimensions[a].length * dimensions[b].length));
  const total = all.reduce((sum, count) => sum + count, 0);
  const covered = new Set<string>();
  const rows: Row[] = [];
  while (covered.size < total * 0.995) {
    const candidates = Array.from({ length: 40 }, () => randomRow(random));
    const gains = candidates.map((row) => pairsOf(row).filter((pair) => !covered.has(pair)).length);
    const best = candidates[gains.indexOf(Math.max(...gains))];
    if (best === undefined) break;
    for (const pair of pairsOf(best)) covered.add(pair);
    rows.push(best);
  }
  return rows;
}

function randomRow(random: () => number): Row {
  const pick = (name: Dimension): string => dimensions[name][Math.floor(random() * dimensions[name].length)] ?? '';
  return Object.fromEntries(names.map((name) => [name, pick(name)])) as Row;
}

/** The generated configurations by name: all pairs of values, some virtual servers in each file. */
export function generatedConfigs(seed: number, perFile = 8): ReadonlyMap<string, string> {
  const rows = pairwiseRows(seed);
  const files = new Map<string, string>();
  for (let i = 0; i < rows.length; i += perFile) {
    const blocks = rows.slice(i, i + perFile).map((row, j) => virtualServer(row, j + 1));
    files.set(`generated-${String(seed)}-${String(i / perFile + 1).padStart(2, '0')}`, blocks.join('\n'));
  }
  return files;
}

/** One virtual server as a row says, with addresses that contain `n`. */
function virtualServer(row: Row, n: number): string {
  const six = row.key.endsWith('6');
  const port = row.key === 'port 0' ? 0 : 80;
  const server = (i: number): string =>
    six ? `2001:db8:${String(n)}::1${String(i)}` : `10.1.${String(n)}.1${String(i)}`;
  const realPort = row.key === 'port 0' || row.key.startsWith('fwmark') || row.key === 'marks' ? 0 : port;
  const [head, group] = headOf(row, n, port);
  const lines = [
    ...alphaLines(row),
    `lb_algo ${row.scheduler}`,
    ...flagLines(row),
    `lb_kind ${row.kind}`,
    `protocol ${row.protocol}`,
    ...persistenceLines(row, six),
    ...quorumLines(row),
    ...(row.weights === 'inherited' ? ['weight 7'] : []),
    ...(row.inhibit.startsWith('all') ? ['inhibit_on_failure'] : []),
    ...sorryLines(row, six ? `2001:db8:${String(n)}::99` : `10.1.${String(n)}.99`, server(1), realPort),
    ...[1, 2, 3].flatMap((i) => realServer(row, { address: server(i), port: realPort }, i)),
  ];
  return `${group}virtual_server ${head} {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
}

function headOf({ key }: Row, n: number, port: number): readonly [head: string, group: string] {
  const [vip, vip6] = [`10.0.${String(n)}.1`, `2001:db8:0:${String(n)}::1`];
  const group = (...entries: readonly string[]): readonly [string, string] => [
    `group G${String(n)}`,
    `virtual_server_group G${String(n)} {\n${entries.map((entry) => `  ${entry}\n`).join('')}}\n`,
  ];
  switch (key) {
    case 'ipv6':
      return [`${vip6} ${String(port)}`, ''];
    case 'fwmark':
    case 'fwmark6':
      return [`fwmark ${String(n)}`, ''];
    case 'range':
      return group(`${vip}-4 ${String(port)}`, `10.0.${String(n)}.9 81`);
    case 'range6':
      return group(`${vip6}-3 ${String(port)}`, `2001:db8:0:${String(n)}::9 81`);
    case 'mixed group':
      return group(`${vip} ${String(port)}`, `fwmark ${String(100 + n)}`);
    case 'marks':
      return group(`fwmark ${String(200 + n)}`, `fwmark ${String(300 + n)}`);
    default:
      return [`${vip} ${String(port)}`, ''];
  }
}

function alphaLines({ mode }: Row): readonly string[] {
  return mode === 'alpha of a check' ? [] : mode.split(' ').filter((word) => word !== '');
}

function flagLines({ flags, scheduler }: Row): readonly string[] {
  const own = scheduler === 'mh' ? 'mh' : 'sh';
  return flags
    .split(' ')
    .filter((flag) => flag !== '')
    .map((flag) => (flag === 'port' || flag === 'fallback' ? `${own}-${flag}` : flag));
}

function persistenceLines({ persistence }: Row, six: boolean): readonly string[] {
  switch (persistence) {
    case '':
      return [];
    case 'default':
      return ['persistence_timeout'];
    case 'granularity':
      return [`persistence_granularity ${six ? '64' : '255.255.255.0'}`];
    case '300 granularity':
      return ['persistence_timeout 300', `persistence_granularity ${six ? '64' : '255.255.255.0'}`];
    case '100 engine':
      return ['persistence_timeout 100', 'persistence_engine sip'];
    default:
      return [`persistence_timeout ${persistence}`];
  }
}

function quorumLines({ quorum }: Row): readonly string[] {
  const [, count, hysteresis] = /^(\d+)(?: hysteresis (\d+))?$/.exec(quorum) ?? [];
  if (count === undefined) return [];
  return [`quorum ${count}`, ...(hysteresis === undefined ? [] : [`hysteresis ${hysteresis}`])];
}

function sorryLines({ sorry }: Row, address: string, real: string, port: number): readonly string[] {
  switch (sorry) {
    case '':
      return [];
    case 'other kind':
      return [`sorry_server ${address} ${String(port)}`, 'sorry_server_lvs_method TUN'];
    case 'other tunnel':
      return [`sorry_server ${address} ${String(port)}`, 'sorry_server_lvs_method TUN type gre csum'];
    case 'inhibit':
      return [`sorry_server ${address} ${String(port)}`, 'sorry_server_inhibit'];
    case 'a real server':
      return [`sorry_server ${real} ${String(port)}`];
    default:
      return [`sorry_server ${address} ${String(port)}`];
  }
}

function realServer(row: Row, { address, port }: { address: string; port: number }, i: number): readonly string[] {
  const weight = row.weights.split(' ')[i - 1];
  const limits = {
    '': [],
    upper: ['uthreshold 100'],
    both: ['uthreshold 100', 'lthreshold 50'],
  };
  return [
    `real_server ${address} ${String(port)} {`,
    ...(row.weights === 'inherited' || weight === undefined ? [] : [`weight ${weight}`]),
    ...(row.serverKind !== '' && i === 2 ? [`lvs_method ${row.serverKind}`] : []),
    ...(i === 1 ? limits[row.thresholds as keyof typeof limits] : []),
    ...(row.inhibit === 'one' && i === 1 ? ['inhibit_on_failure'] : []),
    ...(row.inhibit === 'all but one' && i === 1 ? ['inhibit_on_failure no'] : []),
    ...checks(row, i),
    '}',
  ];
}

function checks({ check, mode }: Row, i: number): readonly string[] {
  const alpha = mode === 'alpha of a check' && i === 1 ? ['alpha'] : [];
  const tcp = (port = 80): readonly string[] => ['TCP_CHECK {', `connect_port ${String(port)}`, ...alpha, '}'];
  const http = (kind: string): readonly string[] => [
    `${kind} {`,
    'url {',
    'path /',
    'status_code 200',
    '}',
    `connect_port ${kind === 'SSL_GET' ? '443' : '80'}`,
    ...alpha,
    '}',
  ];
  switch (check) {
    case 'HTTP_GET':
    case 'SSL_GET':
      return http(check);
    case 'one without':
      return i === 3 ? [] : tcp();
    case 'two':
      return [...tcp(), ...tcp(8080 + i)];
    case 'elsewhere':
      return ['TCP_CHECK {', `connect_ip 10.9.9.${String(i)}`, 'connect_port 9', ...alpha, '}'];
    default:
      return tcp();
  }
}
