import { ipFamily, type IpAddress, type IpFamily } from '../../core/index.ts';
import { defined } from '../defined.ts';
import type { GlobalDefs } from '../model/global-defs.ts';
import type { AddressEntry } from '../model/values.ts';
import type { VrrpInstance } from '../model/vrrp.ts';
import { isMulticast } from '../multicast.ts';
import { readBlock, type Entry, type Findings, type Reading } from '../read.ts';
import { readAddresses } from './addresses.ts';
import { advertInterval } from './advert-interval.ts';
import { readAuthHmac } from './auth-hmac.ts';
import { readAuthentication } from './authentication.ts';
import { garpSettings } from './garp.ts';
import { addressOfFamily, checkUnicastWords, checkVmacWords, peersOfFamily, readPeers } from './network.ts';
import { notifyScripts } from './notify.ts';
import { preemption } from './preemption.ts';
import { readRoutes } from './routes.ts';
import { readRules } from './rules.ts';
import { asStrict } from './strict-mode.ts';
import { trackLists, withoutOwnInterface } from './track-lists.ts';
import { readVmac } from './vmac.ts';

/** What instances inherit from global_defs. */
export interface VrrpDefaults {
  readonly global: GlobalDefs;
  readonly reading: Reading;
}

export function buildInstance(
  findings: Findings,
  name: string,
  entry: Entry,
  { global, reading: globals }: VrrpDefaults,
): VrrpInstance | undefined {
  const object = `vrrp_instance ${name}`;
  const reading = readBlock(findings, 'vrrp_instance', object, entry.statement.block?.statements ?? []);
  const { span } = entry.statement.keyword;
  const virtualRouterId = reading.number('virtual_router_id');
  if (virtualRouterId === undefined) {
    findings.error(
      'missing-keyword',
      span,
      `${object} has no virtual_router_id`,
      "add 'virtual_router_id 1..255'; no daemon starts with it",
      'unusable',
    );
    return undefined;
  }
  const state = readState(reading);
  const peers = readPeers(findings, object, reading.lines('unicast_peer'));
  const virtualIpaddress = readAddresses(findings, object, reading.lines('virtual_ipaddress'));
  const family = instanceFamily(reading, virtualIpaddress[0]?.address ?? peers[0]?.address);
  const addresses = splitAddresses(findings, object, reading, virtualIpaddress, family);
  const unicastPeer = peersOfFamily(findings, object, peers, family);
  const version = readVersion(reading, globals, family);
  const priority = reading.number('priority') ?? (state === 'MASTER' ? 255 : 100);
  const strict = reading.setting('strict_mode') ?? globals.flag('vrrp_strict');
  const advertIntMs = advertInterval(findings, object, reading, version);
  const interfaceName = readInterface(findings, object, reading, span);
  if (virtualIpaddress.length === 0 && !reading.flag('no_virtual_ipaddress'))
    findings.warning('no-addresses', span, `${object} has no virtual_ipaddress`, 'it moves nothing: add addresses');
  checkUnicastWords(findings, object, reading, unicastPeer);
  checkVmacWords(findings, object, reading, unicastPeer);
  const optional = {
    interface: interfaceName,
    vrf: interfaceName === undefined ? reading.text('vrf') : undefined,
    authentication: readAuthentication(findings, object, reading, { version, strict, state }),
    authHmac: readAuthHmac(findings, object, reading, advertIntMs),
    unicastSrcIp: addressOfFamily(findings, object, reading, 'unicast_src_ip', family),
    mcastSrcIp: addressOfFamily(findings, object, reading, 'mcast_src_ip', family),
    mcastDstIp: multicastDestination(reading, addressOfFamily(findings, object, reading, 'mcast_dst_ip', family)),
    unicastTtl: unicastPeer.length === 0 ? undefined : reading.number('unicast_ttl'),
    oldUnicastChecksum: readOldChecksum(reading),
    kernelRxBufSize: reading.number('kernel_rx_buf_size'),
    vmac: readVmac(reading, { virtualRouterId, family }),
    timerExpiredBackup: readTimerExpired(reading),
    lvsSyncDaemonInterface: reading.text('lvs_sync_daemon_interface'),
  };
  const instance: VrrpInstance = {
    name,
    span,
    state,
    virtualRouterId,
    priority,
    version,
    family,
    advertIntMs,
    ...addresses,
    virtualRoutes: readRoutes(findings, object, reading.lines('virtual_routes')),
    virtualRules: readRules(findings, object, reading.lines('virtual_rules')),
    promoteSecondaries: reading.flag('promote_secondaries'),
    ...defined(optional),
    trackSrcIp: reading.flag('track_src_ip'),
    unicastPeer,
    unicastFaultNoPeer: reading.flag('unicast_fault_no_peer'),
    checkUnicastSrc:
      reading.flag('check_unicast_src', globals.flag('vrrp_check_unicast_src')) || unicastPeer.some(limitsTtl),
    v3ChecksumAsV2: reading.flag('v3_checksum_as_v2', globals.flag('v3_checksum_as_v2')),
    ...preemption(findings, object, reading, { state, priority }),
    downTimerAdverts: reading.number('down_timer_adverts') ?? globals.number('vrrp_down_timer_adverts') ?? 3,
    skipCheckAdvAddr: reading.setting('skip_check_adv_addr') ?? globals.flag('vrrp_skip_check_adv_addr'),
    strictMode: strict,
    accept: isOn(reading, 'accept', 'no_accept'),
    lowerPrioNoAdvert: reading.setting('lower_prio_no_advert') ?? globals.flag('vrrp_lower_prio_no_advert'),
    higherPrioSendAdvert: reading.setting('higher_prio_send_advert') ?? globals.flag('vrrp_higher_prio_send_advert'),
    ownerIgnoreAdverts: reading.setting('owner_ignore_adverts') ?? global.vrrpOwnerIgnoreAdverts,
    dontTrackPrimary: reading.flag('dont_track_primary'),
    linkbeatUsePolling: reading.flag('linkbeat_use_polling', global.linkbeatUsePolling),
    useVmacAddr: reading.flag('use_vmac_addr'),
    noVirtualIpaddress: reading.flag('no_virtual_ipaddress'),
    notifyPriorityChanges: reading.flag('notify_priority_changes', global.vrrpNotifyPriorityChanges),
    notifyDeletedEnabled: reading.has('notify_deleted'),
    smtpAlert: reading.flag('smtp_alert', global.smtpAlertVrrp ?? global.smtpAlert ?? false),
    debug: reading.number('debug') ?? 0,
    ...notifyScripts(reading),
    ...withoutOwnInterface(findings, object, trackLists(findings, object, reading), interfaceName),
    ...garpSettings(reading, global, globals),
  };
  return strict ? asStrict(findings, object, reading, instance) : instance;
}

