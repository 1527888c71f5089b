import { fromLines, service, type VerdictCase } from './case.ts';

const virtual = `
0 ip_family inet
5 ip_family inet6
2 ip_family
5 ip_family x
5 retry 0
0 retry 3
5 delay_before_retry x
5 warmup x
5 connect_timeout 0
5 delay_loop 0
0 inhibit_on_failure
2 lb_algo
0 lvs_sched wlc
2 lvs_sched
5 hashed
0 flag-1
5 sh-fallback
5 mh-port
0 lb_algo mh ; mh-port
2 lb_kind
0 lb_kind TUN
5 lb_kind TUN type gue
0 lb_kind TUN type gue port 5
5 lb_kind TUN type ipip port 5
0 lb_kind TUN type gre csum
5 lb_kind TUN type gre remcsum
5 lb_kind TUN type ipip csum
5 lb_kind TUN type x
5 lb_kind TUN type
5 lb_kind TUN port 0 type gue
5 lb_kind TUN type gue port 70000
0 lb_kind TUN type gue port 5 remcsum
5 lb_kind DR x
5 lb_kind NAT csum
0 lb_kind TUN type gue port 5 nocsum csum
0 persistence_engine sip
2 persistence_engine
5 persistence_engine a1234567890123456
5 persistence_timeout x
5 persistence_timeout 3000000
2 persistence_granularity
0 persistence_granularity 64
5 persistence_granularity x
0 persistence_granularity 0
0 persistence_granularity 129
2 protocol
0 protocol sctp
0 ha_suspend
0 smtp_alert
5 smtp_alert x
0 smtp_alert off
5 virtualhost
0 virtualhost a b
5 snmp_name
0 snmp_name a
5 snmp_name a b
0 snmp_name a ; snmp_name b
0 alpha
0 alpha off
0 omega
2 quorum_up
0 quorum_up "/nowhere/x"
0 quorum_down "/nowhere/x" nobody9
5 quorum 0
5 quorum x
2 quorum
2 hysteresis
5 hysteresis x
5 weight 0
0 weight 5
2 weight
0 weight 70000
2 sorry_server
0 sorry_server 10.0.0.9
5 sorry_server 10.0.0.9 x
5 sorry_server fd00::9 80
5 sorry_server_inhibit
0 sorry_server 10.0.0.9 80 ; sorry_server_lvs_method DR
5 sorry_server 10.0.0.9 80 ; sorry_server_lvs_method X
5 sorry_server_lvs_method DR
5 sorry_server 10.0.0.9 81 ; sorry_server_lvs_method DR
2 real_server
5 real_server 10.0.0.9
5 real_server 10.0.0.9 80
5 real_server 10.0.0.9 x { ; }
0 real_server 10.0.0.9 { ; }
0 real_server 10.0.0.9 0 { ; }
0 real_server 10.0.0.9 80 x { ; }
5 ops
0 lb_algo sh ; sh-port ; lb_algo rr
0 persistence_engine sip ; persistence_timeout 5
0 alpha x
0 quorum_up unknown user
`;

const real = `
2 weight
5 weight x
5 weight 3000000000
2 lvs_method
0 lvs_method DR
5 lvs_method X
2 uthreshold
5 uthreshold x
0 uthreshold 5
0 lthreshold 5
0 lthreshold 9 ; uthreshold 5
0 inhibit_on_failure
5 inhibit_on_failure x
0 inhibit_on_failure off
2 notify_up
0 notify_up "/nowhere/x"
6 notify_up "/bin/true"
0 notify_up "/bin/true" nobody9
6 notify_down "/bin/true"
5 alpha x
0 alpha off
5 retry 0
5 delay_before_retry x
5 warmup x
5 connect_timeout x
5 delay_loop x
0 smtp_alert
5 smtp_alert x
0 smtp_alert off
5 virtualhost
0 virtualhost a b
5 snmp_name
5 snmp_name a b
0 snmp_name a
5 notify_up "/nowhere/x" ; notify_up "/nowhere/y"
5 uthreshold -1
0 uthreshold 70000
0 snmp_name a ; snmp_name b
`;

const groups = `
5 
5 fwmark 5
2 fwmark
5 fwmark x
5 fwmark 0
5 fwmark 5 inet
5 fwmark 5 x
5 10.0.0.1
5 10.0.0.1 x
0 10.0.0.1-5 80
0 10.0.0.1-10.0.0.5 80
0 10.0.0.0/24 80
5 10.0.0.1/24 80
0 10.0.0.250-10.0.1.5 80
0 10.0.0.8-10.0.0.8 80
5 10.0.0.8-8 80
5 10.0.0.8-7 80
5 10.0.0.8-300 80
5 10.0.0.8- 80
5 10.0.0.8-fd00::9 80
0 10.0.0.0/23 80
0 10.0.0.0/8 80
0 10.0.0.9/32 80
5 10.0.0.0/0 80
5 10.0.0.0/33 80
5 10.0.0.0/24-9 80
0 fd00::fffa-fd00::1:5 80
5 fd00::9-8 80
0 fd00::/64 80
0 fd00::1-f 80
0 fd00::/120 80
0 10.0.0.1 80 ; fwmark 5
0 10.0.0.1 80 ; 10.0.0.1 80
5 10.0.0.1 0
0 10.0.0.1 80 foo
`;

/** Single lines of virtual and real servers, and of groups. */
export const serviceVerdicts: readonly VerdictCase[] = [
  ...fromLines('in a virtual_server', virtual, service),
  ...fromLines('in a real_server', real, (line) => service('', line)),
  ...fromLines(
    'in a virtual_server_group',
    groups,
    (line) => `virtual_server_group G {\n${line}\n}\n${service('').replace('10.0.0.1 80', 'group G')}`,
  ),
];
