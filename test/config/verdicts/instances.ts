import { fromLines, instance, type VerdictCase } from './case.ts';

const lines = `
0 use_vmac
0 use_vmac vm0
5 use_vmac name vm0
0 use_vmac 00:11:22:33:44:55
0 use_vmac 00:11:22:33:44
5 use_vmac 01:11:22:33:44:55
5 use_vmac 00:00:5e:00:01:33
5 use_vmac 00:11:22
0 use_vmac vm0 00:11:22:33:44:55
5 use_vmac vm0 vm1
5 use_vmac netlink_notify_msg
5 use_vmac group 5
0 use_vmac group
5 use_vmac group foo
5 use_vmac a/b
0 use_vmac ; use_vmac vm1
0 use_vmac_addr
0 use_vmac ; use_vmac_addr
5 vmac_xmit_base
5 use_ipvlan
0 use_ipvlan 10.0.0.7
0 use_ipvlan ipv0 10.0.0.7 bridge
0 use_ipvlan ipv0 10.0.0.7 private
5 use_ipvlan vepa
5 use_ipvlan group 1
5 use_ipvlan ipv0 ipv1
0 use_ipvlan ipv0 10.0.0.7/24
5 use_ipvlan fd00::7
5 use_vmac ; use_ipvlan
5 use_ipvlan 10.0.0.7 ; use_ipvlan 10.0.0.8
0 use_ipvlan 10.0.0.7 ; use_vmac
5 use_ipvlan name ipv0 10.0.0.7
0 use_ipvlan l2 10.0.0.7
5 vrf blue
2 vrf
5 vrf a1234567890123456
0 kernel_rx_buf_size 65536
5 kernel_rx_buf_size
5 kernel_rx_buf_size x
5 kernel_rx_buf_size -1
0 kernel_rx_buf_size 0
2 debug
5 debug 5
5 debug x
5 linkbeat_use_polling
5 old_unicast_checksum
5 old_unicast_checksum never
5 old_unicast_checksum x
0 unicast_fault_no_peer
0 unicast_fault_no_peer ; unicast_peer { ; 10.0.0.6 ; }
5 unicast_peer { ; 10.0.0.6 min_ttl ; }
5 unicast_peer { ; 10.0.0.6 min_ttl 300 ; }
5 unicast_peer { ; 10.0.0.6 max_ttl -1 ; }
5 unicast_peer { ; 10.0.0.6 min_ttl 9 max_ttl 3 ; }
0 unicast_peer { ; 10.0.0.6 ; 10.0.0.6 ; }
5 unicast_peer { ; }
5 unicast_peer { ; 10.0.0.6 min_ttl x ; }
5 unicast_peer { ; 10.0.0.6 min_ttl 3 max_ttl ; }
5 unicast_peer { ; 10.0.0.6 10.0.0.7 ; }
5 garp_extra_if
0 garp_extra_if 5
0 garp_extra_if all 5
5 garp_extra_if all
0 garp_extra_if 0
5 garp_extra_if 90000
5 garp_extra_if x
5 vmac_garp_intvl 5
0 use_vmac ; garp_extra_if 5
5 use_vmac ; vmac_garp_intvl all 5
0 garp_extra_if 5 all
0 smtp_alert
5 smtp_alert maybe
0 smtp_alert off
5 notify_priority_changes maybe
0 notify_priority_changes off
0 notify_deleted
0 notify_deleted "/nowhere/x"
0 promote_secondaries
0 accept
0 no_accept
0 accept ; no_accept
0 preempt
0 nopreempt ; preempt
0 preempt ; nopreempt
0 state BACKUP ; state MASTER
5 state MASTER ; state BACKUP
0 track_src_ip
0 mcast_dst_ip 224.0.0.20
5 mcast_dst_ip 10.0.0.1
5 mcast_dst_ip ff02::20
0 dont_track_primary
5 native_ipv6
5 interface lo
0 interface eth0 ; interface eth1
2 lvs_sync_daemon_interface
5 lvs_sync_daemon_interface eth1
5 lvs_sync_daemon_interface eth9
0 notify_master_rx_lower_pri "/nowhere/a"
2 authentication { ; auth_type ; }
2 authentication { ; auth_pass ; }
5 authentication { ; auth_type AH ; }
0 authentication { ; auth_pass a b ; }
0 authentication { ; }
5 unicast_ttl 300
5 check_unicast_src
0 skip_check_adv_addr
5 strict_mode x
0 strict_mode off
5 down_timer_adverts 0
5 down_timer_adverts 101
5 mcast_src_ip x
2 version
5 garp_master_delay 5000
5 garp_master_refresh x
5 garp_lower_prio_delay 9000
0 unicast_src_ip 10.0.0.5 ; unicast_peer { ; 10.0.0.5 ; }
`;

const addresses = `
0 10.0.0.3 use_vmac
0 10.0.0.3 dev eth1 use_vmac
5 10.0.0.3 track_group g
0 10.0.0.3 dev eth1 no_track
0 10.0.0.3 peer 10.0.0.4
0 10.0.0.3 preferred_lft forever
5 10.0.0.3 preferred_lft x
0 10.0.0.3 home
0 10.0.0.3 -nodad
0 10.0.0.3 noprefixroute
0 10.0.0.3 autojoin
0 10.0.0.3 mngtmpaddr
5 fd00::3 home
5 10.0.0.3 use_vmac vm5
5 10.0.0.3 dev eth1 use_vmac vm5 group 5
5 10.0.0.3 dev eth1 use_vmac 00:11:22:33:44:55
5 10.0.0.3 label
0 10.0.0.3/24 brd +
0 10.0.0.3/24 brd -
5 10.0.0.3/24 broadcast x
5 10.0.0.3/24 scope foo
5 10.0.0.3/24 scope 300
5 10.0.0.3/24 dev
5 10.0.0.3/x
5 10.0.0.3/24/5
5 10.0.0.3 10.0.0.4
0 10.0.0.3 preferred_lft 0
5 10.0.0.3 peer x
5 10.0.0.3/24 peer 10.0.0.4/24
`;

/** Single lines of a vrrp_instance, and of its addresses. */
export const instanceVerdicts: readonly VerdictCase[] = [
  ...fromLines('in an instance', lines, instance),
  ...fromLines('as an address', addresses, (line) => instance(`  virtual_ipaddress {\n${line}\n  }`)),
];
