import { sendAdvert } from './actions.ts';
import { announce, announceExtra, nextAnnouncement, runDueAnnouncements } from './announcements.ts';
import { nextScriptDeadline, runDueScripts } from './scripts.ts';
import type { Draft, VrrpState } from './state.ts';
import { wantMaster } from './transitions.ts';

/** When `timer` is due next; undefined: nothing to wait for. */
export function nextVrrpDeadline(state: VrrpState): number | undefined {
  if (state.phase !== 'running') return undefined;
  let next = earliest(nextScriptDeadline(state.scripts), nextAnnouncement(state.lanes));
  for (const instance of state.instances) {
    for (const due of [
      instance.masterDownAtMs,
      instance.advertAtMs,
      instance.secondGarpAtMs,
      instance.garpRefreshAtMs,
      instance.lowerPrioGarpAtMs,
      instance.extraGarpAtMs,
    ]) {
      if (due !== undefined && (next === undefined || due < next)) next = due;
    }
  }
  return next;
}

export function timer(draft: Draft): void {
  for (const i of draft.instances.keys()) instanceTimers(draft, i);
  runDueAnnouncements(draft);
  runDueScripts(draft);
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

function instanceTimers(draft: Draft, i: number): void {
  const { nowMs } = draft;
  const due = (at: number | undefined): at is number => at !== undefined && at <= nowMs;
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

/** How long the sockets are read once more when the timer was but a little late: one turn of an event loop. */
const oneTurnMs = 1;

/**
 * When this process was not scheduled, the adverts that it missed are still in its socket, or those of a frozen machine
 * never came: it listens once more, and only once, before it believes that the master is dead. Later than a tenth of the
 * interval, that is for a whole interval.
 */
function masterDown(draft: Draft, i: number, dueMs: number): void {
  const { config, masterAdvertIntMs, relistened } = draft.instance(i);
  const lateMs = draft.nowMs - dueMs;
  if (lateMs <= 0 || relistened) {
    wantMaster(draft, i);
    return;
  }
  const frozen = lateMs > masterAdvertIntMs / 10;
  if (frozen) {
    const text = `timer was ${lateMs.toFixed(0)} ms late: this process was not scheduled; listening for one more interval`;
    draft.log('warning', `(${config.name}) ${text}`);
  }
  draft.update(i, { masterDownAtMs: draft.nowMs + (frozen ? masterAdvertIntMs : oneTurnMs), relistened: true });
}