/** Of two flags that undo each other the last counts. */
export function isOn(reading: Reading, on: string, off: string): boolean {
  return reading.entries.findLast(({ keyword }) => keyword.name === on || keyword.name === off)?.keyword.name !== off;
}

/** MASTER stays, whatever follows. */
function readState(reading: Reading): 'MASTER' | 'BACKUP' {
  const entries = reading.all('state');
  const master = entries.findIndex(({ value }) => value === 'MASTER');
  if (master === -1) return 'BACKUP';
  const again = entries.slice(master).find(({ value }) => value === 'BACKUP');
  if (again !== undefined)
    reading.findings.error(
      'duplicate-keyword',
      again.statement.keyword.span,
      `'state BACKUP' in ${reading.object} comes after 'state MASTER'`,
      'MASTER counts: remove one of them',
    );
  return 'MASTER';
}

function readVersion(reading: Reading, globals: Reading, family: IpFamily): 2 | 3 {
  if (family === 'ipv6') return 3;
  return (reading.text('version') ?? globals.text('vrrp_version')) === '3' ? 3 : 2;
}

function instanceFamily(reading: Reading, first: IpAddress | undefined): IpFamily {
  const native = reading.entry('native_ipv6');
  if (first === undefined) return native === undefined ? 'ipv4' : 'ipv6';
  const family = ipFamily(first);
  if (native !== undefined && family === 'ipv4')
    reading.findings.error(
      'mixed-families',
      native.statement.keyword.span,
      `'native_ipv6' in ${reading.object} does not go with IPv4 addresses`,
      'remove it: the addresses say which family it is',
    );
  return family;
}

