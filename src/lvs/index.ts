export { newLvsState, lvsStep, desiredTable, desiredOf, startEffects, checkerStates, type LvsStep } from './engine.ts';
export type { LvsState, LvsEvent, LvsEffect, VirtualServerState, RealServerState } from './state.ts';
export { plan, applied } from './plan.ts';
export { findDrift, type Drift } from './drift.ts';
export { formatPlan, serviceKeyText } from './plan-text.ts';
export { checkerId, serviceId, realServerText } from './identity.ts';
export { planReasons, type PlanReason } from './plan-reasons.ts';
export { parseSavedTable, type SavedTable } from './saved-table.ts';
export { desiredSyncDaemons, planSyncDaemons, syncDaemonText, type SyncSettings } from './sync-daemons.ts';
