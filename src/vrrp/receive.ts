import { compareIp, ipFamily, type IpAddress } from '../core/index.ts';
import type { VrrpInstance } from '../config/index.ts';
import { sealedMessage } from './authentication-header.ts';
import { check, open, type Packet, type Rejection } from './check.ts';
import { peekVirtualRouterId, type ReceivedAdvert } from './packet.ts';
import { remember, verify } from './signed.ts';
import { receiverKey, type Draft, type InstanceState } from './state.ts';
import { masterDownMs, notify, sendAdvert, skewMs } from './actions.ts';
import { advertisedAddresses } from './advertised.ts';
import { announce } from './announcements.ts';
import { yieldIfSilent } from './late.ts';
import { startupEndMs, unitOf, unitToBackup } from './transitions.ts';

/** A packet from outside: checked in the reference's order, counted, and believed only when everything fits. */
export function receive(draft: Draft, packet: Packet): void {
  const vrid = peekVirtualRouterId(packet.header === undefined ? packet.payload : sealedMessage(packet.payload));
  if (vrid === undefined) return;
  const key = receiverKey(packet.ifname, vrid, ipFamily(packet.source));
  const i = draft.shared.index.receivers.get(key);
  if (i === undefined) {
    unknownReceiver(draft, packet, vrid, key);
    return;
  }
  yieldIfSilent(draft, i);
  const instance = draft.instance(i);
  if (instance.state !== 'BACKUP' && instance.state !== 'MASTER') return;
  if (draft.nowMs < startupEndMs(draft, i)) return;
  const opened = open(instance, packet, draft.shared.hmac);
  if (!opened.ok) {
    refuse(draft, i, packet, opened.error);
    return;
  }
  // From now on the packet is known to be a peer's, and not to come again.
  if (opened.value.sequence !== undefined) draft.update(i, { ahSequence: opened.value.sequence });
  const checked = check(instance, packet, opened.value.message, draft.shared.config.mcastGroup4);
  if (!checked.ok) {
    refuse(draft, i, packet, checked.error);
    return;
  }
  const verified = verify(draft.shared.hmac, draft.instance(i), packet, opened.value.message, draft.wallMs);
  if (!verified.ok) {
    refuse(draft, i, packet, verified.error);
    return;
  }
  const { heardAt, doubt } = verified.value;
  if (doubt !== undefined) refuse(draft, i, packet, doubt);
  if (heardAt !== undefined)
    draft.update(i, { heardSigned: remember(draft.instance(i).heardSigned, packet.source, heardAt) });
  const advert = checked.value;
  remark(draft, i, packet.source, advert);
  draft.count(i, 'advert_rcvd');
  if (advert.version === 3 && advert.checksum === 'message') draft.count(i, 'checksum_without_pseudo_header');
  if (advert.checksum === 'group') draft.count(i, 'checksum_old_unicast');
  learnChecksum(draft, i, packet.source, advert.checksum === 'group');
  if (advert.priority === 0) draft.count(i, 'pri_zero_rcvd');
  if (instance.config.ownerIgnoreAdverts && instance.effectivePriority === 255) return;
  if (instance.state === 'MASTER') asMaster(draft, i, packet.source, advert);
  else asBackup(draft, i, packet.source, advert);
}

/** Without a word on old_unicast_checksum a peer is answered with the sum that it uses. */
function learnChecksum(draft: Draft, i: number, source: IpAddress, old: boolean): void {
  const { config, oldChecksumPeers } = draft.instance(i);
  if (config.oldUnicastChecksum !== undefined || oldChecksumPeers.includes(source) === old) return;
  const peers = new Set(config.unicastPeer.map(({ address }) => address));
  if (!peers.has(source)) return;
  const others = oldChecksumPeers.filter((peer) => peer !== source && peers.has(peer));
  draft.update(i, { oldChecksumPeers: old ? [...others, source] : others });
}

/** Counts and tells what is wrong with a packet. */
function refuse(draft: Draft, i: number, { source }: Packet, { counter, kind, text }: Rejection): void {
  if (counter !== undefined) draft.count(i, counter);
  draft.logOnce(i, kind, `${text}, from ${source}`);
}

/** An advert that no instance waits for: said once, and only where log_unknown_vrids asks for it. */
function unknownReceiver(draft: Draft, packet: Packet, vrid: number, key: string): void {
  const { config, unknownReceivers } = draft.shared;
  if (config.logUnknownVrids !== true || unknownReceivers.has(key)) return;
  draft.set({ unknownReceivers: new Set(unknownReceivers).add(key) });
  draft.log(
    'info',
    `${packet.ifname}: advert from ${packet.source} for virtual_router_id ${String(vrid)}, which no vrrp_instance here has`,
  );
}

/** What differs from our configuration but is no reason to ignore the advert. */
function remark(draft: Draft, i: number, source: IpAddress, advert: ReceivedAdvert): void {
  const { config, lastMaster } = draft.instance(i);
  if (advert.version === 3 && advert.advertIntMs !== config.advertIntMs) {
    const [theirs, ours] = [String(advert.advertIntMs / 1000), String(config.advertIntMs / 1000)];
    draft.logOnce(i, 'interval', `the advert interval of ${source} is ${theirs} s, ours ${ours} s`);
  }
  if (config.skipCheckAdvAddr && lastMaster?.source === source) return;
  if (sameAddresses(config, advert)) return;
  draft.count(i, 'addr_list_err');
  draft.logOnce(
    i,
    'addresses',
    `the virtual addresses in the advert from ${source} differ from ours: [${advert.addresses.join(', ')}]`,
  );
}

