import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { allKeywords, type Keyword } from '../../src/config/index.ts';
import { loadText } from './load-text.ts';

/** What checks may name. */
const followed =
  'track_file f {\n  file /f\n}\ntrack_file g {\n  file /g\n}\nbfd_instance b {\n  neighbor_ip 10.0.0.9\n}\nbfd_instance c {\n  neighbor_ip 10.0.0.8\n}\n';

/** Around each block what it needs to be there; `LINE` is where a line goes. */
const blocks: Readonly<Record<string, string>> = {
  '(root)': 'LINE',
  global_defs: 'global_defs {\nLINE\n}\nvrrp_instance VI {\n  virtual_router_id 7\n}\n',
  SSL: 'SSL {\nLINE\n}\n',
  track_group: 'track_group g {\nLINE\n}\n',
  garp_group: 'garp_group {\nLINE\n}\n',
  vrrp_sync_group: 'vrrp_sync_group G {\nLINE\n}\n',
  vrrp_instance: 'vrrp_instance VI {\n  virtual_router_id 7\nLINE\n}\n',
  'vrrp_instance/authentication': 'vrrp_instance VI {\n  virtual_router_id 7\n  authentication {\nLINE\n  }\n}\n',
  'vrrp_instance/auth_hmac': 'vrrp_instance VI {\n  virtual_router_id 7\n  auth_hmac {\nLINE\n  }\n}\n',
  vrrp_script: 'vrrp_script s {\nLINE\n}\n',
  vrrp_track_process: 'vrrp_track_process p {\nLINE\n}\n',
  track_file: 'track_file f {\nLINE\n}\n',
  vrrp_track_file: 'vrrp_track_file f {\nLINE\n}\n',
  bfd_instance: 'bfd_instance b {\nLINE\n}\n',
  virtual_server: 'virtual_server group g {\nLINE\n  real_server 10.0.0.2 80 {\n    TCP_CHECK {\n    }\n  }\n}\n',
  'virtual_server/real_server': `${followed}virtual_server 10.0.0.1 80 {\n  real_server 10.0.0.2 80 {\n    TCP_CHECK {\n    }\nLINE\n  }\n}\n`,
};

/** What a check needs to be there. */
const checks: Readonly<Record<string, string>> = {
  MISC_CHECK: 'misc_path /bin/x',
  HTTP_GET: 'url {\n  path /\n}',
  SSL_GET: 'url {\n  path /\n}',
};

function around(block: string): string {
  const known = blocks[block];
  if (known !== undefined) return known;
  const [, , check = '', inner] = block.split('/');
  const server = blocks['virtual_server/real_server'] ?? '';
  if (inner === 'url') return server.replace('LINE', `${check} {\n  url {\nLINE\n  }\n}`);
  if (inner !== undefined) return server.replace('LINE', `${check} {\n  ${inner} {\nLINE\n  }\n}`);
  return server.replace('LINE', `${check} {\n${checks[check] ?? ''}\nLINE\n}`);
}

/** Lines that must be there before the one that is tried, by `block keyword`. */
const before: Readonly<Record<string, string>> = {
  'vrrp_instance/authentication auth_type': 'auth_pass x',
  'vrrp_instance vmac_xmit_base': 'use_vmac',
  'vrrp_instance/auth_hmac active_key': 'key 8 12345678901234567890123456789012',
  'virtual_server ops': 'protocol UDP',
  'virtual_server persistence_engine': 'persistence_timeout 50',
  'virtual_server sh-port': 'lb_algo sh',
  'virtual_server sh-fallback': 'lb_algo sh',
  'virtual_server mh-port': 'lb_algo mh',
  'virtual_server mh-fallback': 'lb_algo mh',
  'virtual_server quorum': 'weight 9',
  'virtual_server hysteresis': 'weight 9\nquorum 5',
  'vrrp_instance preempt': 'nopreempt',
  'vrrp_instance accept': 'no_accept',
  'vrrp_instance unicast_ttl': 'unicast_peer {\n10.0.0.2\n}',
  'vrrp_sync_group global_tracking': '',
  'global_defs notify_fifo_script': 'notify_fifo /f',
  'global_defs vrrp_notify_fifo_script': 'vrrp_notify_fifo /f',
  'global_defs lvs_notify_fifo_script': 'lvs_notify_fifo /f',
  'global_defs nftables_priority': 'nftables',
  'global_defs nftables_ifindex': 'nftables',
  'global_defs nftables_ipvs_priority': 'nftables_ipvs',
  'global_defs nftables_ipvs_start_fwmark': 'nftables_ipvs',
  'virtual_server sorry_server_inhibit': 'sorry_server 10.0.0.3 80',
  'virtual_server sorry_server_lvs_method': 'sorry_server 10.0.0.3 80',
};

