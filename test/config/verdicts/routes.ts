import { fromLines, instance, type VerdictCase } from './case.ts';

const routes = `
0 192.168.9.0/24 dev eth0
0 192.168.9.0/24 via 10.0.0.254 dev eth0
0 to 192.168.9.0/24 dev eth0
0 default via 10.0.0.254 dev eth0
0 default dev eth0
0 0.0.0.0/0 dev eth0
0 fd00::/64 dev eth0
0 fd00::/64 via fe80::1 dev eth0
5 192.168.9.0/24 via inet6 fe80::1 dev eth0
5 192.168.9.0/24 via fe80::1 dev eth0
0 192.168.9.1 dev eth0
5 192.168.9.0/33 dev eth0
0 192.168.9.1/24 dev eth0
5 x dev eth0
5 dev eth0
5 192.168.9.0/24 dev eth9
2 192.168.9.0/24 dev
2 192.168.9.0/24 dev eth0 via
0 192.168.9.0/24 dev eth0 src 10.0.0.5
5 192.168.9.0/24 src fd00::1 dev eth0
5 192.168.9.0/24 dev eth0 src x
0 192.168.9.0/24 dev eth0 table 100
0 192.168.9.0/24 dev eth0 table main
0 192.168.9.0/24 dev eth0 table 0
0 192.168.9.0/24 dev eth0 table -1
0 192.168.9.0/24 dev eth0 metric 5
5 192.168.9.0/24 dev eth0 metric x
0 192.168.9.0/24 dev eth0 priority 5
0 192.168.9.0/24 dev eth0 preference 5
0 192.168.9.0/24 dev eth0 scope link
5 192.168.9.0/24 dev eth0 scope 300
0 fd00::/64 dev eth0 scope link
0 192.168.9.0/24 dev eth0 tos 0x10
0 fd00::/64 dev eth0 tos 0x10
5 192.168.9.0/24 dev eth0 protocol static
5 192.168.9.0/24 dev eth0 protocol x
5 192.168.9.0/24 dev eth0 protocol 300
0 192.168.9.0/24 dev eth0 onlink
5 192.168.9.0/24 dev eth0 from 10.0.0.0/8
0 fd00::/64 dev eth0 from fd01::/64
5 blackhole 192.168.9.0/24
0 blackhole 192.168.9.0/24 no_track
0 unreachable 192.168.9.0/24 no_track
0 blackhole 192.168.9.0/24 dev eth0
0 unicast 192.168.9.0/24 dev eth0
0 local 192.168.9.0/24 dev eth0
0 nat 192.168.9.0/24 dev eth0
0 prohibit 192.168.9.0/24 metric 5 no_track
0 192.168.9.0/24 dev eth0 mtu 1400
0 192.168.9.0/24 dev eth0 mtu lock 1400
5 192.168.9.0/24 dev eth0 mtu x
2 192.168.9.0/24 dev eth0 mtu
0 192.168.9.0/24 dev eth0 hoplimit 5
5 192.168.9.0/24 dev eth0 hoplimit 256
0 192.168.9.0/24 dev eth0 advmss 5
0 192.168.9.0/24 dev eth0 rtt 5
0 192.168.9.0/24 dev eth0 rtt 5s
0 192.168.9.0/24 dev eth0 rtt 5ms
0 192.168.9.0/24 dev eth0 rto_min 5s
0 192.168.9.0/24 dev eth0 rto_min lock 5ms
0 192.168.9.0/24 dev eth0 window 5
0 192.168.9.0/24 dev eth0 cwnd 5
0 192.168.9.0/24 dev eth0 cwnd lock 5
0 192.168.9.0/24 dev eth0 ssthresh 5
0 192.168.9.0/24 dev eth0 realms 5
0 192.168.9.0/24 dev eth0 realms 5/6
0 192.168.9.0/24 dev eth0 initcwnd 5
0 192.168.9.0/24 dev eth0 initrwnd 5
0 192.168.9.0/24 dev eth0 features ecn
5 192.168.9.0/24 dev eth0 features foo
0 192.168.9.0/24 dev eth0 quickack 1
5 192.168.9.0/24 dev eth0 quickack 2
0 192.168.9.0/24 dev eth0 congctl cubic
0 192.168.9.0/24 dev eth0 congctl lock cubic
5 192.168.9.0/24 dev eth0 pref low
5 192.168.9.0/24 dev eth0 pref x
0 fd00::/64 dev eth0 pref high
0 192.168.9.0/24 dev eth0 ttl-propagate enabled
5 192.168.9.0/24 dev eth0 ttl-propagate x
2 192.168.9.0/24 dev eth0 fastopen_no_cookie
0 192.168.9.0/24 dev eth0 fastopen_no_cookie 1
5 192.168.9.0/24 dev eth0 expires 5
0 fd00::/64 dev eth0 expires 5
0 192.168.9.0/24 dev eth0 reordering 5
0 192.168.9.0/24 dev eth0 rttvar 5
5 192.168.9.0/24 dev eth0 as to 10.0.0.3
5 192.168.9.0/24 dev eth0 foo
5 192.168.9.0/24 dev eth0 foo bar
0 192.168.9.0/24 10.0.0.0/8 dev eth0
5 192.168.9.0/24 nexthop via 10.0.0.254 dev eth0 nexthop via 10.0.0.253 dev eth0
5 192.168.9.0/24 nexthop via 10.0.0.254 dev eth0 weight 5 nexthop via 10.0.0.253 dev eth1 weight 6 no_track
0 192.168.9.0/24 no_track nexthop via 10.0.0.254 dev eth0
5 192.168.9.0/24 no_track nexthop via 10.0.0.254 dev eth0 weight 300
5 192.168.9.0/24 no_track nexthop via 10.0.0.254 dev eth0 weight 0
0 192.168.9.0/24 no_track nexthop dev eth0 onlink
5 192.168.9.0/24 no_track nexthop via x
5 192.168.9.0/24 no_track nexthop via 10.0.0.254 foo
0 192.168.9.0/24 no_track nexthop via 10.0.0.254 realms 5
0 192.168.9.0/24 no_track nexthop
5 192.168.9.0/24 via 10.0.0.254 or 10.0.0.253 no_track
5 192.168.9.0/24 via 10.0.0.254 dev eth0 or 10.0.0.253 dev eth1
5 192.168.9.0/24 gw 10.0.0.254 dev eth0
0 192.168.9.0/24 dev eth0 encap ip id 5 dst 10.0.0.3 ttl 3
0 192.168.9.0/24 dev eth0 encap mpls 100
5 192.168.9.0/24 dev eth0 encap mpls 100/200 ttl 5
0 192.168.9.0/24 dev eth0 encap ip6 id 5 dst fd00::1 hoplimit 3
0 192.168.9.0/24 dev eth0 encap ila 1:2:3:4
5 192.168.9.0/24 dev eth0 encap x
5 192.168.9.0/24 dev eth0 vrf blue
5 192.168.9.0/24 dev eth0 track_group g
0 append 192.168.9.0/24 dev eth0
0 add 192.168.9.0/24 dev eth0
0 prepend 192.168.9.0/24 dev eth0
5 replace 192.168.9.0/24 dev eth0
5 192.168.9.0/24 dev eth0 via 10.0.0.254 table 100 metric 5 src 10.0.0.5 proto static
0 192.168.9.0/24 oif eth0
0 192.168.9.0/24 dev eth0 no_track no_track
0 192.168.9.0/24 dev eth0 tos 16 dsfield 16
`;

