/**
 * Keywords whose line keepalived reports and skips when its argument is missing; at every other one it ends the process. By block.
 */
const reported: Readonly<Record<string, string>> = {
  '(root)': 'net_namespace instance',
  global_defs:
    'router_id notification_email_from startup_script startup_script_timeout shutdown_script shutdown_script_timeout ' +
    'min_auto_priority_delay default_interface lvs_sync_daemon vrrp_priority vrrp_rt_priority checker_priority checker_rt_priority ' +
    'bfd_priority bfd_rt_priority notify_fifo notify_fifo_script vrrp_notify_fifo vrrp_notify_fifo_script lvs_notify_fifo ' +
    'lvs_notify_fifo_script snmp_socket dbus_service_name script_user vrrp_netlink_cmd_rcv_bufs vrrp_netlink_monitor_rcv_bufs ' +
    'process_monitor_rcv_bufs lvs_netlink_cmd_rcv_bufs lvs_netlink_monitor_rcv_bufs vrrp_rx_bufs_multiplier reload_time_file ' +
    'tmp_config_directory lvs_timeouts vrrp_cpu_affinity checker_cpu_affinity bfd_cpu_affinity vrrp_rx_bufs_policy',
  SSL: 'password ca certificate key',
  vrrp_instance: 'kernel_rx_buf_size',
  vrrp_track_process: 'weight',
  track_file: 'file weight',
  vrrp_track_file: 'file weight',
  virtual_server: 'virtualhost snmp_name',
  'virtual_server/real_server': 'virtualhost snmp_name',
  'virtual_server/real_server/MISC_CHECK': 'user',
  'virtual_server/real_server/SMTP_CHECK': 'helo_name',
  'virtual_server/real_server/UDP_CHECK': 'payload',
  'virtual_server/real_server/FILE_CHECK': 'weight',
  'virtual_server/real_server/BFD_CHECK': 'name',
  'virtual_server/real_server/HTTP_GET': 'virtualhost http_protocol',
  'virtual_server/real_server/SSL_GET': 'virtualhost http_protocol',
  'virtual_server/real_server/HTTP_GET/url': 'virtualhost',
  'virtual_server/real_server/SSL_GET/url': 'virtualhost',
};

/** Those whose line it takes without a word; what the line was to set stays unset. */
const ignored: Readonly<Record<string, string>> = {
  global_defs: 'smtp_helo_name',
  vrrp_script: 'script',
  'virtual_server/real_server/MISC_CHECK': 'misc_path',
  'virtual_server/real_server/HTTP_GET/url': 'regex regex_min_offset regex_max_offset',
  'virtual_server/real_server/SSL_GET/url': 'regex regex_min_offset regex_max_offset',
};

export type MissingArgument = 'ends' | 'reported' | 'ignored';

export function missingArgument(block: string, name: string): MissingArgument {
  if (reported[block]?.split(' ').includes(name) === true) return 'reported';
  return ignored[block]?.split(' ').includes(name) === true ? 'ignored' : 'ends';
}