/** What a block needs besides, where the tried line does not give it. */
const needs: Readonly<Record<string, string>> = {
  vrrp_script: 'script /bin/x',
  vrrp_track_process: 'process x',
  track_file: 'file /x',
  vrrp_track_file: 'file /x',
  bfd_instance: 'neighbor_ip 10.0.0.9',
  'virtual_server/real_server/FILE_CHECK': 'track_file g',
  'virtual_server/real_server/BFD_CHECK': 'name b',
  garp_group: 'garp_interval 5',
  'virtual_server/real_server/HTTP_GET/url': 'path /',
  'virtual_server/real_server/SSL_GET/url': 'path /',
};

const examples: Readonly<Record<string, string>> = {
  'global_defs dynamic_interfaces': '',
  'global_defs lvs_timeouts': 'tcp 5',
  'global_defs lvs_flush_on_stop': '',
  'global_defs lvs_flush_onstop': 'VS',
  'global_defs vrrp_garp_extra_if': '5',
  'global_defs vrrp_vmac_garp_intvl': 'all 5',
  'global_defs vrrp_rx_bufs_policy': 'MTU',
  'global_defs umask': '022',
  'global_defs vrrp_cpu_affinity': '0 1',
  'global_defs checker_cpu_affinity': '0 1',
  'global_defs bfd_cpu_affinity': '0 1',
  'global_defs vrrp_mcast_group4': '224.0.0.20',
  'global_defs vrrp_mcast_group6': 'ff02::20',
  'global_defs notification_email': '{\nme@example.org\n}',
  'global_defs include_check': '',
  'global_defs vrrp_ipsets': 'a b',
  'vrrp_sync_group track_file': '{\nf\n}',
  'vrrp_instance track_file': '{\nf\n}',
  'bfd_instance neighbour_ip': '10.0.0.8',
  'virtual_server quorum': '2',
  'virtual_server/real_server/FILE_CHECK track_file': 'f',
  'virtual_server/real_server/BFD_CHECK name': 'c',
  'vrrp_instance mcast_dst_ip': '224.0.0.20',
  'vrrp_instance old_unicast_checksum': 'never',
  'vrrp_instance garp_extra_if': 'all 5',
  'vrrp_instance vmac_garp_intvl': '5',
  'vrrp_instance state': 'MASTER',
  'vrrp_instance use_ipvlan': '10.0.0.7',
  'vrrp_instance authentication': '{\nauth_pass x\n}',
  'vrrp_instance auth_hmac': '{\nkey 1 12345678901234567890123456789012\nactive_key 1\n}',
  'vrrp_instance unicast_peer': '{\n10.0.0.2\n}',
  'vrrp_instance virtual_ipaddress': '{\n10.0.0.2\n}',
  'vrrp_instance virtual_ipaddress_excluded': '{\n10.0.0.2\n}',
  'vrrp_instance virtual_routes': '{\n10.9.0.0/24 dev eth0\n}',
  'vrrp_instance virtual_rules': '{\ntable 5 preference 5\n}',
  'vrrp_instance/authentication auth_type': 'AH',
  'vrrp_instance/auth_hmac key': '1 12345678901234567890123456789012',
  'vrrp_track_process param_match': 'initial',
  'virtual_server lb_algo': 'rr',
  'virtual_server lvs_sched': 'rr',
  'virtual_server lb_kind': 'DR',
  'virtual_server lvs_method': 'DR',
  'virtual_server sorry_server_lvs_method': 'DR',
  'virtual_server sorry_server': '10.0.0.3 80',
  'virtual_server persistence_granularity': '255.255.0.0',
  'virtual_server real_server': '10.0.0.3 80 {\n}',
  'virtual_server ip_family': 'inet6',
  'virtual_server hysteresis': '1',
  'virtual_server/real_server lvs_method': 'DR',
  'virtual_server/real_server smtp_alert': 'off',
  '(root) static_ipaddress': '{\n10.0.0.2/24\n}',
  '(root) static_routes': '{\n10.9.0.0/24 dev eth0\n}',
  '(root) static_rules': '{\ntable 5 preference 5\n}',
  '(root) linkbeat_interfaces': '{\neth0 MII\n}',
  '(root) interface_up_down_delays': '{\neth0 1 2\n}',
  '(root) global_defs': '{\nlvs_flush\n}',
  '(root) track_group': 'g {\n}',
  '(root) vrrp_sync_group': 'G {\n}',
  '(root) garp_group': '{\ngarp_interval 5\n}',
  '(root) vrrp_instance': 'VI {\nvirtual_router_id 7\n}',
  '(root) vrrp_script': 's {\nscript /bin/x\n}',
  '(root) vrrp_track_process': 'p {\nprocess x\n}',
  '(root) SSL': '{\n}',
  '(root) virtual_server_group': 'g {\n10.0.0.1 80\n}',
  '(root) virtual_server': '10.0.0.1 80 {\nreal_server 10.0.0.2 80 {\n}\n}',
  '(root) bfd_instance': 'b {\nneighbor_ip 10.0.0.9\n}',
  '(root) track_file': 'f {\nfile /f\n}',
  '(root) vrrp_track_file': 'f {\nfile /f\n}',
};

