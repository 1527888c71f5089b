import { ipFamily, type IpFamily } from '../core/index.ts';
import type { Block, Statement } from '../parser/index.ts';
import { readAddresses } from './addresses.ts';
import type { GlobalDefs } from './model/global-defs.ts';
import type { NotifyScripts, ScriptCommand, TrackEntry } from './model/values.ts';
import type {
  GarpSettings,
  TrackFile,
  VrrpAuthentication,
  VrrpConfig,
  VrrpInstance,
  VrrpScript,
  VrrpSyncGroup,
} from './model/vrrp.ts';
import { checkRoutes, checkRules } from './routes.ts';
import { asStrict } from './strict-mode.ts';
import { trackLists, withoutOwnInterface } from './track-lists.ts';
import { checkGroups, checkTracked, checkVrids } from './vrrp-checks.ts';
import { addressOfFamily, checkUnicastWords, checkVmacWords, peersOfFamily, readPeers } from './vrrp-network.ts';
import { readBlock, type Entry, type Findings, type Reading } from './read.ts';

/** What instances inherit from global_defs. */
export interface VrrpDefaults {
  readonly global: GlobalDefs;
  readonly reading: Reading;
}

export function buildVrrp(
  findings: Findings,
  root: Reading,
  defaults: VrrpDefaults,
): { readonly vrrp: VrrpConfig; readonly trackFiles: readonly TrackFile[] } {
  const scripts = named(findings, root, 'vrrp_script', false, (name, entry) => buildScript(findings, name, entry));
  const trackFiles = [...root.all('track_file'), ...root.all('vrrp_track_file')].flatMap(
    (entry) => buildTrackFile(findings, entry) ?? [],
  );
  const instances = named(findings, root, 'vrrp_instance', true, (name, entry) =>
    buildInstance(findings, name, entry, defaults),
  );
  const syncGroups = named(findings, root, 'vrrp_sync_group', true, (name, entry) => buildGroup(findings, name, entry));
  if (!mayComeLater(defaults)) {
    for (const instance of instances)
      checkInterfaces(findings, `vrrp_instance ${instance.name}`, interfacesOf(instance, root));
    for (const group of syncGroups) checkInterfaces(findings, `vrrp_sync_group ${group.name}`, group.trackInterface);
  }
  checkVrids(findings, instances);
  checkGroups(findings, syncGroups, instances, scripts);
  checkTracked(findings, instances, syncGroups, scripts, trackFiles);
  return {
    vrrp: {
      instances,
      syncGroups,
      scripts,
      trackProcesses: [],
      garpGroups: [],
      trackGroups: [],
      staticIpaddress: [],
      staticRoutes: [],
      staticRules: [],
    },
    trackFiles,
  };
}

/** The objects of one kind; of a name that is given twice the first counts where the reference refuses the second. */
function named<T>(
  findings: Findings,
  root: Reading,
  keyword: string,
  unique: boolean,
  build: (name: string, entry: Entry) => T | undefined,
): readonly T[] {
  const seen = new Set<string>();
  return root.all(keyword).flatMap((entry) => {
    const name = entry.statement.args[0]?.text;
    if (name === undefined) {
      findings.error(
        'missing-argument',
        entry.statement.keyword.span,
        `'${keyword}' lacks its name`,
        `it takes a name before its '{'; the block is ignored`,
        keyword === 'vrrp_instance' || keyword === 'vrrp_sync_group' ? 'general' : 'missing-parameter',
      );
      return [];
    }
    if (unique && seen.has(name)) {
      findings.error(
        'duplicate-object',
        entry.statement.keyword.span,
        `${keyword} ${name} is defined twice`,
        'the second definition is ignored: give it another name',
      );
      return [];
    }
    seen.add(name);
    return build(name, entry) ?? [];
  });
}

function lines(block: Block | undefined): readonly Statement[] {
  return block?.statements ?? [];
}

