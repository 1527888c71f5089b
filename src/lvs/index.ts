export { newLvsState, lvsStep, desiredTable, desiredOf, startEffects, checkerStates, type LvsStep } from './engine.ts';
export type { LvsState, LvsEvent, LvsEffect, VirtualServerState, RealServerState } from './state.ts';
export { serviceKeys } from './desired.ts';
export { plan, applied } from './plan.ts';
export { checkerId, serviceId, virtualServerText, realServerText } from './identity.ts';
