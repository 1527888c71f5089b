/**
 * Small configurations and what `keepalived -t` 2.2.7 exits with in a network namespace that has eth0 and eth1 only. The unit test
 * holds Watchkeeper to the numbers, the interop test holds the numbers to the real binary.
 */
export interface VerdictCase {
  readonly name: string;
  readonly text: string;
  readonly exit: 0 | 2 | 4 | 5 | 6;
  /** keepalived 2.2.7 crashes at it; the status is what its messages would make. */
  readonly crashes?: true;
}

function instance(lines: string, more = ''): string {
  return `vrrp_instance VI_1 {\n  interface eth0\n  virtual_router_id 51\n  priority 100\n  virtual_ipaddress {\n    10.0.0.1/24\n  }\n${lines}\n}\n${more}`;
}

function globals(lines: string): string {
  return `global_defs {\n${lines}\n}\n`;
}

function service(lines: string, server = ''): string {
  return (
    `virtual_server 10.0.0.1 80 {\n  delay_loop 5\n  lb_algo rr\n  lb_kind NAT\n  protocol TCP\n${lines}\n` +
    `  real_server 192.168.0.2 80 {\n    weight 1\n${server}\n  }\n}\n`
  );
}

function check(kind: string, lines: string): string {
  return service('', `    ${kind} {\n${lines}\n    }`);
}

const row = (name: string, exit: VerdictCase['exit'], text: string): VerdictCase => ({ name, text, exit });

const crash = (...args: Parameters<typeof row>): VerdictCase => ({ ...row(...args), crashes: true });

const secured = `${globals('  enable_script_security\n  script_user root')}vrrp_script chk {\n  script "/bin/true"\n}\n`;

/** Two instances in one group. */
function pair(lines: string, groupLines = ''): string {
  const other = instance('').replace('VI_1', 'VI_2').replace('51', '52').replace('10.0.0.1', '10.0.0.2');
  return `${instance(lines)}${other}vrrp_sync_group G {\n  group {\n    VI_1\n    VI_2\n  }\n${groupLines}\n}\n`;
}