/** An advert has addresses of one family. */
function splitAddresses(
  findings: Findings,
  object: string,
  reading: Reading,
  virtualIpaddress: readonly AddressEntry[],
  family: IpFamily,
): Pick<VrrpInstance, 'virtualIpaddress' | 'virtualIpaddressExcluded'> {
  const others = virtualIpaddress.filter((address) => ipFamily(address.address) !== family);
  for (const other of others)
    findings.warning(
      'mixed-families',
      other.span,
      `address ${other.address} in ${object} is of the other family`,
      'it is ignored: put it into virtual_ipaddress_excluded, which may mix them',
    );
  const excluded = readAddresses(findings, object, reading.lines('virtual_ipaddress_excluded'));
  return {
    virtualIpaddress: virtualIpaddress.filter((address) => !others.includes(address)),
    virtualIpaddressExcluded: excluded,
  };
}

function readInterface(
  findings: Findings,
  object: string,
  reading: Reading,
  span: AddressEntry['span'],
): string | undefined {
  const name = reading.text('interface');
  const word = reading.entry('interface')?.statement.args[0];
  const vrf = reading.entry('vrf');
  if (name === 'lo' && word !== undefined) {
    findings.error(
      'bad-argument',
      word.span,
      `'interface lo' in ${object} is the loopback interface`,
      'name the interface that the adverts go out of',
    );
    return undefined;
  }
  // keepalived.conf(5) has a VRF in place of an interface; 2.2.7 refuses that as well.
  if (name === undefined && (vrf === undefined || findings.rules === '2.2.7'))
    findings.error('missing-keyword', span, `${object} has no interface`, "add 'interface NAME'", 'unusable');
  if (name !== undefined && vrf !== undefined)
    findings.error(
      'bad-argument',
      vrf.statement.keyword.span,
      `'vrf' in ${object} does not go with 'interface'`,
      'it is ignored: the interface says which VRF it is',
    );
  return name;
}

function multicastDestination(reading: Reading, address: IpAddress | undefined): IpAddress | undefined {
  const word = reading.entry('mcast_dst_ip')?.statement.args[0];
  if (address === undefined || word === undefined || isMulticast(address)) return address;
  reading.findings.error(
    'bad-address',
    word.span,
    `'mcast_dst_ip ${address}' in ${reading.object} is no multicast address`,
    'it is ignored: the group of global_defs is used',
  );
  return undefined;
}

function readOldChecksum(reading: Reading): VrrpInstance['oldUnicastChecksum'] {
  const entry = reading.entry('old_unicast_checksum');
  const word = entry?.statement.args[0];
  if (entry === undefined) return undefined;
  if (word === undefined) return 'yes';
  if (word.text === 'never') return 'never';
  reading.findings.error(
    'bad-argument',
    word.span,
    `'old_unicast_checksum ${word.text}' in ${reading.object} is not valid`,
    'it takes never, or nothing',
  );
  return undefined;
}

/** Without a number the highest priority that is not the owner's. */
function readTimerExpired(reading: Reading): number | undefined {
  const name = ['timer_expired_backup', 'thread_timer_expired'].find((keyword) => reading.has(keyword));
  return name === undefined ? undefined : (reading.number(name) ?? 254);
}

function limitsTtl({ minTtl, maxTtl }: VrrpInstance['unicastPeer'][number]): boolean {
  return minTtl > 0 || maxTtl < 255;
}
