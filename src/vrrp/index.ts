export { vrrpStep, newVrrpState, type VrrpStep } from './engine.ts';
export { nextVrrpDeadline } from './timers.ts';
export { resumable } from './lifetime.ts';
export { vrrpView, type InstanceView, type VrrpView } from './view.ts';
export type { EngineConfig, InstanceStateName, InterfaceFacts, NotifyState, VrrpEvent, VrrpEffect } from './events.ts';
export type { VrrpState, InstanceState, VrrpStats } from './state.ts';
export { ipv4Datagram, gratuitousArp, unsolicitedNa } from './frames.ts';
export { encodeAdvert, parseAdvert, type Advert, type ReceivedAdvert, type AdvertError } from './packet.ts';
export { withImplied } from './implied.ts';
