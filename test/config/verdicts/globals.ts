import { fromLines, globals, type VerdictCase } from './case.ts';

const lines = `
0 smtp_alert
5 smtp_alert x
0 smtp_alert_vrrp off
5 smtp_alert_vrrp x
0 smtp_alert_checker
0 smtp_helo_name
0 smtp_helo_name a b
2 smtp_connect_timeout
5 smtp_connect_timeout 0
5 smtp_connect_timeout 5000
5 notification_email_from
0 notification_email_from a@b c
0 notification_email_from a@b
2 smtp_server
5 smtp_server 192.0.2.1 0
0 smtp_server 192.0.2.1 25 x
6 startup_script "/bin/true"
6 startup_script "/bin/true" ; startup_script "/bin/false"
0 startup_script "/nowhere/x"
5 startup_script_timeout
5 startup_script_timeout 0
5 startup_script_timeout 2000
6 shutdown_script "/bin/true"
0 shutdown_script_timeout 5
0 startup_script_timeout 5
5 startup_script "/bin/true" nobody9
0 max_auto_priority
5 max_auto_priority -2
5 max_auto_priority 100
0 max_auto_priority 50
0 max_auto_priority -1
5 min_auto_priority_delay
5 min_auto_priority_delay 0
5 min_auto_priority_delay 20000000
0 min_auto_priority_delay 5
0 checker_log_all_failures
5 checker_log_all_failures x
5 dynamic_interfaces x
0 dynamic_interfaces allow_if_changes
0 no_email_faults
0 default_interface eth9
5 default_interface
0 default_interface a1234567890123456
0 default_interface eth0 ; default_interface eth1
0 disable_local_igmp
5 lvs_timeouts
5 lvs_timeouts tcp
5 lvs_timeouts tcp -1
5 lvs_timeouts tcp 3000000
0 lvs_flush_on_stop
0 lvs_flush_on_stop VS
5 lvs_flush_on_stop x
0 lvs_flush_onstop
0 lvs_flush_onstop VS
5 lvs_sync_daemon
0 lvs_sync_daemon eth0
0 lvs_sync_daemon eth9
0 lvs_sync_daemon eth0 inst VI_9
0 lvs_sync_daemon eth0 id 5
5 lvs_sync_daemon eth0 id 256
5 lvs_sync_daemon eth0 id
5 lvs_sync_daemon eth0 VI_1 5
0 lvs_sync_daemon eth0 VI_1 id 5 maxlen 1000 port 8848 ttl 3 group 224.0.0.81
5 lvs_sync_daemon eth0 maxlen 0
5 lvs_sync_daemon eth0 maxlen 70000
5 lvs_sync_daemon eth0 port 0
5 lvs_sync_daemon eth0 ttl 0
5 lvs_sync_daemon eth0 group 10.0.0.1
5 lvs_sync_daemon eth0 group x
0 lvs_sync_daemon eth0 group ff02::81
5 lvs_sync_daemon eth0 VI_1 foo
5 lvs_sync_daemon eth0 ; lvs_sync_daemon eth1
2 lvs_sync_daemon eth0 inst
5 lvs_sync_daemon eth0 VI_1 5 6
5 vrrp_garp_interval 0
0 vrrp_garp_interval 0.001
5 vrrp_garp_interval x
5 vrrp_garp_interval 5000
2 vrrp_gna_interval
0 vrrp_min_garp
5 vrrp_min_garp x
5 vrrp_garp_extra_if
0 vrrp_garp_extra_if 5
0 vrrp_garp_extra_if all 5
5 vrrp_garp_extra_if 0
5 vrrp_garp_extra_if all
5 vrrp_vmac_garp_intvl 5
5 vrrp_vmac_garp_intvl all 90000
0 nftables
0 nftables a
0 nftables a b
2 nftables_priority
0 nftables_priority 5
5 nftables_priority x
0 nftables_ifindex
0 nftables_ipvs
0 nftables_ipvs x
0 nftables_ipvs_priority 0
5 nftables_ipvs_start_fwmark 0
0 nftables_ipvs_start_fwmark 5
0 nftables_counters
5 vrrp_iptables INPUT
5 vrrp_iptables A B
5 vrrp_iptables A B C
5 vrrp_ipsets
5 vrrp_ipsets a
5 vrrp_ipsets a a
5 nftables keepalived ; vrrp_iptables
0 nftables a12345678901234567890123456789012345678
5 vrrp_priority
5 vrrp_priority -21
0 vrrp_priority 5
5 vrrp_priority x
0 vrrp_no_swap
5 vrrp_rt_priority
5 vrrp_rt_priority 0
5 vrrp_rt_priority 100
0 vrrp_rt_priority 50
5 vrrp_cpu_affinity
0 vrrp_cpu_affinity 0
5 vrrp_cpu_affinity x
0 vrrp_cpu_affinity 0 0
2 vrrp_rlimit_rttime
5 vrrp_rlimit_rttime 0
0 vrrp_rlimit_rttime 100
0 vrrp_rlimit_rttime 1
0 vrrp_rlimit_rtime 100
0 checker_priority -5
5 checker_rt_priority 0
0 bfd_rlimit_rtime 5
5 bfd_cpu_affinity 5000
5 vrrp_cpu_affinity 2000
0 notify_fifo /tmp/a root
0 notify_fifo /tmp/a nobody9
0 notify_fifo /tmp/a root nogrp9
5 notify_fifo
0 notify_fifo_script "/bin/true"
0 notify_fifo /tmp/a ; notify_fifo_script "/bin/true"
5 vrrp_notify_fifo
5 lvs_notify_fifo_script
5 snmp_socket
0 snmp_socket tcp:1.2.3.4:705
5 snmp_socket a b
5 snmp_socket a ; snmp_socket b
0 enable_traps
0 enable_snmp_vrrp
0 enable_snmp_keepalived
0 enable_snmp_rfc
0 enable_snmp_rfcv2
0 enable_snmp_rfcv3
0 enable_snmp_checker
0 enable_dbus
5 dbus_service_name
0 dbus_service_name org.a
0 dbus_service_name org.a ; dbus_service_name org.b
5 script_user
5 script_user nobody9
0 script_user root root
5 script_user root :
5 vrrp_netlink_cmd_rcv_bufs
5 vrrp_netlink_cmd_rcv_bufs x
0 vrrp_netlink_cmd_rcv_bufs 65536
0 vrrp_netlink_cmd_rcv_bufs_force
5 vrrp_netlink_cmd_rcv_bufs_force x
5 vrrp_netlink_monitor_rcv_bufs -1
0 process_monitor_rcv_bufs 5
5 process_monitor_rcv_bufs_force x
5 lvs_netlink_cmd_rcv_bufs x
0 lvs_netlink_monitor_rcv_bufs 10
0 lvs_netlink_monitor_rcv_bufs_force off
0 rs_init_notifies
5 rs_init_notifies x
5 no_checker_emails x
5 vrrp_rx_bufs_policy
0 vrrp_rx_bufs_policy MTU
0 vrrp_rx_bufs_policy mtu
0 vrrp_rx_bufs_policy ADVERT
0 vrrp_rx_bufs_policy 5000
5 vrrp_rx_bufs_policy x
5 vrrp_rx_bufs_policy NO_SEND_RX
0 vrrp_rx_bufs_policy 0
5 vrrp_rx_bufs_multiplier
5 vrrp_rx_bufs_multiplier 0
0 vrrp_rx_bufs_multiplier 5
2 vrrp_startup_delay
5 vrrp_startup_delay 0
0 vrrp_startup_delay 1.5
5 vrrp_startup_delay x
0 log_unknown_vrids
2 vmac_prefix
0 vmac_prefix abc
0 vmac_prefix abcdefghijklmn
0 vmac_prefix a/b
0 vmac_addr_prefix abc
2 vmac_addr_prefix
2 umask
0 umask 022
0 umask 0777
5 umask 1777
5 umask x
0 umask IRUSR|IWUSR
0 umask IRUSR | IWUSR
5 umask IFOO
0 umask 18
0 umask 0x12
2 random_seed
0 random_seed 5
5 random_seed x
0 reload_check_config
0 reload_check_config /tmp/x
5 reload_time_file
0 reload_time_file /tmp/x
0 reload_time_file x
0 reload_repeat
0 reload_file
0 reload_file /tmp/r
0 reload_file r
0 include_check
0 include_check read
0 include_check match
5 include_check read match
5 include_check read + match
5 include_check foo
5 include_check + match
5 include_check - match
2 config_save_dir
0 config_save_dir /tmp
0 config_save_dir /nowhere
0 config_save_dir x
5 tmp_config_directory
0 tmp_config_directory /tmp
0 tmp_config_directory /nowhere
0 tmp_config_directory x
0 data_use_instance
5 data_use_instance x
0 process_names
2 process_name
0 process_name a
5 vrrp_process_name abcdefghijklmnopqrst
0 lvs_process_name a
2 bfd_process_name
0 checker_process_name a
2 vrrp_mcast_group4
5 vrrp_down_timer_adverts 0
5 vrrp_garp_master_repeat 0
5 vrrp_garp_master_delay 5000
0 vrrp_check_unicast_src
0 vrrp_skip_check_adv_addr
0 vrrp_strict
2 vrrp_version
0 vrrp_notify_priority_changes
5 vrrp_notify_priority_changes x
0 fifo_write_vrrp_states_on_reload
0 lvs_flush
0 enable_script_security
0 process_names x
0 reload_time_file /tmp/x ; reload_time_file /tmp/y
0 reload_file a b
`;

const root = `
0 linkbeat_use_polling
5 net_namespace
0 net_namespace a
0 net_namespace_ipvs
0 net_namespace_ipvs a
0 net_namespace a ; net_namespace b
0 namespace_with_ipsets
0 use_pid_dir
5 instance
0 instance a
5 instance a ; instance b
2 child_wait_time
0 child_wait_time 5
5 child_wait_time x
5 net_namespace_ipvs a ; net_namespace_ipvs b
0 instance a/b
5 child_wait_time -1
`;

/** Single lines of global_defs, and of the top level. */
export const globalVerdicts: readonly VerdictCase[] = [
  ...fromLines('in global_defs', lines, globals),
  ...fromLines('at the top level', root, (line) => `${line}\n`),
];
