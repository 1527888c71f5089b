export { vrrpStep, nextVrrpDeadline, newVrrpState, resumable, type VrrpStep } from './engine.ts';
export type { EngineConfig, InstanceStateName, InterfaceFacts, NotifyState, VrrpEvent, VrrpEffect } from './events.ts';
export type { VrrpState, InstanceState, VrrpStats } from './state.ts';
export { ipv4Datagram, gratuitousArp, unsolicitedNa } from './frames.ts';
export {
  encodeAdvert,
  parseAdvert,
  vrrpProtocol,
  type Advert,
  type ReceivedAdvert,
  type AdvertError,
} from './packet.ts';