export const verdicts: readonly VerdictCase[] = [
  row('nothing at all', 0, ''),
  row('an instance', 0, instance('')),
  row('an unknown keyword', 5, instance('  priorty 7')),
  row('an unknown block, whose lines belong to the block around it', 5, instance('  tuning {\n    priority 7\n  }')),
  row('an instance without a name', 5, 'vrrp_instance {\n  interface eth0\n  virtual_router_id 3\n}\n'),
  row('a group without a name', 5, `${instance('')}vrrp_sync_group {\n  group {\n    VI_1\n  }\n}\n`),
  row('a script without a name', 2, 'vrrp_script {\n  script "/bin/true"\n}\n'),
  row('an instance twice', 5, instance('', instance(''))),
  row(
    'no virtual_router_id',
    5,
    'vrrp_instance VI_1 {\n  interface eth0\n  virtual_ipaddress {\n    10.0.0.1\n  }\n}\n',
  ),
  row('no addresses', 5, 'vrrp_instance VI_1 {\n  interface eth0\n  virtual_router_id 3\n}\n'),
  row(
    'no addresses in version 3',
    5,
    'vrrp_instance VI_1 {\n  version 3\n  interface eth0\n  virtual_router_id 3\n}\n',
  ),
  row('no interface', 5, 'vrrp_instance VI_1 {\n  virtual_router_id 3\n  virtual_ipaddress {\n    10.0.0.1\n  }\n}\n'),
  row(
    'an interface that is not there',
    5,
    'vrrp_instance VI_1 {\n  interface eth7\n  virtual_router_id 3\n  virtual_ipaddress {\n    10.0.0.1\n  }\n}\n',
  ),
  row(
    'an interface that may come',
    0,
    `${globals('  dynamic_interfaces')}vrrp_instance VI_1 {\n  interface eth7\n  virtual_router_id 3\n  virtual_ipaddress {\n    10.0.0.1\n  }\n}\n`,
  ),
  row(
    'an address on an interface that is not there',
    5,
    instance('  virtual_ipaddress_excluded {\n    10.0.0.2 dev eth7\n  }'),
  ),
  row('a tracked interface that is not there', 5, instance('  track_interface {\n    eth7\n  }')),
  row('a tracked interface', 0, instance('  track_interface {\n    eth1\n  }')),
  row('its own interface tracked', 5, instance('  track_interface {\n    eth0\n  }')),
  row('its own interface tracked with a weight', 5, instance('  track_interface {\n    eth0 weight 5\n  }')),
  row(
    'its own interface tracked although the primary is not',
    5,
    instance('  dont_track_primary\n  track_interface {\n    eth0\n  }'),
  ),
  row('a virtual_router_id of 0', 5, instance('  virtual_router_id 0')),
  row('a virtual_router_id that is no number', 5, instance('  virtual_router_id x')),
  row('a virtual_router_id without a number', 2, instance('  virtual_router_id')),
  row('a priority of 300', 5, instance('  priority 300')),
  row('a priority of 0', 5, instance('  priority 0')),
  row('state in lower case', 5, instance('  state master')),
  row('a negative advert_int', 5, instance('  advert_int -1')),
  row('a fraction of a second in version 2', 5, instance('  advert_int 1.5')),
  row('a fraction of a second in version 3', 0, instance('  version 3\n  advert_int 0.25')),
  row('milliseconds in version 3', 5, instance('  version 3\n  advert_int 0.333')),
  row('41 seconds in version 3', 5, instance('  version 3\n  advert_int 41')),
  row('version 4', 5, instance('  version 4')),
  row('a password', 0, instance('  authentication {\n    auth_type PASS\n    auth_pass secret\n  }')),
  row('a long password', 5, instance('  authentication {\n    auth_type PASS\n    auth_pass 123456789\n  }')),
  row('no password', 5, instance('  authentication {\n    auth_type PASS\n  }')),
  row('an unknown authentication', 5, instance('  authentication {\n    auth_type MD5\n    auth_pass secret\n  }')),
  row('a password without its type', 0, instance('  authentication {\n    auth_pass secret\n  }')),
  row(
    'a password in version 3',
    5,
    instance('  version 3\n  authentication {\n    auth_type PASS\n    auth_pass secret\n  }'),
  ),
  row('AH', 0, instance('  authentication {\n    auth_type AH\n    auth_pass secret\n  }')),
  row(
    'AH with state MASTER',
    5,
    instance('  state MASTER\n  authentication {\n    auth_type AH\n    auth_pass secret\n  }'),
  ),
  row('nopreempt', 0, instance('  nopreempt')),
  row('nopreempt with state MASTER', 5, instance('  state MASTER\n  nopreempt')),
  row('nopreempt with priority 255', 5, instance('  priority 255\n  nopreempt')),
  row('preempt_delay with state MASTER', 5, instance('  state MASTER\n  preempt_delay 5')),
  row('preempt_delay of 0 with state MASTER', 0, instance('  state MASTER\n  preempt_delay 0')),
  row(
    'state MASTER without a priority',
    0,
    'vrrp_instance VI_1 {\n  state MASTER\n  interface eth0\n  virtual_router_id 3\n  virtual_ipaddress {\n    10.0.0.1\n  }\n}\n',
  ),
  row('state BACKUP with priority 255', 0, instance('  state BACKUP\n  priority 255')),
  row('unicast', 0, instance('  unicast_src_ip 10.0.0.5\n  unicast_peer {\n    10.0.0.6\n  }')),
  row('a unicast source without peers', 5, instance('  unicast_src_ip 10.0.0.5')),
  row('a unicast TTL without peers', 5, instance('  unicast_ttl 3')),
  row('a peer that is no address', 5, instance('  unicast_peer {\n    director2\n  }')),
  row('a peer of the other family', 5, instance('  unicast_peer {\n    fd00::1\n  }')),
  row('a peer with a prefix', 0, instance('  unicast_peer {\n    10.0.0.6/24\n  }')),
  row('a peer with TTLs', 0, instance('  unicast_peer {\n    10.0.0.6 min_ttl 3 max_ttl 9\n  }')),
  row('a peer with a wrong word', 5, instance('  unicast_peer {\n    10.0.0.6 ttl 3\n  }')),
  row('addresses of both families', 5, instance('  virtual_ipaddress {\n    fd00::1/64\n  }')),
  row(
    'addresses of both families among the excluded',
    0,
    instance('  virtual_ipaddress_excluded {\n    fd00::1/64\n    10.0.0.9\n  }'),
  ),
  row('an address that is none', 5, instance('  virtual_ipaddress_excluded {\n    10.0.0.300\n  }')),
  row('an address with a prefix of 33', 5, instance('  virtual_ipaddress_excluded {\n    10.0.0.3/33\n  }')),
  row(
    'an address with an unknown option',
    5,
    instance('  virtual_ipaddress_excluded {\n    10.0.0.3/24 colour red\n  }'),
  ),
  row('an address twice', 0, instance('  virtual_ipaddress_excluded {\n    10.0.0.1/24\n  }')),
  row(
    'an address with all options',
    0,
    instance('  virtual_ipaddress_excluded {\n    10.0.0.3/24 brd 10.0.0.255 dev eth0 scope link label eth0:1\n  }'),
  ),
  row(
    'an address with a long label',
    5,
    instance('  virtual_ipaddress_excluded {\n    10.0.0.3/24 dev eth0 label eth0:abcdefghijklmnop\n  }'),
  ),
  row('a scope for IPv6', 5, instance('  virtual_ipaddress_excluded {\n    fd00::3/64 dev eth0 scope link\n  }')),
  row('a broadcast address for IPv6', 5, instance('  virtual_ipaddress_excluded {\n    fd00::3/64 brd fd00::4\n  }')),
  row(
    'garp settings',
    0,
    instance('  garp_master_delay 1\n  garp_master_repeat 3\n  garp_master_refresh 60\n  garp_master_refresh_repeat 2'),
  ),
  row('garp_master_repeat of 0', 5, instance('  garp_master_repeat 0')),
  row('garp_lower_prio_repeat of 0', 0, instance('  garp_lower_prio_repeat 0')),
  row('a boolean that is none', 5, instance('  skip_check_adv_addr True')),
  row('a boolean', 0, instance('  skip_check_adv_addr off')),
  row('debug', 0, instance('  debug 2')),
  row('lvs_sync_daemon_interface', 5, instance('  lvs_sync_daemon_interface eth0')),
  row('strict mode', 0, `${globals('  vrrp_strict')}${instance('')}`),
  row(
    'strict mode with a password',
    5,
    `${globals('  vrrp_strict')}${instance('  authentication {\n    auth_type PASS\n    auth_pass secret\n  }')}`,
  ),
  row('the same virtual_router_id twice', 5, instance('', instance('').replace('VI_1', 'VI_2'))),
  row(
    'the same virtual_router_id on another interface',
    0,
    instance('', instance('').replace('VI_1', 'VI_2').replace('eth0', 'eth1').replace('10.0.0.1', '10.0.0.2')),
  ),
  row(
    'the same address in two instances',
    0,
    instance('', instance('').replace('VI_1', 'VI_2').replace('eth0', 'eth1')),
  ),
  row(
    'a group of two',
    0,
    instance(
      '',
      `${instance('').replace('VI_1', 'VI_2').replace('51', '52').replace('10.0.0.1', '10.0.0.2')}vrrp_sync_group G {\n  group {\n    VI_1\n    VI_2\n  }\n}\n`,
    ),
  ),
  row('a group of one', 5, instance('', 'vrrp_sync_group G {\n  group {\n    VI_1\n  }\n}\n')),
  row('a group without members', 5, instance('', 'vrrp_sync_group G {\n}\n')),
  row('a group with a stranger', 5, instance('', 'vrrp_sync_group G {\n  group {\n    VI_1\n    VI_9\n  }\n}\n')),
  row('a track_script that is not defined', 5, instance('  track_script {\n    chk\n  }')),
  row(
    'a script without security',
    6,
    `vrrp_script chk {\n  script "/bin/true"\n}\n${instance('  track_script {\n    chk\n  }')}`,
  ),
  row('a script that is not used', 6, `vrrp_script chk {\n  script "/bin/true"\n}\n${instance('')}`),
  row(
    'a script with security',
    0,
    `${globals('  enable_script_security\n  script_user root')}vrrp_script chk {\n  script "/bin/true"\n}\n${instance('  track_script {\n    chk\n  }')}`,
  ),
  row(
    'a script that is not there',
    5,
    `${globals('  enable_script_security\n  script_user root')}vrrp_script chk {\n  script "/nowhere/true"\n}\n${instance('  track_script {\n    chk\n  }')}`,
  ),
  row(
    'a script that is defined after its use',
    5,
    `${globals('  enable_script_security\n  script_user root')}${instance('  track_script {\n    chk\n  }')}vrrp_script chk {\n  script "/bin/true"\n}\n`,
  ),
  row(
    'a weight out of range',
    5,
    `${globals('  enable_script_security\n  script_user root')}vrrp_script chk {\n  script "/bin/true"\n  weight 300\n}\n${instance('')}`,
  ),
  row(
    'an interval of 0',
    5,
    `${globals('  enable_script_security\n  script_user root')}vrrp_script chk {\n  script "/bin/true"\n  interval 0\n}\n${instance('')}`,
  ),
  row('a script block without its script', 5, `vrrp_script chk {\n  interval 2\n}\n${instance('')}`),
  row('a notify script', 6, instance('  notify_master "/bin/true"')),
  row('a notify script that is not there', 0, instance('  notify_master "/nowhere/true"')),
  row(
    'a notify script twice',
    5,
    `${globals('  enable_script_security\n  script_user root')}${instance('  notify_master "/bin/true"\n  notify_master "/bin/false"')}`,
  ),
  row('a script of an unknown user', 5, `${globals('  enable_script_security\n  script_user nobody9')}${instance('')}`),
  row('a track_file', 0, `track_file f {\n  file /tmp/f\n}\n${instance('  track_file {\n    f weight 2\n  }')}`),
  row('a track_file of old', 0, `vrrp_track_file f {\n  file /tmp/f\n}\n${instance('  track_file {\n    f\n  }')}`),
  row('a route without an interface', 5, instance('  virtual_routes {\n    192.168.9.0/24 via 10.0.0.254\n  }')),
  row(
    'a route that is not tracked',
    0,
    instance('  virtual_routes {\n    192.168.9.0/24 via 10.0.0.254 no_track\n  }'),
  ),
  row('a route with an interface', 0, instance('  virtual_routes {\n    192.168.9.0/24 via 10.0.0.254 dev eth0\n  }')),
  row('a static route without an interface', 5, `static_routes {\n  192.168.9.0/24 via 10.0.0.254\n}\n${instance('')}`),
  row('a rule without a preference', 5, instance('  virtual_rules {\n    from 192.168.9.0/24 table 9\n  }')),
  row(
    'a rule with a preference',
    0,
    instance('  virtual_rules {\n    from 192.168.9.0/24 table 9 preference 100\n  }'),
  ),
  row('vrrp_garp_interval of 0', 5, globals('  vrrp_garp_interval 0')),
  row('an unknown keyword in global_defs', 5, globals('  lvs_id LVS_1')),
  row('an empty list of recipients', 5, globals('  notification_email {\n  }')),
  row('a recipient', 0, globals('  notification_email {\n    a@example.org\n  }')),
  row('a mail server that is an address', 0, globals('  smtp_server 192.0.2.1')),
  row('a mail server with a wrong port', 5, globals('  smtp_server 192.0.2.1 smtp')),
  row('router_id without a name', 5, globals('  router_id')),
  row('a startup script without its name', 5, globals('  startup_script')),
  row('vrrp_version 3', 0, globals('  vrrp_version 3')),
  row('vrrp_version 4', 5, globals('  vrrp_version 4')),
  row('vrrp_iptables', 5, globals('  vrrp_iptables')),
  row(
    'default_interface',
    5,
    `${globals('  default_interface eth0')}vrrp_instance VI_1 {\n  virtual_router_id 3\n  virtual_ipaddress {\n    10.0.0.1\n  }\n}\n`,
  ),
  row('lvs_timeouts', 0, globals('  lvs_timeouts tcp 30 udp 3')),
  row('lvs_timeouts of an unknown kind', 5, globals('  lvs_timeouts icmp 30')),
  row('lvs_sync_daemon', 0, `${globals('  lvs_sync_daemon eth0 VI_1')}${instance('')}`),
  row('a service', 0, service('')),
  row('a service without a port', 5, service('').replace('10.0.0.1 80', '10.0.0.1')),
  row('a service without a scheduler', 5, service('').replace('  lb_algo rr\n', '')),
  row('a service without a forwarding method', 5, service('').replace('  lb_kind NAT\n', '')),
  row('a service without a protocol', 5, service('').replace('  protocol TCP\n', '')),
  row(
    'a service without real servers',
    5,
    'virtual_server 10.0.0.1 80 {\n  lb_algo rr\n  lb_kind NAT\n  protocol TCP\n}\n',
  ),
  row('a service at no address', 5, service('').replace('10.0.0.1 80', 'www 80')),
  row('a service at port 70000', 5, service('').replace('10.0.0.1 80', '10.0.0.1 70000')),
  row('a protocol in lower case', 0, service('').replace('TCP', 'tcp')),
  row('an unknown protocol', 5, service('').replace('TCP', 'ICMP')),
  row('an unknown forwarding method', 5, service('').replace('NAT', 'ROUTE')),
  row('an unknown scheduler', 5, service('').replace('lb_algo rr', 'lb_algo best')),
  row('nat_mask', 5, service('  nat_mask 255.255.255.0')),
  row('a service twice', 0, service('') + service('')),
  row(
    'a firewall mark',
    0,
    service('')
      .replace('10.0.0.1 80', 'fwmark 7')
      .replace('  protocol TCP\n', '')
      .replace('192.168.0.2 80', '192.168.0.2'),
  ),
  row(
    'a firewall mark with a protocol',
    5,
    service('').replace('10.0.0.1 80', 'fwmark 7').replace('192.168.0.2 80', '192.168.0.2'),
  ),
  row('a firewall mark with a port', 0, service('').replace('10.0.0.1 80', 'fwmark 7').replace('  protocol TCP\n', '')),
  row(
    'a group of services',
    0,
    `virtual_server_group G {\n  10.0.0.1 80\n  10.0.0.2-9 80\n}\n${service('').replace('10.0.0.1 80', 'group G')}`,
  ),
  row('a group of services that is not there', 0, service('').replace('10.0.0.1 80', 'group G')),
  row('a real server twice', 5, service('  real_server 192.168.0.2 80 {\n  }')),
  row('a real server with another port and DR', 5, service('').replace('NAT', 'DR').replace('0.2 80', '0.2 81')),
  row('a real server with another port and NAT', 0, service('').replace('0.2 80', '0.2 81')),
  row('a real server of the other family and NAT', 5, service('').replace('192.168.0.2', 'fd00::2')),
  row('a real server at no address', 5, service('').replace('192.168.0.2', 'web2')),
  row('a weight of 70000', 0, service('').replace('weight 1', 'weight 70000')),
  row('a weight of -1', 5, service('').replace('weight 1', 'weight -1')),
  row('a quorum that can be reached', 0, service('  quorum 1')),
  row('a quorum that cannot be reached', 5, service('  quorum 5')),
  row('a hysteresis above the quorum', 5, service('  quorum 1\n  hysteresis 2')),
  row('quorum_up without security', 6, service('  quorum_up "/bin/true"')),
  row('a sorry server', 0, service('  sorry_server 192.168.0.9 80')),
  row('sorry_server_inhibit before its server', 5, service('  sorry_server_inhibit\n  sorry_server 192.168.0.9 80')),
  row('a sorry server at no address', 5, service('  sorry_server sorry 80')),
  row('persistence', 0, service('  persistence_timeout 50')),
  row('persistence without a time', 0, service('  persistence_timeout')),
  row('persistence of 0', 5, service('  persistence_timeout 0')),
  row('persistence_granularity', 0, service('  persistence_granularity 255.255.255.0')),
  row('persistence_granularity with holes', 0, service('  persistence_granularity 255.0.255.0')),
  row('ops with TCP', 5, service('  ops')),
  row('ops with UDP', 0, service('  ops').replace('TCP', 'UDP')),
  row('sh-port before the scheduler', 5, service('').replace('  lb_algo rr\n', '  sh-port\n  lb_algo sh\n')),
  row('sh-port after the scheduler', 0, service('').replace('  lb_algo rr\n', '  lb_algo sh\n  sh-port\n')),
  row('TCP_CHECK', 0, check('TCP_CHECK', '      connect_timeout 3')),
  row('TCP_CHECK with nb_get_retry', 5, check('TCP_CHECK', '      nb_get_retry 3')),
  row('TCP_CHECK with a port of 70000', 5, check('TCP_CHECK', '      connect_port 70000')),
  row('TCP_CHECK with a timeout of 0', 5, check('TCP_CHECK', '      connect_timeout 0')),
  row('two checks', 0, service('', '    TCP_CHECK {\n    }\n    TCP_CHECK {\n    }')),
  row('HTTP_GET', 0, check('HTTP_GET', '      url {\n        path /\n        status_code 200\n      }')),
  crash('HTTP_GET without url', 5, check('HTTP_GET', '      connect_timeout 3')),
  row('HTTP_GET with nothing to compare', 0, check('HTTP_GET', '      url {\n        path /\n      }')),
  crash('HTTP_GET without path', 5, check('HTTP_GET', '      url {\n        status_code 200\n      }')),
  row('HTTP_GET with nb_get_retry', 5, check('HTTP_GET', '      nb_get_retry 3\n      url {\n        path /\n      }')),
  row('HTTP_GET with a short digest', 5, check('HTTP_GET', '      url {\n        path /\n        digest abc\n      }')),
  row(
    'HTTP_GET with a digest of wrong letters',
    5,
    check('HTTP_GET', '      url {\n        path /\n        digest zz9b7d13e1aa2b0ff40bd85b0fd1bd15\n      }'),
  ),
  row(
    'HTTP_GET with a digest',
    0,
    check('HTTP_GET', '      url {\n        path /\n        digest 640205b7b0fc66c1ea91c463fac6334d\n      }'),
  ),
  row(
    'HTTP_GET with ranges of status codes',
    0,
    check('HTTP_GET', '      url {\n        path /\n        status_code 200-204 301\n      }'),
  ),
  row(
    'HTTP_GET with a status code of 20',
    5,
    check('HTTP_GET', '      url {\n        path /\n        status_code 20\n      }'),
  ),
  row(
    'HTTP_GET with an unknown protocol',
    5,
    check('HTTP_GET', '      http_protocol 2\n      url {\n        path /\n      }'),
  ),
  row('SSL_GET', 0, check('SSL_GET', '      enable_sni\n      url {\n        path /\n      }')),
  row('MISC_CHECK without security', 6, check('MISC_CHECK', '      misc_path "/bin/true"')),
  row('MISC_CHECK that is not there', 0, check('MISC_CHECK', '      misc_path "/nowhere/check"')),
  row('SMTP_CHECK', 0, check('SMTP_CHECK', '      helo_name a')),
  row('SMTP_CHECK with a host', 0, check('SMTP_CHECK', '      host {\n        connect_port 25\n      }')),
  row('DNS_CHECK', 0, check('DNS_CHECK', '      name example.org\n      type A')),
  row('DNS_CHECK of an unknown type', 5, check('DNS_CHECK', '      type NOTHING')),
  row('UDP_CHECK', 0, check('UDP_CHECK', '      payload 68656c6c6f').replace('TCP', 'UDP')),
  row('PING_CHECK', 0, check('PING_CHECK', '      retry 2')),
  row('a closing brace too many', 5, `${instance('')}}\n`),
  row(
    'a closing brace too few',
    5,
    'vrrp_instance VI_1 {\n  interface eth0\n  virtual_router_id 3\n  virtual_ipaddress {\n    10.0.0.1\n',
  ),
  row('a member of a group tracks an interface with a weight', 5, pair('  track_interface {\n    eth1 weight 5\n  }')),
  row('a member of a group tracks an interface', 0, pair('  track_interface {\n    eth1\n  }')),
  row(
    'a member of a group tracks a script with a weight',
    5,
    `${secured}${pair('  track_script {\n    chk weight 5\n  }')}`,
  ),
  row(
    'a member of a group tracks a script whose own weight is given',
    5,
    `${secured.replace('"/bin/true"', '"/bin/true"\n  weight 5')}${pair('  track_script {\n    chk\n  }')}`,
  ),
  row(
    'a member of a group with sync_group_tracking_weight',
    0,
    `${secured}${pair('  track_script {\n    chk weight 5\n  }', '  sync_group_tracking_weight')}`,
  ),
  row('a group tracks a script', 0, `${secured}${pair('', '  track_script {\n    chk\n  }')}`),
  row('a group tracks a script with a weight', 0, `${secured}${pair('', '  track_script {\n    chk weight 5\n  }')}`),
  row('a group tracks an interface that is not there', 5, pair('', '  track_interface {\n    eth7\n  }')),
  row('global_tracking', 5, pair('', '  global_tracking')),
  row('a script tracked twice', 5, `${secured}${instance('  track_script {\n    chk\n    chk weight 5\n  }')}`),
  row('an interface tracked twice', 5, instance('  track_interface {\n    eth1\n    eth1\n  }')),
  row('a tracked script with a weight of 300', 5, `${secured}${instance('  track_script {\n    chk weight 300\n  }')}`),
  row('a tracked script with reverse', 0, `${secured}${instance('  track_script {\n    chk weight 5 reverse\n  }')}`),
  row(
    'a tracked script with noreverse',
    0,
    `${secured}${instance('  track_script {\n    chk weight 5 noreverse\n  }')}`,
  ),
  row(
    'a tracked script with weight and no number',
    5,
    `${secured}${instance('  track_script {\n    chk weight\n  }')}`,
  ),
  row(
    'strict mode with unicast',
    0,
    `${globals('  vrrp_strict')}${instance('  unicast_src_ip 10.0.0.5\n  unicast_peer {\n    10.0.0.6\n  }')}`,
  ),
  row('strict mode with preempt_delay', 5, `${globals('  vrrp_strict')}${instance('  preempt_delay 5')}`),
  row(
    'strict mode without addresses',
    5,
    `${globals('  vrrp_strict')}vrrp_instance VI_1 {\n  interface eth0\n  virtual_router_id 3\n}\n`,
  ),
  row('strict mode with state MASTER', 5, `${globals('  vrrp_strict')}${instance('  state MASTER')}`),
  row('strict mode with accept', 5, `${globals('  vrrp_strict')}${instance('  accept')}`),
  row(
    'strict mode with another number of lost adverts',
    5,
    `${globals('  vrrp_strict')}${instance('  down_timer_adverts 4')}`,
  ),
  row('preempt_delay with nopreempt', 5, instance('  nopreempt\n  preempt_delay 5')),
  row('preempt_delay of 2000', 5, instance('  preempt_delay 2000')),
  row('use_vmac', 0, instance('  use_vmac')),
  row('use_vmac with a long name', 5, instance('  use_vmac a123456789012345')),
  row('unicast with use_vmac', 5, instance('  use_vmac\n  unicast_peer {\n    10.0.0.6\n  }')),
  row('a fifo', 0, globals('  notify_fifo /tmp/fifo')),
  row('a fifo twice', 5, globals('  notify_fifo /tmp/fifo\n  notify_fifo /tmp/fifo2')),
  row('script_user twice', 0, globals('  script_user root\n  script_user root')),
  row('two global_defs', 0, `${globals('  router_id A')}${globals('  router_id B')}`),
  row('vrrp_mcast_group4 that is no group', 5, globals('  vrrp_mcast_group4 10.0.0.1')),
  row('vrrp_mcast_group6 of the other family', 5, globals('  vrrp_mcast_group6 224.0.0.18')),
  row('mcast_src_ip', 0, instance('  mcast_src_ip 10.0.0.5')),
  row('mcast_src_ip of the other family', 5, instance('  mcast_src_ip fd00::1')),
  row(
    'unicast_src_ip of the other family',
    5,
    instance('  unicast_src_ip fd00::1\n  unicast_peer {\n    10.0.0.6\n  }'),
  ),
  row('a track_file twice', 0, `track_file f {\n  file /tmp/f\n}\ntrack_file f {\n  file /tmp/g\n}\n${instance('')}`),
  row('a script twice', 0, `${secured}vrrp_script chk {\n  script "/bin/true"\n}\n${instance('')}`),
  row('a track_file without its file', 5, `track_file f {\n  weight 3\n}\n${instance('')}`),
  row(
    'a group of services twice',
    0,
    `virtual_server_group G {\n  10.0.0.1 80\n}\nvirtual_server_group G {\n  10.0.0.3 80\n}\n${service('').replace('10.0.0.1 80', 'group G')}`,
  ),
  row(
    'a group of services with both families',
    0,
    `virtual_server_group G {\n  10.0.0.1 80\n  fd00::1 80\n}\n${service('').replace('10.0.0.1 80', 'group G')}`,
  ),
  row(
    'a group of services with a bad range',
    5,
    `virtual_server_group G {\n  10.0.0.9-3 80\n}\n${service('').replace('10.0.0.1 80', 'group G')}`,
  ),
  row(
    'a group of services with a prefix',
    0,
    `virtual_server_group G {\n  10.0.0.0/24 80\n}\n${service('').replace('10.0.0.1 80', 'group G')}`,
  ),
  row('uthreshold below lthreshold', 0, service('').replace('weight 1', 'uthreshold 5\n    lthreshold 9')),
  row(
    'digest twice',
    5,
    check(
      'HTTP_GET',
      '      url {\n        path /\n        digest 640205b7b0fc66c1ea91c463fac6334d\n        digest 640205b7b0fc66c1ea91c463fac6334d\n      }',
    ),
  ),
  row('path twice', 0, check('HTTP_GET', '      url {\n        path /\n        path /a\n      }')),
  row(
    'HTTP_GET with the connection kept in 2.2.7',
    5,
    check('HTTP_GET', '      http_protocol 1.0K\n      url {\n        path /\n      }'),
  ),
  row(
    'quorum_up twice',
    5,
    `${globals('  enable_script_security\n  script_user root')}${service('  quorum_up "/bin/true"\n  quorum_up "/bin/false"')}`,
  ),
  row('sorry server twice', 0, service('  sorry_server 192.168.0.9 80\n  sorry_server 192.168.0.8 80')),
  row('virtualhost twice', 0, service('  virtualhost a\n  virtualhost b')),
  row('connect_ip that is no address', 5, check('TCP_CHECK', '      connect_ip www')),
  row('bindto of the other family', 5, check('TCP_CHECK', '      bindto fd00::1')),
];
