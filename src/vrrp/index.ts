export { vrrpStep, newVrrpState, type VrrpStep } from './engine.ts';
export { judgesSilence, nextVrrpDeadline } from './timers.ts';
export { statistics, successorFacts, successorNews, type SuccessorFacts, type SuccessorNews } from './lifetime.ts';
export { vrrpView, type InstanceView, type ScriptView, type VrrpView } from './view.ts';
export type { EngineConfig, InstanceStateName, InterfaceFacts, NotifyState, VrrpEvent, VrrpEffect } from './events.ts';
export type { VrrpState, InstanceState } from './state.ts';
export { noStats, type VrrpStats } from './stats.ts';
export { advertPacketBytes } from './advertised.ts';
export { ipv4Datagram, gratuitousArp, unsolicitedNa } from './frames.ts';
export { encodeAdvert, parseAdvert, type Advert, type ReceivedAdvert, type AdvertError } from './packet.ts';
export { authenticationProtocol, seal, unseal, type Hmac } from './authentication-header.ts';
export { withImplied } from './implied.ts';
export {
  formerLinks,
  withVmacs,
  withoutVmacs,
  advertInterface,
  type VmacLink,
  type PresentLink,
  type VmacNaming,
} from './vmac-links.ts';
