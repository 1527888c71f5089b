/** What decides on synchronised connections, on servers that are taken out, and on NAT beside other rules: kernel documentation, ipvs-sysctl. */
const reported = [
  'sync_threshold',
  'sync_refresh_period',
  'sync_retries',
  'sync_persist_mode',
  'sync_version',
  'sloppy_tcp',
  'expire_nodest_conn',
  'expire_quiescent_template',
  'conn_reuse_mode',
  'conntrack',
  'backup_only',
];

/**
 * A line for the log: these settings are the operator's, and nothing here changes them. Undefined where the kernel has none of them.
 * `read` gives the value of a setting of net.ipv4.vs.
 */
export function kernelSettingsText(read: (name: string) => string | undefined): string | undefined {
  const known = reported.flatMap((name) => {
    const value = read(name);
    return value === undefined ? [] : [`${name} ${value.replace(/\s+/g, ' ')}`];
  });
  return known.length === 0 ? undefined : `net.ipv4.vs, left as it is: ${known.join(', ')}`;
}