function buildScript(findings: Findings, name: string, entry: Entry): VrrpScript | undefined {
  const object = `vrrp_script ${name}`;
  const reading = readBlock(findings, 'vrrp_script', object, lines(entry.statement.block));
  const script = reading.command('script');
  const { span } = entry.statement.keyword;
  if (script === undefined || script.argv.length === 0) {
    findings.error('missing-keyword', span, `${object} has no script`, `add 'script "/path/to/command"'`);
    return undefined;
  }
  const user = reading.entry('user')?.statement.args.map((word) => word.text);
  const timeoutMs = reading.number('timeout');
  const { weight, reverse } = weightOf(reading.entry('weight'), 0);
  return {
    name,
    span,
    script:
      user?.[0] === undefined
        ? script
        : { ...script, user: user[0], ...(user[1] === undefined ? {} : { group: user[1] }) },
    intervalMs: reading.number('interval') ?? 1000,
    ...(timeoutMs === undefined || timeoutMs === 0 ? {} : { timeoutMs }),
    weight,
    reverse,
    rise: reading.number('rise') ?? 1,
    fall: reading.number('fall') ?? 1,
    initFail: reading.flag('init_fail'),
  };
}

function weightOf(entry: Entry | undefined, otherwise: number): { readonly weight: number; readonly reverse: boolean } {
  const weight = typeof entry?.value === 'number' ? entry.value : otherwise;
  return { weight, reverse: entry?.statement.args[1]?.text === 'reverse' };
}

function buildTrackFile(findings: Findings, entry: Entry): TrackFile | undefined {
  const name = entry.statement.args[0]?.text ?? '';
  const object = `track_file ${name}`;
  const reading = readBlock(findings, 'track_file', object, lines(entry.statement.block));
  const file = reading.text('file');
  const { span } = entry.statement.keyword;
  if (file === undefined) {
    findings.error('missing-keyword', span, `${object} has no file`, `add 'file /path'`);
    return undefined;
  }
  return { name, span, file, ...weightOf(reading.entry('weight'), 1) };
}

function buildGroup(findings: Findings, name: string, entry: Entry): VrrpSyncGroup {
  const object = `vrrp_sync_group ${name}`;
  const reading = readBlock(findings, 'vrrp_sync_group', object, lines(entry.statement.block));
  const group = reading.lines('group').flatMap((line) => [line.keyword.text, ...line.args.map((word) => word.text)]);
  const { span } = entry.statement.keyword;
  if (group.length === 0)
    findings.error('missing-keyword', span, `${object} has no members`, "add 'group { INSTANCE … }'");
  return {
    name,
    span,
    group,
    ...notifyScripts(reading),
    ...trackLists(findings, object, reading),
    syncGroupTrackingWeight: reading.flag('sync_group_tracking_weight'),
    globalTracking: reading.flag('global_tracking'),
    notifyPriorityChanges: reading.flag('notify_priority_changes'),
    smtpAlert: reading.flag('smtp_alert'),
  };
}

function notifyScripts(reading: Reading): NotifyScripts {
  const scripts: Record<string, ScriptCommand> = {};
  for (const [property, keyword] of Object.entries({
    notify: 'notify',
    notifyMaster: 'notify_master',
    notifyBackup: 'notify_backup',
    notifyFault: 'notify_fault',
    notifyStop: 'notify_stop',
    notifyDeleted: 'notify_deleted',
    notifyMasterRxLowerPri: 'notify_master_rx_lower_pri',
  })) {
    // Of a script that is given twice the first counts, as the reference has it.
    const [first, again] = reading.all(keyword);
    if (again !== undefined)
      reading.findings.error(
        'duplicate-keyword',
        again.statement.keyword.span,
        `'${keyword}' is given twice in ${reading.object}`,
        'the first counts',
      );
    const value = first?.value;
    if (typeof value === 'object' && 'argv' in value && value.argv.length > 0) scripts[property] = value;
  }
  return scripts;
}

