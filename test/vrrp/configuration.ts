import { ipFamily, parseIp, type IpAddress, type SourceSpan } from '../../src/core/index.ts';
import type {
  AddressEntry,
  TrackEntry,
  TrackFile,
  VrrpInstance,
  VrrpScript,
  VrrpSyncGroup,
} from '../../src/config/index.ts';
import type { EngineConfig } from '../../src/vrrp/index.ts';

/** Configurations for tests, with the reference's defaults for all that a test does not care about. */

export const span: SourceSpan = { file: 'test.conf', line: 1, column: 1, endLine: 1, endColumn: 2 };

export function ip(text: string): IpAddress {
  const parsed = parseIp(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

export function address(text: string): AddressEntry {
  const [bare = '', length] = text.split('/');
  const parsed = ip(bare);
  const whole = ipFamily(parsed) === 'ipv4' ? 32 : 128;
  return { span, address: parsed, prefixLength: length === undefined ? whole : Number(length) };
}

const noTracking = { trackInterface: [], trackScript: [], trackProcess: [], trackFile: [], trackBfd: [] };

export function instance(name: string, change: Partial<VrrpInstance> = {}): VrrpInstance {
  return {
    span,
    name,
    state: 'BACKUP',
    interface: 'eth0',
    virtualRouterId: 51,
    priority: 100,
    version: 2,
    family: 'ipv4',
    advertIntMs: 1000,
    virtualIpaddress: [address('192.0.2.100')],
    virtualIpaddressExcluded: [],
    virtualRoutes: [],
    virtualRules: [],
    promoteSecondaries: false,
    trackSrcIp: false,
    unicastPeer: [],
    unicastFaultNoPeer: false,
    checkUnicastSrc: false,
    v3ChecksumAsV2: false,
    nopreempt: false,
    preemptDelayMs: 0,
    downTimerAdverts: 3,
    skipCheckAdvAddr: false,
    strictMode: false,
    accept: true,
    lowerPrioNoAdvert: false,
    higherPrioSendAdvert: false,
    ownerIgnoreAdverts: false,
    dontTrackPrimary: false,
    linkbeatUsePolling: false,
    useVmacAddr: false,
    debug: 0,
    noVirtualIpaddress: false,
    notifyPriorityChanges: false,
    notifyDeletedEnabled: false,
    smtpAlert: false,
    garpMasterDelayMs: 5000,
    garpMasterRepeat: 5,
    garpMasterRefreshMs: 0,
    garpMasterRefreshRepeat: 1,
    garpLowerPrioDelayMs: 5000,
    garpLowerPrioRepeat: 5,
    ...noTracking,
    ...change,
  };
}

export function group(name: string, members: readonly string[], change: Partial<VrrpSyncGroup> = {}): VrrpSyncGroup {
  return {
    span,
    name,
    group: members,
    syncGroupTrackingWeight: false,
    globalTracking: false,
    notifyPriorityChanges: false,
    smtpAlert: false,
    ...noTracking,
    ...change,
  };
}

export function script(name: string, change: Partial<VrrpScript> = {}): VrrpScript {
  return {
    span,
    name,
    script: { argv: ['/bin/true'] },
    intervalMs: 1000,
    weight: 0,
    reverse: false,
    rise: 1,
    fall: 1,
    initFail: false,
    ...change,
  };
}

export function trackFile(name: string, change: Partial<TrackFile> = {}): TrackFile {
  return { span, name, file: `/run/${name}`, weight: 1, reverse: false, ...change };
}

export function track(name: string, change: Partial<TrackEntry> = {}): TrackEntry {
  return { span, name, ...change };
}

export function engineConfig(
  instances: readonly VrrpInstance[],
  change: Partial<EngineConfig['vrrp']> = {},
  rest: Partial<EngineConfig> = {},
): EngineConfig {
  return {
    vrrp: {
      instances,
      syncGroups: [],
      scripts: [],
      trackProcesses: [],
      garpGroups: [],
      trackGroups: [],
      linkbeatInterfaces: [],
      interfaceUpDownDelays: [],
      staticIpaddress: [],
      staticRoutes: [],
      staticRules: [],
      ...change,
    },
    trackFiles: [],
    mcastGroup4: ip('224.0.0.18'),
    mcastGroup6: ip('ff02::12'),
    startupDelayMs: 0,
    ...rest,
  };
}
