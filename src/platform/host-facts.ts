import { readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { interfaceNames } from './host.ts';

export interface HostInterface {
  readonly name: string;
  readonly mtu?: number;
  /** With their prefix lengths. */
  readonly addresses: readonly string[];
}

/** The interfaces of this network namespace, with what is on them now. */
export function hostInterfaces(): readonly HostInterface[] {
  const addresses = networkInterfaces();
  return [...interfaceNames()].map((name) => {
    const mtu = Number(text(`/sys/class/net/${name}/mtu`) ?? Number.NaN);
    return {
      name,
      ...(Number.isNaN(mtu) ? {} : { mtu }),
      addresses: (addresses[name] ?? []).flatMap(({ cidr }) => cidr ?? []),
    };
  });
}

/** The names in /etc/passwd. */
export function userNames(): readonly string[] {
  return (text('/etc/passwd') ?? '').split('\n').flatMap((line) => {
    const [name = ''] = line.split(':');
    return name === '' ? [] : [name];
  });
}

const settings = [
  'net.ipv4.ip_forward',
  'net.ipv4.ip_nonlocal_bind',
  'net.ipv4.conf.all.arp_ignore',
  'net.ipv4.conf.all.arp_announce',
  'net.ipv4.conf.all.rp_filter',
  'net.ipv4.conf.all.promote_secondaries',
  'net.ipv6.conf.all.forwarding',
];

/** The kernel settings that matter to a director, all of IPVS among them; what the kernel lacks is left out. */
export function directorSysctls(): Readonly<Record<string, string>> {
  const names = [...settings, ...ipvsSettings()];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = text(`/proc/sys/${name.replaceAll('.', '/')}`);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function ipvsSettings(): readonly string[] {
  try {
    return readdirSync('/proc/sys/net/ipv4/vs').map((name) => `net.ipv4.vs.${name}`);
  } catch {
    return [];
  }
}

function text(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