function buildInstance(
  findings: Findings,
  name: string,
  entry: Entry,
  { global, reading: globals }: VrrpDefaults,
): VrrpInstance | undefined {
  const object = `vrrp_instance ${name}`;
  const reading = readBlock(findings, 'vrrp_instance', object, lines(entry.statement.block));
  const { span } = entry.statement.keyword;
  const virtualRouterId = reading.number('virtual_router_id');
  if (virtualRouterId === undefined) {
    findings.error(
      'missing-keyword',
      span,
      `${object} has no virtual_router_id`,
      "add 'virtual_router_id 1..255'; the instance is ignored",
    );
    return undefined;
  }
  checkRoutes(findings, object, reading.lines('virtual_routes'));
  checkRules(findings, object, reading.lines('virtual_rules'));
  const state = reading.text('state') === 'MASTER' ? 'MASTER' : 'BACKUP';
  const virtualIpaddress = readAddresses(findings, object, reading.lines('virtual_ipaddress'));
  const excluded = readAddresses(findings, object, reading.lines('virtual_ipaddress_excluded'));
  const peers = readPeers(findings, object, reading.lines('unicast_peer'));
  const family = instanceFamily(reading, virtualIpaddress[0]?.address ?? peers[0]?.address);
  const unicastPeer = peersOfFamily(findings, object, peers, family);
  const others = virtualIpaddress.filter((address) => ipFamily(address.address) !== family);
  for (const other of others) {
    findings.warning(
      'mixed-families',
      other.span,
      `address ${other.address} in ${object} is of the other family`,
      'it is moved to virtual_ipaddress_excluded, which may mix them',
    );
  }
  const version =
    reading.text('version') === '3' || family === 'ipv6'
      ? 3
      : reading.text('version') === '2'
        ? 2
        : globals.text('vrrp_version') === '3'
          ? 3
          : 2;
  const priority = reading.number('priority') ?? (state === 'MASTER' ? 255 : 100);
  const strict = reading.setting('strict_mode') ?? globals.flag('vrrp_strict');
  const authentication = readAuthentication(findings, object, reading, { version, strict, state });
  const interfaceName = reading.text('interface');
  if (interfaceName === undefined)
    findings.error('missing-keyword', span, `${object} has no interface`, "add 'interface NAME'", 'general');
  if (virtualIpaddress.length === 0 && !reading.flag('no_virtual_ipaddress')) {
    findings.warning('no-addresses', span, `${object} has no virtual_ipaddress`, 'it moves nothing: add addresses');
  }
  checkUnicastWords(findings, object, reading, unicastPeer);
  checkVmacWords(findings, object, reading, unicastPeer);
  const delayed = reading.entry('preempt_delay');
  if (state === 'MASTER' && delayed !== undefined && delayed.value !== 0) {
    findings.warning(
      'preempt-delay-master',
      delayed.statement.keyword.span,
      `'preempt_delay' in ${object} does not go with 'state MASTER' and is ignored`,
      "write 'state BACKUP' on both directors",
    );
  }
  const nopreempt = reading.flag('nopreempt');
  if (nopreempt && state === 'BACKUP' && delayed !== undefined && delayed.value !== 0) {
    findings.warning(
      'preempt-delay-nopreempt',
      delayed.statement.keyword.span,
      `'preempt_delay' in ${object} does not go with 'nopreempt' and is ignored`,
      'remove one of them',
    );
  }
  const preemptDelayMs = nopreempt ? 0 : (reading.number('preempt_delay') ?? 0);
  if (nopreempt && (state === 'MASTER' || priority === 255)) {
    const at = reading.entry('nopreempt')?.statement.keyword.span ?? span;
    findings.warning(
      'nopreempt-master',
      at,
      `'nopreempt' in ${object} does not go with ${state === 'MASTER' ? "'state MASTER'" : "'priority 255'"} and is ignored`,
      state === 'MASTER' ? "write 'state BACKUP' on both directors" : 'give a priority below 255',
    );
  }
  const optional = {
    unicastSrcIp: addressOfFamily(findings, object, reading, 'unicast_src_ip', family),
    mcastSrcIp: addressOfFamily(findings, object, reading, 'mcast_src_ip', family),
    mcastDstIp: addressOfFamily(findings, object, reading, 'mcast_dst_ip', family),
    unicastTtl: unicastPeer.length === 0 ? undefined : reading.number('unicast_ttl'),
  };
  const instance: VrrpInstance = {
    name,
    span,
    state,
    ...(interfaceName === undefined ? {} : { interface: interfaceName }),
    virtualRouterId,
    priority,
    version,
    family,
    advertIntMs: advertInterval(findings, object, reading, version),
    ...(authentication === undefined ? {} : { authentication }),
    virtualIpaddress: virtualIpaddress.filter((address) => !others.includes(address)),
    virtualIpaddressExcluded: [...others, ...excluded],
    virtualRoutes: [],
    virtualRules: [],
    promoteSecondaries: reading.flag('promote_secondaries'),
    ...defined(optional),
    trackSrcIp: reading.flag('track_src_ip'),
    unicastPeer,
    unicastFaultNoPeer: reading.flag('unicast_fault_no_peer'),
    checkUnicastSrc: reading.flag('check_unicast_src', globals.flag('vrrp_check_unicast_src')),
    v3ChecksumAsV2: reading.flag('v3_checksum_as_v2'),
    nopreempt: nopreempt && state !== 'MASTER' && priority !== 255,
    preemptDelayMs: state === 'MASTER' ? 0 : preemptDelayMs,
    downTimerAdverts: reading.number('down_timer_adverts') ?? globals.number('vrrp_down_timer_adverts') ?? 3,
    skipCheckAdvAddr: reading.setting('skip_check_adv_addr') ?? globals.flag('vrrp_skip_check_adv_addr'),
    strictMode: strict,
    accept: reading.flag('accept', true),
    lowerPrioNoAdvert: reading.setting('lower_prio_no_advert') ?? globals.flag('vrrp_lower_prio_no_advert'),
    higherPrioSendAdvert: reading.setting('higher_prio_send_advert') ?? globals.flag('vrrp_higher_prio_send_advert'),
    ownerIgnoreAdverts: reading.setting('owner_ignore_adverts') ?? global.vrrpOwnerIgnoreAdverts,
    dontTrackPrimary: reading.flag('dont_track_primary'),
    linkbeatUsePolling: reading.flag('linkbeat_use_polling'),
    noVirtualIpaddress: reading.flag('no_virtual_ipaddress'),
    notifyPriorityChanges: reading.flag('notify_priority_changes'),
    notifyDeletedEnabled: reading.has('notify_deleted'),
    smtpAlert: reading.flag('smtp_alert'),
    ...notifyScripts(reading),
    ...withoutOwnInterface(findings, object, trackLists(findings, object, reading), interfaceName),
    ...garpSettings(reading, globals),
  };
  return strict ? asStrict(findings, object, reading, instance) : instance;
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}