/** Of names that are the same in several blocks. */
const commonExamples: Readonly<Record<string, string>> = {
  group: '{\nVI\n}',
  track_interface: '{\neth1 weight 5\n}',
  track_script: '{\ns\n}',
  track_process: '{\np\n}',
  track_bfd: '{\nb\n}',
  FILE_CHECK: '{\ntrack_file f\n}',
  BFD_CHECK: '{\nname b\n}',
  host: '{\nconnect_port 26\n}',
  interfaces: '{\neth0\n}',
  url: '{\npath /x\n}',
  digest: '640205b7b0fc66c1ea91c463fac6334d',
  status_code: '404',
  regex_options: 'caseless',
  regex_stack: '1 2',
  payload: '00',
  require_reply: '00',
  misc_path: '/bin/y',
  sni_name: 'a.example.org',
  http_protocol: '1.1',
  type: 'A',
  MISC_CHECK: '{\nmisc_path /bin/x\n}',
  HTTP_GET: '{\nurl {\npath /\n}\n}',
  SSL_GET: '{\nurl {\npath /\n}\n}',
};

/** Said to have an effect by nobody, or by the reference itself not to have one. */
const withoutEffect: ReadonlySet<string> = new Set([
  // No kernel flag stands behind it, and the reference ignores it too.
  'virtual_server hashed',
]);

function example({ block, name, args }: Keyword): string {
  const given = examples[`${block} ${name}`] ?? commonExamples[name];
  if (given !== undefined) return given;
  switch (args.kind) {
    case 'boolean':
    case 'flag':
      return '';
    case 'integer':
      return String(args.max === 3 ? 2 : Math.min(args.max, args.min + 7));
    case 'time':
      return String(Math.min(args.max, Math.max(7, args.min + 7)));
    case 'one-of':
      return args.values[1] ?? '';
    case 'address':
      return '10.0.0.5';
    case 'interface':
      return 'eth1';
    case 'block':
    case 'lines':
      return '{\n}';
    case 'optional-command':
    case 'command':
      return '"/bin/true a"';
    default:
      return 'word';
  }
}

/** The whole model without the places in the file, which every line moves. */
function modelOf(text: string): string {
  return JSON.stringify(loadText(text).config, (key, value: unknown) => (key === 'span' ? undefined : value));
}

describe('whatever is written is in the model', () => {
  for (const keyword of allKeywords()) {
    const id = `${keyword.block} ${keyword.name}`;
    if (withoutEffect.has(id)) continue;
    test(id, () => {
      const given = before[id] ?? '';
      const line = `${keyword.name} ${example(keyword)}`;
      const need = needs[keyword.block];
      const isNeeded = need?.replace('neighbor', 'neighbour').startsWith(keyword.name.replace('neighbor', 'neighbour'));
      const text = around(keyword.block).replace('LINE', `${isNeeded === true ? '' : (need ?? '')}\n${given}\nLINE`);
      assert.ok(modelOf(text.replace('LINE', line)) !== modelOf(text.replace('LINE', '')), `'${line}' changes nothing`);
    });
  }
});
