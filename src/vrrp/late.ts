import type { Draft } from './state.ts';
import { masterDownMs } from './actions.ts';
import { unitOf, unitToBackup, wantMaster } from './transitions.ts';

/** What is done when this process was not scheduled in time. */

/**
 * timer_expired_backup: who was silent for so long that another one must have become master does not preempt that one by
 * going on. It listens as a backup of the given priority does, and is master again only where nobody is.
 */
export function yieldIfSilent(draft: Draft, i: number): void {
  const { state, config, advertAtMs } = draft.instance(i);
  const { timerExpiredBackup: priority } = config;
  if (priority === undefined || !config.nopreempt) return;
  if (state !== 'MASTER' || advertAtMs === undefined) return;
  const silentMs = draft.nowMs - (advertAtMs - config.advertIntMs);
  if (silentMs < config.downTimerAdverts * config.advertIntMs) return;
  const text = `no advert was sent for ${silentMs.toFixed(0)} ms: this process was not scheduled; yielding (timer_expired_backup)`;
  draft.log('warning', `(${config.name}) ${text}`);
  unitToBackup(
    draft,
    unitOf(draft, i),
    (member) => draft.nowMs + masterDownMs({ ...member, effectivePriority: priority }),
  );
}

/** How long the sockets are read once more when the timer was but a little late: one turn of an event loop. */
const oneTurnMs = 1;

/**
 * When this process was not scheduled, the adverts that it missed are still in its socket, or those of a frozen machine
 * never came: it listens once more, and only once, before it believes that the master is dead. Later than a tenth of the
 * interval, that is for a whole interval.
 */
export function masterDown(draft: Draft, i: number, dueMs: number): void {
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