function instanceFamily(reading: Reading, first: Parameters<typeof ipFamily>[0] | undefined): IpFamily {
  if (first !== undefined) return ipFamily(first);
  return reading.flag('native_ipv6') ? 'ipv6' : 'ipv4';
}

function garpSettings(reading: Reading, globals: Reading): GarpSettings {
  const value = (name: string, otherwise: number): number =>
    reading.number(name) ?? globals.number(`vrrp_${name}`) ?? otherwise;
  const garpMasterRepeat = value('garp_master_repeat', 5);
  return {
    garpMasterDelayMs: value('garp_master_delay', 5) * 1000,
    garpMasterRepeat,
    garpMasterRefreshMs: value('garp_master_refresh', 0) * 1000,
    garpMasterRefreshRepeat: value('garp_master_refresh_repeat', 1),
    garpLowerPrioDelayMs: value('garp_lower_prio_delay', value('garp_master_delay', 5)) * 1000,
    garpLowerPrioRepeat: value('garp_lower_prio_repeat', garpMasterRepeat),
  };
}

function advertInterval(findings: Findings, object: string, reading: Reading, version: 2 | 3): number {
  const ms = reading.number('advert_int') ?? 1000;
  const at = reading.entry('advert_int')?.statement.args[0]?.span;
  if (version === 2 && ms % 1000 !== 0) {
    const rounded = Math.max(1000, Math.round(ms / 1000) * 1000);
    if (at !== undefined) {
      findings.warning(
        'fractional-advert-int',
        at,
        `'advert_int ${String(ms / 1000)}' in ${object} is rounded to ${String(rounded / 1000)} s`,
        "VRRP version 2 has whole seconds: add 'version 3' on all directors",
      );
    }
    return rounded;
  }
  if (version === 3 && ms > 40_950) {
    if (at !== undefined)
      findings.error(
        'bad-argument',
        at,
        `'advert_int ${String(ms / 1000)}' in ${object} is too long for VRRP version 3`,
        'at most 40.95 s',
      );
    return 40_950;
  }
  if (version === 2) return ms;
  const rounded = Math.max(10, Math.round(ms / 10) * 10);
  if (rounded !== ms && at !== undefined) {
    findings.warning(
      'fractional-advert-int',
      at,
      `'advert_int ${String(ms / 1000)}' in ${object} is rounded to ${String(rounded / 1000)} s`,
      'VRRP version 3 counts hundredths of a second',
    );
  }
  return rounded;
}

