import type { VrrpStats, VrrpView } from '../../vrrp/index.ts';

type Section = readonly (readonly [string, keyof VrrpStats])[];

const advertisements: Section = [
  ['Received', 'advert_rcvd'],
  ['Sent', 'advert_sent'],
];

const errors: readonly (readonly [string, Section])[] = [
  [
    'Packet Errors',
    [
      ['Length', 'packet_len_err'],
      ['TTL', 'ip_ttl_err'],
      ['Invalid Type', 'invalid_type_rcvd'],
      ['Advertisement Interval', 'advert_interval_err'],
      ['Address List', 'addr_list_err'],
    ],
  ],
  [
    'Authentication Errors',
    [
      ['Invalid Type', 'invalid_authtype'],
      ['Type Mismatch', 'authtype_mismatch'],
      ['Failure', 'auth_failure'],
    ],
  ],
  [
    'Priority Zero',
    [
      ['Received', 'pri_zero_rcvd'],
      ['Sent', 'pri_zero_sent'],
    ],
  ],
];

/** keepalived.stats. */
export function statsText({ instances }: VrrpView): string {
  return instances
    .flatMap(({ name, stats }) => [
      `VRRP Instance: ${name}`,
      ...section('Advertisements', advertisements, stats),
      `  Became master: ${String(stats.become_master)}`,
      `  Released master: ${String(stats.release_master)}`,
      ...errors.flatMap(([title, rows]) => section(title, rows, stats)),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

function section(title: string, rows: Section, stats: VrrpStats): readonly string[] {
  return [`  ${title}:`, ...rows.map(([name, key]) => `    ${name}: ${String(stats[key])}`)];
}
