import { sendAdvert } from './actions.ts';
import { announce, announceExtra, nextAnnouncement, runDueAnnouncements } from './announcements.ts';
import { nextScriptDeadline, runDueScripts } from './scripts.ts';
import type { Draft, InstanceState, VrrpState } from './state.ts';
import { applyDueLinkChanges, nextLinkChange } from './debounce.ts';
import { settleAll } from './interfaces.ts';
import { masterDown, yieldIfSilent } from './late.ts';

/** When `timer` is due next; undefined: nothing to wait for. */
export function nextVrrpDeadline(state: VrrpState): number | undefined {
  if (state.phase !== 'running') return undefined;
  let next = earliest(nextScriptDeadline(state.scripts), nextAnnouncement(state.lanes));
  next = earliest(next, nextLinkChange(state.linkChanges));
  const timer = state.instances.reduce((first, instance) => Math.min(first, nextTimer(instance)), never);
  return timer === never ? next : earliest(next, timer);
}

const never = Number.POSITIVE_INFINITY;

/** When the first of an instance's timers is due. */
function nextTimer(instance: InstanceState): number {
  return Math.min(
    instance.masterDownAtMs ?? never,
    instance.advertAtMs ?? never,
    instance.secondGarpAtMs ?? never,
    instance.garpRefreshAtMs ?? never,
    instance.lowerPrioGarpAtMs ?? never,
    instance.extraGarpAtMs ?? never,
  );
}

/** Whether `timer` would believe a silence: all that has come must be handed in before it. */
export function judgesSilence({ instances }: VrrpState, nowMs: number): boolean {
  return instances.some(({ masterDownAtMs }) => masterDownAtMs !== undefined && masterDownAtMs <= nowMs);
}

export function timer(draft: Draft): void {
  if (applyDueLinkChanges(draft)) settleAll(draft);
  for (const i of draft.instances.keys()) if (nextTimer(draft.instance(i)) <= draft.nowMs) instanceTimers(draft, i);
  runDueAnnouncements(draft);
  runDueScripts(draft);
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

function instanceTimers(draft: Draft, i: number): void {
  const { nowMs } = draft;
  const due = (at: number | undefined): at is number => at !== undefined && at <= nowMs;
  yieldIfSilent(draft, i);
  const { advertAtMs, masterDownAtMs, config } = draft.instance(i);
  if (due(advertAtMs)) {
    sendAdvert(draft, i);
    // The beat is kept unless it was lost altogether: then it starts anew instead of sending a burst.
    const next = advertAtMs + config.advertIntMs;
    draft.update(i, { advertAtMs: next > nowMs ? next : nowMs + config.advertIntMs });
  }
  if (due(masterDownAtMs)) masterDown(draft, i, masterDownAtMs);
  const { secondGarpAtMs, garpRefreshAtMs, lowerPrioGarpAtMs, extraGarpAtMs } = draft.instance(i);
  if (due(secondGarpAtMs)) {
    draft.update(i, { secondGarpAtMs: undefined });
    announce(draft, i, config.garpMasterRepeat);
  }
  if (due(garpRefreshAtMs)) {
    draft.update(i, { garpRefreshAtMs: nowMs + config.garpMasterRefreshMs });
    announce(draft, i, config.garpMasterRefreshRepeat);
  }
  if (due(lowerPrioGarpAtMs)) {
    draft.update(i, { lowerPrioGarpAtMs: undefined });
    announce(draft, i, config.garpLowerPrioRepeat);
  }
  if (due(extraGarpAtMs)) {
    draft.update(i, { extraGarpAtMs: nowMs + (config.garpExtraIf?.intervalMs ?? Number.POSITIVE_INFINITY) });
    announceExtra(draft, i);
  }
}
