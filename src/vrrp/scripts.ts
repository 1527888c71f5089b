import type { VrrpEvent } from './events.ts';
import type { Draft, ScriptState } from './state.ts';

/** The schedule of vrrp_script: when each runs, and what its results mean (keepalived.conf(5): rise, fall, init_fail). */

export function nextScriptDeadline(scripts: readonly ScriptState[]): number | undefined {
  return scripts.length === 0 ? undefined : Math.min(...scripts.map(({ nextRunAtMs }) => nextRunAtMs));
}

export function runDueScripts(draft: Draft): void {
  if (!draft.shared.scripts.some(({ nextRunAtMs }) => nextRunAtMs <= draft.nowMs)) return;
  const scripts = draft.shared.scripts.map((script) => {
    if (script.nextRunAtMs > draft.nowMs) return script;
    const nextRunAtMs = draft.nowMs + script.config.intervalMs;
    if (script.running) {
      draft.log('warning', `Track script ${script.config.name} is still running: skipping this run`);
      return { ...script, nextRunAtMs };
    }
    draft.emit({
      type: 'run-script',
      script: script.config.name,
      timeoutMs: script.config.timeoutMs ?? script.config.intervalMs,
    });
    return { ...script, running: true, nextRunAtMs };
  });
  draft.set({ scripts });
}

/** Takes a result in; true where the script's status changed. */
export function scriptResult(draft: Draft, event: Extract<VrrpEvent, { type: 'script-result' }>): boolean {
  let changed = false;
  const scripts = draft.shared.scripts.map((script) => {
    if (script.config.name !== event.script || !script.running) return script;
    const next = judged({ ...script, running: false }, event.ok);
    if (next.status !== script.status) {
      changed = true;
      draft.log(
        next.status === 'up' ? 'info' : 'warning',
        `VRRP_Script(${script.config.name}) ${next.status === 'up' ? 'succeeded' : `failed (${event.reason})`}`,
      );
    }
    return next;
  });
  draft.set({ scripts });
  return changed;
}

/** The first result decides alone; after it, `fall` failures or `rise` successes in a row turn the status. */
function judged(script: ScriptState, ok: boolean): ScriptState {
  const status = ok ? 'up' : 'down';
  if (script.status === 'init') return { ...script, status, streak: 0 };
  if (script.status === status) return { ...script, streak: 0 };
  const streak = script.streak + 1;
  return streak >= (ok ? script.config.rise : script.config.fall)
    ? { ...script, status, streak: 0 }
    : { ...script, streak };
}
