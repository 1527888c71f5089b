/** Counters of one instance; the names are those of keepalived.json. They only grow, and survive a reload. */
export interface VrrpStats {
  readonly advert_rcvd: number;
  readonly advert_sent: number;
  readonly become_master: number;
  readonly release_master: number;
  readonly packet_len_err: number;
  readonly advert_interval_err: number;
  readonly ip_ttl_err: number;
  readonly invalid_type_rcvd: number;
  readonly addr_list_err: number;
  readonly invalid_authtype: number;
  readonly authtype_mismatch: number;
  readonly auth_failure: number;
  /** auth_hmac: adverts without a signature, with one that cannot be read, of a key that is not here, wrong, too old or new, again. */
  readonly auth_ext_missing: number;
  readonly auth_ext_malformed: number;
  readonly auth_ext_unknown_key: number;
  readonly auth_ext_invalid_hmac: number;
  readonly auth_ext_stale: number;
  readonly auth_ext_replay: number;
  readonly pri_zero_rcvd: number;
  readonly pri_zero_sent: number;
  /** The rest is ours alone: messages with a wrong sum or version. */
  readonly checksum_err: number;
  readonly version_err: number;
  /** Version 3 over IPv4 with the checksum of RFC 9568, without pseudo-header. */
  readonly checksum_without_pseudo_header: number;
  /** Likewise of unicast, with the sum that keepalived had up to 1.3.6. */
  readonly checksum_old_unicast: number;
  /** How often, being MASTER, another one with less right to be it appeared: each is a split brain. */
  readonly rival_master: number;
}

export const noStats: VrrpStats = {
  advert_rcvd: 0,
  advert_sent: 0,
  become_master: 0,
  release_master: 0,
  packet_len_err: 0,
  advert_interval_err: 0,
  ip_ttl_err: 0,
  invalid_type_rcvd: 0,
  addr_list_err: 0,
  invalid_authtype: 0,
  authtype_mismatch: 0,
  auth_failure: 0,
  auth_ext_missing: 0,
  auth_ext_malformed: 0,
  auth_ext_unknown_key: 0,
  auth_ext_invalid_hmac: 0,
  auth_ext_stale: 0,
  auth_ext_replay: 0,
  pri_zero_rcvd: 0,
  pri_zero_sent: 0,
  checksum_err: 0,
  version_err: 0,
  checksum_without_pseudo_header: 0,
  checksum_old_unicast: 0,
  rival_master: 0,
};

/** With one more of a kind; written out, since a spread takes ten times as long and each advert counts. */
export function counted(stats: VrrpStats, counter: keyof VrrpStats): VrrpStats {
  const copy: { -readonly [Name in keyof VrrpStats]: number } = {
    advert_rcvd: stats.advert_rcvd,
    advert_sent: stats.advert_sent,
    become_master: stats.become_master,
    release_master: stats.release_master,
    packet_len_err: stats.packet_len_err,
    advert_interval_err: stats.advert_interval_err,
    ip_ttl_err: stats.ip_ttl_err,
    invalid_type_rcvd: stats.invalid_type_rcvd,
    addr_list_err: stats.addr_list_err,
    invalid_authtype: stats.invalid_authtype,
    authtype_mismatch: stats.authtype_mismatch,
    auth_failure: stats.auth_failure,
    auth_ext_missing: stats.auth_ext_missing,
    auth_ext_malformed: stats.auth_ext_malformed,
    auth_ext_unknown_key: stats.auth_ext_unknown_key,
    auth_ext_invalid_hmac: stats.auth_ext_invalid_hmac,
    auth_ext_stale: stats.auth_ext_stale,
    auth_ext_replay: stats.auth_ext_replay,
    pri_zero_rcvd: stats.pri_zero_rcvd,
    pri_zero_sent: stats.pri_zero_sent,
    checksum_err: stats.checksum_err,
    version_err: stats.version_err,
    checksum_without_pseudo_header: stats.checksum_without_pseudo_header,
    checksum_old_unicast: stats.checksum_old_unicast,
    rival_master: stats.rival_master,
  };
  copy[counter]++;
  return copy;
}