const rules = `
0 from 192.168.9.0/24 table 9 preference 100
0 from 192.168.9.0/24 lookup main preference 100
0 to 192.168.9.0/24 table 9 preference 100
0 table 9 preference 100
5 from 192.168.9.0/24 preference 100
5 from x table 9 preference 100
0 from fd00::/64 table 9 preference 100
5 from 10.0.0.0/8 to fd00::/64 table 9 preference 100
0 from all table 9 preference 100
0 not from 10.0.0.0/8 table 9 preference 100
5 from 10.0.0.0/8 table 9 pref 100
0 from 10.0.0.0/8 table 9 order 100
0 from 10.0.0.0/8 table 9 priority 0x10
5 from 10.0.0.0/8 table 9 priority x
5 from 10.0.0.0/8 table 9 priority -1
5 from 10.0.0.0/8 table 0 preference 100
0 from 10.0.0.0/8 table 9 tos 16 preference 100
0 from 10.0.0.0/8 table 9 dsfield 0x10 preference 100
0 fwmark 5 table 9 preference 100
0 fwmark 5/0xff table 9 preference 100
5 fwmark x table 9 preference 100
5 fwmark 5/x table 9 preference 100
0 from 10.0.0.0/8 realms 5 table 9 preference 100
0 from 10.0.0.0/8 realms 5/6 table 9 preference 100
0 suppress_prefixlength 5 table 9 preference 100
0 sup_pl 5 table 9 preference 100
5 suppress_prefixlength x table 9 preference 100
0 suppress_prefixlength 200 table 9 preference 100
0 suppress_ifgroup 5 table 9 preference 100
0 iif eth0 table 9 preference 100
0 dev eth0 table 9 preference 100
0 oif eth0 table 9 preference 100
5 iif eth9 table 9 preference 100
5 oif eth9 table 9 preference 100
0 tunnel-id 5 table 9 preference 100
5 tunnel-id x table 9 preference 100
0 uidrange 5-10 table 9 preference 100
0 uidrange 10-5 table 9 preference 100
5 uidrange 5 table 9 preference 100
0 l3mdev preference 100
5 l3mdev table 9 preference 100
5 protocol 5 table 9 preference 100
5 protocol x table 9 preference 100
5 protocol 300 table 9 preference 100
0 ipproto tcp table 9 preference 100
0 ipproto 6 table 9 preference 100
5 ipproto 300 table 9 preference 100
0 sport 5-10 table 9 preference 100
5 sport 5 table 9 preference 100
0 dport 10-5 table 9 preference 100
0 dport 5-70000 table 9 preference 100
0 goto 200 preference 100
5 goto 50 preference 100
5 goto x preference 100
0 nop preference 100
0 blackhole from 10.0.0.0/8 preference 100
0 from 10.0.0.0/8 type blackhole preference 100
0 unreachable from 10.0.0.0/8 preference 100
0 prohibit from 10.0.0.0/8 preference 100
5 from 10.0.0.0/8 blackhole table 9 preference 100
5 from 10.0.0.0/8 nat 10.0.0.1 preference 100
5 from 10.0.0.0/8 foo table 9 preference 100
0 from 10.0.0.0/8 table 9 no_track preference 100
5 from 10.0.0.0/8 table 9 track_group g preference 100
5 from table 9 preference 100
2 from 10.0.0.0/8 table
5 from 10.0.0.0/8 table 9 iif preference 100
5 from 10.0.0.0/8 table 9
0 no_track table 9 preference 100
5 from 10.0.0.0/8 goto 200 table 9 preference 100
5 from 10.0.0.0/8 type x preference 100
0 from 0.0.0.0/0 table 9 preference 100
0 from default table 9 preference 100
0 from any table 9 preference 100
5 fd00::/64 table 9 preference 100
`;

/** Routes and rules. */
export const routeVerdicts: readonly VerdictCase[] = [
  ...fromLines('as a route', routes, (line) => instance(`  virtual_routes {\n${line}\n  }`)),
  ...fromLines('as a rule', rules, (line) => instance(`  virtual_rules {\n${line}\n  }`)),
];
