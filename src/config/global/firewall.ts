import { defined } from '../defined.ts';
import type { GlobalDefs } from '../model/global-defs.ts';
import type { Reading } from '../read.ts';

type Firewall = Pick<GlobalDefs, 'nftables' | 'nftablesIpvs' | 'nftablesCounters' | 'vrrpIptables' | 'vrrpIpsets'>;

/** What nftables, and in builds that have them iptables and ipsets, are to hold. */
export function readFirewall(reading: Reading): Firewall {
  const iptables = reading.words('vrrp_iptables');
  const old = reading.entry('vrrp_iptables') ?? reading.entry('vrrp_ipsets');
  if (old !== undefined)
    reading.findings.warning(
      'no-iptables',
      old.statement.keyword.span,
      `'${old.keyword.name}' in ${reading.object} is not supported`,
      "use 'nftables'",
    );
  return {
    nftablesCounters: reading.flag('nftables_counters'),
    ...defined({
      nftables: reading.has('nftables')
        ? {
            table: reading.words('nftables')?.[0] ?? 'keepalived',
            priority: reading.number('nftables_priority') ?? -1,
            ifindex: reading.flag('nftables_ifindex'),
          }
        : undefined,
      nftablesIpvs: reading.has('nftables_ipvs')
        ? {
            table: reading.words('nftables_ipvs')?.[0] ?? 'keepalived_ipvs',
            priority: reading.number('nftables_ipvs_priority') ?? -1,
            startFwmark: reading.number('nftables_ipvs_start_fwmark') ?? 1000,
          }
        : undefined,
      vrrpIptables:
        iptables === undefined
          ? undefined
          : {
              inputChain: iptables[0] ?? 'INPUT',
              ...defined({ outputChain: iptables.length === 0 ? 'OUTPUT' : iptables[1] }),
            },
      vrrpIpsets: reading.words('vrrp_ipsets'),
    }),
  };
}
