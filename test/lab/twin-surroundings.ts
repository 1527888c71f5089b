import { globalDefs, service, tcpServer, usual, usualWith } from './twin-texts.ts';

const instance = 'vrrp_instance VI_1 {\n state MASTER\n interface eth0\n virtual_router_id 9\n priority 200\n}\n';

/** The daemons that synchronise connections. */
export const syncConfigs: Readonly<Record<string, string>> = {
  lvs_sync_daemon: globalDefs('lvs_sync_daemon eth1') + usual,
  'lvs_sync_daemon all': globalDefs('lvs_sync_daemon eth1 id 7 maxlen 1000 port 8888 ttl 3 group 224.0.0.99') + usual,
  'lvs_sync_daemon group of IPv6': globalDefs('lvs_sync_daemon eth1 id 255 group ff02::99') + usual,
  'lvs_sync_daemon inhibit': globalDefs('lvs_sync_daemon eth1', 'lvs_sync_daemon inhibit') + usual,
  'lvs_sync_daemon twice': globalDefs('lvs_sync_daemon eth1 id 3', 'lvs_sync_daemon eth0 id 4') + usual,
  'lvs_sync_daemon of no service': globalDefs('lvs_sync_daemon eth1'),
  'lvs_sync_daemon of a master': globalDefs('lvs_sync_daemon eth1 VI_1 id 11') + instance + usual,
  'lvs_sync_daemon inst': globalDefs('lvs_sync_daemon eth1 inst VI_1') + instance + usual,
  'lvs_sync_daemon of a backup':
    globalDefs('lvs_sync_daemon eth1 VI_1 id 11', 'vrrp_startup_delay 1000') + instance + usual,
  'lvs_sync_daemon of nobody': globalDefs('lvs_sync_daemon eth1 VI_9 id 11') + instance + usual,
  lvs_sync_daemon_interface: instance.replace('interface', 'lvs_sync_daemon_interface eth1\n interface') + usual,
  'lvs_sync_daemon where no interface is': globalDefs('lvs_sync_daemon Missing0 id 11') + usual,
};

/** What was done in the namespace before the daemon came, by shell commands. */
export const preparedConfigs: Readonly<Record<string, readonly [text: string, ...before: readonly string[]]>> = {
  'a table of before, as it should be': [
    usualWith('lb_algo rr'),
    'ipvsadm -A -t 10.0.0.1:80 -s rr',
    'ipvsadm -a -t 10.0.0.1:80 -r 10.1.0.1:80 -m',
    'ipvsadm -a -t 10.0.0.1:80 -r 10.1.0.2:80 -m',
  ],
  'a table of before that is flushed': [
    globalDefs('lvs_flush') + usualWith('lb_algo rr'),
    'ipvsadm -A -t 10.0.0.1:80 -s lc',
    'ipvsadm -a -t 10.0.0.1:80 -r 10.1.0.77:80 -m',
    'ipvsadm -A -t 10.0.0.2:80 -s lc',
  ],
  'a service of before with another scheduler': [usualWith('lb_algo rr'), 'ipvsadm -A -t 10.0.0.1:80 -s lc'],
  'a server of before with another weight': [
    usualWith('lb_algo rr'),
    'ipvsadm -A -t 10.0.0.1:80 -s rr',
    'ipvsadm -a -t 10.0.0.1:80 -r 10.1.0.1:80 -m -w 9',
  ],
  'a server of before that nobody names': [
    usualWith('lb_algo rr'),
    'ipvsadm -A -t 10.0.0.1:80 -s rr',
    'ipvsadm -a -t 10.0.0.1:80 -r 10.1.0.77:80 -m',
  ],
  'timeouts of before': [globalDefs('lvs_timeouts udp 31') + usual, 'ipvsadm --set 901 121 301'],
  'sysctls of before': [usual, 'sysctl -qw net.ipv4.vs.expire_nodest_conn=1 net.ipv4.vs.conntrack=1'],
  'a synchronisation daemon of before': [
    usual,
    'ip link add sync0 type dummy',
    'ip link set sync0 up',
    'ip address add 192.0.2.1/24 dev sync0',
    'ipvsadm --start-daemon master --mcast-interface sync0',
  ],
  'ha_suspend while the address is here': [usualWith('ha_suspend'), 'ip address add 10.0.0.1/32 dev lo'],
  'ha_suspend while the address of IPv6 is here': [
    service('2001:db8::1 80', 'protocol TCP', 'ha_suspend', tcpServer('2001:db8:1::1 80')),
    'ip address add 2001:db8::1/128 nodad dev lo',
  ],
};
