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

/** So late is a process on any machine that is busy, also the master's. */
const usualLatenessMs = 10;

/**
 * Who hands in `timer` has read the sockets before (`judgesSilence`), so a process that was held up, for however long, has heard
 * what came meanwhile. What is left is a machine that stood still as a whole: adverts to it are lost or on their way, and all that
 * tells of it is the lateness. After a tenth of an interval, and more than what is usual, one more interval is listened, in which a
 * living master is heard; only once, since the next lateness says no more. What was put off in favour of other takeovers was judged before.
 */
export function masterDown(draft: Draft, i: number, dueMs: number): void {
  const { config, masterAdvertIntMs, relistened, wantsMaster } = draft.instance(i);
  const lateMs = draft.nowMs - dueMs;
  if (lateMs <= Math.max(masterAdvertIntMs / 10, usualLatenessMs) || relistened || wantsMaster) {
    wantMaster(draft, i);
    return;
  }
  const text = `timer was ${lateMs.toFixed(0)} ms late: this process was not scheduled; listening for one more interval`;
  draft.log('warning', `(${config.name}) ${text}`);
  draft.update(i, { masterDownAtMs: draft.nowMs + masterAdvertIntMs + usualLatenessMs, relistened: true });
}