function readAuthentication(
  findings: Findings,
  object: string,
  reading: Reading,
  {
    version,
    strict,
    state,
  }: { readonly version: 2 | 3; readonly strict: boolean; readonly state: 'MASTER' | 'BACKUP' },
): VrrpAuthentication | undefined {
  const entry = reading.entry('authentication');
  if (entry === undefined) return undefined;
  const block = readBlock(
    findings,
    'vrrp_instance/authentication',
    `${object} authentication`,
    lines(entry.statement.block),
  );
  const { span } = entry.statement.keyword;
  const authPass = block.text('auth_pass');
  const authType = block.text('auth_type') ?? (authPass === undefined ? undefined : 'PASS');
  if (authType === undefined) return undefined;
  if (version === 3) {
    findings.warning(
      'auth-in-v3',
      span,
      `authentication in ${object} is ignored`,
      'VRRP version 3 has none (RFC 9568): remove the block',
    );
    return undefined;
  }
  if (strict) {
    findings.warning(
      'auth-in-strict-mode',
      span,
      `authentication in ${object} is ignored`,
      'strict mode follows RFC 3768 and 9568, which have none: remove the block, or vrrp_strict',
    );
    return undefined;
  }
  if (authType === 'AH') {
    if (state === 'MASTER')
      findings.warning(
        'auth-ah-master',
        span,
        `'state MASTER' does not go with auth_type AH in ${object}`,
        "write 'state BACKUP'",
      );
    findings.error(
      'auth-ah',
      span,
      `auth_type AH in ${object} is not done`,
      'the instance would not hear its peers: use PASS on all directors',
      'none',
    );
  }
  const at = block.entry('auth_pass')?.statement.args[0]?.span ?? span;
  if (authPass === undefined || authPass === '') {
    findings.error(
      'missing-keyword',
      span,
      `authentication in ${object} has no auth_pass`,
      "add 'auth_pass TEXT', at most 8 characters",
    );
    return undefined;
  }
  if (authPass.length > 8)
    findings.warning(
      'auth-pass-too-long',
      at,
      `auth_pass in ${object} is longer than 8 characters`,
      'only the first 8 are used',
    );
  return { authType: authType === 'AH' ? 'AH' : 'PASS', authPass: authPass.slice(0, 8) };
}

/** Interfaces that dynamic_interfaces or another network namespace keep from being known now. */
function mayComeLater({ global, reading }: VrrpDefaults): boolean {
  return reading.has('dynamic_interfaces') || global.netNamespace !== undefined;
}

type NamedInterface = Pick<TrackEntry, 'span'> & { readonly name: string | undefined };

function interfacesOf(instance: VrrpInstance, root: Reading): readonly NamedInterface[] {
  return [
    {
      name: instance.interface,
      // Looked for only where it is needed: most files have no such finding.
      get span() {
        return interfaceSpan(instance, root);
      },
    },
    ...[...instance.virtualIpaddress, ...instance.virtualIpaddressExcluded].map(({ dev, span }) => ({
      name: dev,
      span,
    })),
    ...instance.trackInterface,
  ];
}

/** Where the instance's last `interface` line names it. */
function interfaceSpan(instance: VrrpInstance, root: Reading): TrackEntry['span'] {
  const block = root.all('vrrp_instance').find(({ statement }) => statement.args[0]?.text === instance.name)
    ?.statement.block;
  const line = block?.statements.findLast(({ keyword }) => keyword.text === 'interface');
  return line?.args[0]?.span ?? instance.span;
}

function checkInterfaces(findings: Findings, object: string, wanted: readonly NamedInterface[]): void {
  const { interfaces } = findings.host;
  if (interfaces === undefined) return;
  for (const named of wanted) {
    const { name } = named;
    if (name === undefined || interfaces.has(name)) continue;
    findings.error(
      'no-such-interface',
      named.span,
      `interface ${name} of ${object} does not exist`,
      `there are ${[...interfaces].slice(0, 8).join(', ')}; one that comes later needs 'dynamic_interfaces' in global_defs`,
      'interface',
    );
  }
}
