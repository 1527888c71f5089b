import type { Hmac } from './authentication-header.ts';
import { arrange, newInstance, newScript } from './build.ts';
import type { EngineConfig, VrrpEffect, VrrpEvent } from './events.ts';
import { replaceInterfaces } from './debounce.ts';
import { interfaceChanged, lostRoute, settleAll } from './interfaces.ts';
import { leave, start, stop, tellStates } from './lifetime.ts';
import { receive } from './receive.ts';
import { reload } from './reload.ts';
import { runDueScripts, scriptResult } from './scripts.ts';
import { Draft, type VrrpState } from './state.ts';
import { noStats } from './stats.ts';
import { timer } from './timers.ts';

/** The engine of a whole vrrp process: all instances, sync groups and tracked objects. `step` is its only way in. */

export interface VrrpStep {
  readonly state: VrrpState;
  /** To be performed in this order. */
  readonly effects: readonly VrrpEffect[];
}

export function newVrrpState(config: EngineConfig, hmac: Hmac): VrrpState {
  const { groups, index } = arrange(config);
  return {
    config,
    instances: config.vrrp.instances.map(newInstance),
    groups,
    scripts: config.vrrp.scripts.map(newScript),
    files: new Map(),
    processes: new Map(),
    bfds: new Map(),
    interfaces: new Map(),
    linkChanges: new Map(),
    ownRemovals: new Map(),
    lanes: new Map(),
    unknownReceivers: new Set(),
    index,
    phase: 'new',
    startedAtMs: 0,
    bootedAtMs: undefined,
    hmac,
  };
}

/** Advances the engine by one event. `nowMs` is monotonic and never goes back; `wallMs`, since 1970, may: signatures of adverts have it. */
export function vrrpStep(state: VrrpState, event: VrrpEvent, nowMs: number, wallMs = nowMs): VrrpStep {
  if (state.phase === 'stopped') return { state, effects: [] };
  const draft = new Draft(state, nowMs, wallMs);
  switch (event.type) {
    case 'start':
      takeTracked(draft, event);
      if (event.bfds !== undefined) draft.set({ bfds: new Map(Object.entries(event.bfds)) });
      if (state.phase === 'new') start(draft, event);
      break;
    case 'packet':
      if (state.phase === 'running') receive(draft, event);
      break;
    case 'interface':
      interfaceChanged(draft, event.facts.ifname, event.facts, event.went);
      break;
    case 'interface-gone':
      interfaceChanged(draft, event.ifname, undefined);
      break;
    case 'route-lost':
      if (state.phase === 'running') lostRoute(draft, event);
      break;
    case 'script-result':
      if (scriptResult(draft, event)) settleAll(draft);
      break;
    case 'file-value':
      draft.set({ files: new Map(state.files).set(event.trackFile, event.value) });
      settleAll(draft);
      break;
    case 'process-state':
      draft.set({ processes: new Map(state.processes).set(event.trackProcess, event.ok) });
      settleAll(draft);
      break;
    case 'bfd-state':
      draft.set({ bfds: new Map(state.bfds).set(event.bfd, event.up) });
      settleAll(draft);
      break;
    case 'clear-stats':
      draft.set({ instances: draft.instances.map((instance) => ({ ...instance, stats: noStats })) });
      break;
    case 'timer':
      if (state.phase === 'running') timer(draft);
      break;
    case 'reload':
      takeTracked(draft, event);
      if (event.interfaces !== undefined) replaceInterfaces(draft, event.interfaces);
      reload(draft, event.config);
      settleAll(draft);
      if (state.phase === 'running') runDueScripts(draft);
      if (state.phase === 'running' && event.config.statesOnReload === true) tellStates(draft);
      break;
    case 'stop':
      stop(draft, event.keepAddresses);
      break;
    case 'leave':
      leave(draft);
      break;
  }
  return { state: draft.state, effects: draft.effects };
}

function takeTracked(
  draft: Draft,
  { files, processes }: Pick<Extract<VrrpEvent, { type: 'start' | 'reload' }>, 'files' | 'processes'>,
): void {
  if (files !== undefined) draft.set({ files: new Map(Object.entries(files)) });
  if (processes !== undefined) draft.set({ processes: new Map(Object.entries(processes)) });
}
