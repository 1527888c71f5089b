/**
 * The keywords whose function Watchkeeper has, by block. The others are known, checked and answered with a warning; this is the
 * one place to move them from one to the other.
 */
const checkerCommon =
  'connect_ip connect_port bindto bind_if bind_port fwmark connect_timeout retry delay_before_retry warmup delay_loop alpha log_all_failures';
const http = `${checkerCommon} nb_get_retry fast_recovery virtualhost url http_protocol`;
const url =
  'path digest status_code virtualhost regex regex_no_match regex_options regex_min_offset regex_max_offset regex_stack';
const notify = 'notify notify_master notify_backup notify_fault notify_stop notify_deleted notify_master_rx_lower_pri';
const trackLists = 'track_interface track_script track_file track_bfd track_process';

export const doneKeywords: Readonly<Record<string, string>> = {
  '(root)':
    'net_namespace net_namespace_ipvs instance use_pid_dir child_wait_time global_defs vrrp_sync_group vrrp_instance vrrp_script vrrp_track_process track_file bfd_instance ' +
    'vrrp_track_file SSL virtual_server_group virtual_server static_ipaddress static_routes static_rules track_group garp_group interface_up_down_delays linkbeat_use_polling linkbeat_interfaces namespace_with_ipsets',
  global_defs:
    'router_id script_user enable_script_security iproute_usr_dir iproute_etc_dir default_interface vrrp_mcast_group4 vrrp_mcast_group6 vrrp_garp_master_delay ' +
    'vrrp_garp_master_repeat vrrp_garp_master_refresh vrrp_garp_master_refresh_repeat vrrp_garp_lower_prio_delay ' +
    'vrrp_garp_lower_prio_repeat vrrp_garp_interval vrrp_gna_interval vrrp_garp_extra_if vrrp_vmac_garp_intvl vrrp_lower_prio_no_advert vrrp_higher_prio_send_advert vrrp_version vrrp_check_unicast_src ' +
    'vrrp_skip_check_adv_addr vrrp_strict vrrp_down_timer_adverts vrrp_startup_delay vrrp_owner_ignore_adverts lvs_timeouts ' +
    'lvs_flush lvs_flush_on_stop lvs_sync_daemon rs_init_notifies notify_fifo vrrp_notify_fifo lvs_notify_fifo vrrp_min_garp v3_checksum_as_v2 checker_log_all_failures ' +
    'max_auto_priority vmac_prefix vmac_addr_prefix nftables nftables_priority nftables_counters nftables_ifindex log_unknown_vrids vrrp_notify_priority_changes vrrp_delay_after_boot ' +
    'smtp_server smtp_helo_name smtp_connect_timeout notification_email notification_email_from smtp_alert smtp_alert_vrrp smtp_alert_checker no_email_faults no_checker_emails ' +
    'notify_fifo_script vrrp_notify_fifo_script lvs_notify_fifo_script startup_script startup_script_timeout shutdown_script shutdown_script_timeout ' +
    'data_use_instance state_dump_file stats_dump_file json_dump_file json_version umask tmp_config_directory ' +
    'reload_check_config reload_time_file reload_repeat reload_file process_names process_name lvs_process_name min_auto_priority_delay dynamic_interfaces disable_local_igmp vrrp_iptables vrrp_ipsets ' +
    'fifo_write_vrrp_states_on_reload vrrp_rx_bufs_policy vrrp_rx_bufs_multiplier process_monitor_rcv_bufs process_monitor_rcv_bufs_force ' +
    ['vrrp_netlink_cmd', 'vrrp_netlink_monitor', 'lvs_netlink_cmd', 'lvs_netlink_monitor']
      .map((socket) => `${socket}_rcv_bufs ${socket}_rcv_bufs_force `)
      .join('') +
    ['vrrp', 'checker', 'bfd']
      .map(
        (part) =>
          `${part}_priority ${part}_no_swap ${part}_rt_priority ${part}_cpu_affinity ${part}_rlimit_rttime ${part}_rlimit_rtime ${part}_process_name`,
      )
      .join(' '),
  vrrp_sync_group: `smtp_alert group ${trackLists} ${notify} sync_group_tracking_weight global_tracking notify_priority_changes`,
  track_group: 'group',
  garp_group: 'garp_interval gna_interval interface interfaces',
  vrrp_instance:
    `smtp_alert state interface virtual_router_id priority version advert_int authentication virtual_ipaddress virtual_ipaddress_excluded ` +
    `${trackLists} ${notify} unicast_peer unicast_src_ip mcast_src_ip mcast_dst_ip track_src_ip check_unicast_src unicast_ttl ` +
    `v3_checksum_as_v2 native_ipv6 nopreempt preempt preempt_delay down_timer_adverts skip_check_adv_addr lower_prio_no_advert ` +
    `higher_prio_send_advert owner_ignore_adverts dont_track_primary garp_master_delay garp_master_repeat garp_master_refresh ` +
    `garp_master_refresh_repeat garp_lower_prio_delay garp_lower_prio_repeat garp_extra_if vmac_garp_intvl promote_secondaries strict_mode notify_priority_changes no_virtual_ipaddress accept no_accept use_vmac use_vmac_addr vmac_xmit_base use_ipvlan unicast_fault_no_peer old_unicast_checksum vrf debug auth_hmac timer_expired_backup thread_timer_expired kernel_rx_buf_size virtual_routes virtual_rules lvs_sync_daemon_interface linkbeat_use_polling`,
  'vrrp_instance/authentication': 'auth_type auth_pass',
  'vrrp_instance/auth_hmac': 'key active_key time_window anti_replay mode',
  vrrp_track_process: 'process param_match weight quorum quorum_max delay terminate_delay fork_delay full_command',
  vrrp_script: 'script interval timeout weight rise fall init_fail user',
  track_file: 'file weight init_file',
  vrrp_track_file: 'file weight init_file',
  virtual_server:
    'smtp_alert ip_family delay_loop lb_algo lvs_sched lb_kind lvs_method hashed flag-1 flag-2 flag-3 sh-port sh-fallback mh-port mh-fallback ops ' +
    'persistence_engine persistence_timeout persistence_granularity protocol virtualhost alpha omega quorum hysteresis ' +
    'quorum_up quorum_down sorry_server sorry_server_inhibit sorry_server_lvs_method real_server weight inhibit_on_failure retry ' +
    'delay_before_retry warmup connect_timeout ha_suspend',
  'virtual_server/real_server':
    'smtp_alert weight lvs_method uthreshold lthreshold inhibit_on_failure notify_up notify_down virtualhost delay_loop retry delay_before_retry ' +
    'warmup connect_timeout alpha TCP_CHECK HTTP_GET SSL_GET SMTP_CHECK DNS_CHECK MISC_CHECK UDP_CHECK PING_CHECK FILE_CHECK BFD_CHECK',
  'virtual_server/real_server/MISC_CHECK':
    'retry delay_before_retry warmup delay_loop alpha log_all_failures misc_path misc_timeout misc_dynamic user',
  'virtual_server/real_server/FILE_CHECK': 'track_file weight',
  'virtual_server/real_server/BFD_CHECK': 'name alpha',
  bfd_instance:
    'neighbor_ip neighbour_ip source_ip min_rx min_tx idle_tx multiplier passive ttl hoplimit max_hops multihop weight vrrp checker',
  'virtual_server/real_server/TCP_CHECK': checkerCommon,
  'virtual_server/real_server/SMTP_CHECK': `${checkerCommon} helo_name host`,
  'virtual_server/real_server/SMTP_CHECK/host': checkerCommon,
  'virtual_server/real_server/DNS_CHECK': `${checkerCommon} type name`,
  'virtual_server/real_server/UDP_CHECK': `${checkerCommon} payload require_reply min_reply_length max_reply_length`,
  'virtual_server/real_server/PING_CHECK': checkerCommon,
  'virtual_server/real_server/HTTP_GET': http,
  'virtual_server/real_server/HTTP_GET/url': url,
  'virtual_server/real_server/SSL_GET': `${http} enable_sni sni_name tls_compliant`,
  'virtual_server/real_server/SSL_GET/url': `${url} enable_sni sni_name tls_compliant`,
  SSL: 'password ca certificate key',
};