function sameAddresses(config: VrrpInstance, advert: ReceivedAdvert): boolean {
  const ours = advertisedAddresses(config);
  return ours.length === advert.addresses.length && ours.every((address) => advert.addresses.includes(address));
}

/** RFC 9568 section 6.4.2, with nopreempt and preempt_delay as keepalived.conf(5) has them. */
function asBackup(draft: Draft, i: number, source: IpAddress, advert: ReceivedAdvert): void {
  const instance = draft.instance(i);
  draft.update(i, { relistened: false, lastMaster: { source, priority: advert.priority } });
  if (advert.priority === 0) {
    draft.logOnce(i, 'priority-zero', 'Backup received priority 0 advertisement', 'info');
    // Of the interval that the master had: the one of a farewell does not count.
    draft.update(i, { masterDownAtMs: draft.nowMs + skewMs(instance) });
    return;
  }
  const { preemptDelayMs } = instance.config;
  const lower = advert.priority < instance.effectivePriority;
  if (lower && !instance.config.nopreempt) {
    const preemptAtMs = preemptDelayMs > 0 ? (instance.preemptAtMs ?? draft.nowMs + preemptDelayMs) : draft.nowMs;
    draft.update(i, { preemptAtMs });
    // Not heard as a master: our own timer runs on and ends its time.
    if (draft.nowMs >= preemptAtMs) {
      const text = `received lower priority (${String(advert.priority)}) advert from ${source} - discarding`;
      draft.logOnce(i, 'discarding', text, 'info');
      return;
    }
  } else {
    draft.update(i, { preemptAtMs: undefined });
  }
  draft.update(i, { masterAdvertIntMs: advert.version === 3 ? advert.advertIntMs : instance.config.advertIntMs });
  draft.update(i, { masterDownAtMs: draft.nowMs + masterDownMs(draft.instance(i)), wantsMaster: false });
}

/** RFC 9568 section 6.4.3: who has the lower priority yields, with equal priorities the lower address. */
function asMaster(draft: Draft, i: number, source: IpAddress, advert: ReceivedAdvert): void {
  const instance = draft.instance(i);
  const { config } = instance;
  if (source === instance.source) {
    draft.logOnce(
      i,
      'own-address',
      `advert from our own address ${source}: another director uses it, or the network loops`,
    );
    return;
  }
  if (advert.priority === 0) {
    sendAdvert(draft, i);
    draft.update(i, { advertAtMs: draft.nowMs + config.advertIntMs });
    return;
  }
  const difference = advert.priority - instance.effectivePriority;
  const yields =
    difference > 0 || (difference === 0 && instance.source !== undefined && compareIp(source, instance.source) > 0);
  if (yields) {
    const why = difference > 0 ? `higher priority ${String(advert.priority)}` : 'equal priority and a higher address';
    draft.log(
      'info',
      `(${config.name}) Master received advert from ${source} with ${why}, ours ${String(instance.effectivePriority)}`,
    );
    if (config.higherPrioSendAdvert) sendAdvert(draft, i);
    if (instance.effectivePriority === 255) draft.update(i, { demoted: true, effectivePriority: 254 });
    draft.update(i, {
      masterAdvertIntMs: advert.version === 3 ? advert.advertIntMs : config.advertIntMs,
      lastMaster: { source, priority: advert.priority },
    });
    unitToBackup(draft, unitOf(draft, i), (member) => draft.nowMs + masterDownMs(member));
    return;
  }
  outbid(draft, i, source, advert);
}

/**
 * A master with less right than ours: it is told at once, and so is everybody that it may have told (split brain). It is
 * counted, logged and notified when it appears, and again only after it was silent for as long as a dead master is:
 * whoever sends many of these, from whatever addresses, causes no more.
 */
function outbid(draft: Draft, i: number, source: IpAddress, advert: ReceivedAdvert): void {
  const instance = draft.instance(i);
  const { config, rivalHeardAtMs } = instance;
  const appeared = rivalHeardAtMs === undefined || draft.nowMs - rivalHeardAtMs > masterDownMs(instance);
  draft.update(i, { rivalHeardAtMs: draft.nowMs, lastMaster: { source, priority: advert.priority } });
  if (appeared) {
    const [theirs, ours] = [String(advert.priority), String(instance.effectivePriority)];
    const text = `Received advert from ${source} with lower priority ${theirs}, ours ${ours}, forcing new election`;
    draft.log('warning', `(${config.name}) ${text}`);
    draft.count(i, 'rival_master');
  }
  if (!config.lowerPrioNoAdvert) {
    sendAdvert(draft, i);
    draft.update(i, { advertAtMs: draft.nowMs + config.advertIntMs });
  }
  for (const member of unitOf(draft, i).members) {
    const other: InstanceState = draft.instance(member);
    if (other.state !== 'MASTER') continue;
    announce(draft, member, other.config.garpLowerPrioRepeat);
    if (other.config.garpLowerPrioDelayMs > 0 && other.config.garpLowerPrioRepeat > 0) {
      draft.update(member, { lowerPrioGarpAtMs: draft.nowMs + other.config.garpLowerPrioDelayMs });
    }
  }
  if (appeared) notify(draft, i, 'MASTER_RX_LOWER_PRI');
}
