import type { AddressEntry, VrrpInstance, VrrpScript } from '../config/index.ts';
import {
  addRoutes,
  allAddresses,
  changeBlock,
  changeAddresses,
  entryKey,
  lineKey,
  notify,
  release,
  removeRoutes,
  sendAdvert,
} from './actions.ts';
import { announce, firstExtraGarp } from './announcements.ts';
import { arrange, newInstance, newScript } from './build.ts';
import type { EngineConfig } from './events.ts';
import { removeLeftovers } from './leftovers.ts';
import { addressKey, type Draft, type InstanceState, type ScriptState } from './state.ts';

/**
 * Takes a new configuration: instances that are the same virtual router go on as they are, a master's addresses change by
 * the difference. All removals come before all additions, and what another master has after the reload is not removed at
 * all, so that an address can move between instances in one reload.
 */
export function reload(draft: Draft, config: EngineConfig): void {
  const successor = new Map(config.vrrp.instances.map((instance) => [identity(instance), instance]));
  const before = new Map(draft.instances.map((instance) => [identity(instance.config), instance]));
  releaseOld(draft, successor);
  const carried = new Map(draft.instances.map((instance) => [identity(instance.config), instance]));
  const groupStates = new Map(draft.groups.map((group) => [group.config.name, group.state]));
  const { groups, index } = arrange(config);
  draft.set({
    config,
    index,
    instances: config.vrrp.instances.map((instance) => carriedOver(draft, carried.get(identity(instance)), instance)),
    groups: groups.map((group) => ({ ...group, state: groupStates.get(group.config.name) ?? 'INIT' })),
    scripts: config.vrrp.scripts.map((script) => carriedScript(draft, script)),
    unknownReceivers: new Set(),
  });
  for (const [i, { config: now, state }] of draft.instances.entries()) {
    const previous = before.get(identity(now));
    if (previous === undefined || state !== 'MASTER') continue;
    const added = missing(now, previous.config);
    changeBlock(draft, i, previous);
    changeAddresses(draft, i, 'add-addresses', added);
    // The kernel takes routes away with the address that they name as their source.
    addRoutes(draft, i, missing(previous.config, now).length > 0 ? now : newRoutes(now, previous.config));
    if (added.length > 0) announce(draft, i, now.garpMasterRepeat);
  }
  removeNewLeftovers(draft, before);
}

/** What instances that are not MASTER have from now on, and what nobody is MASTER of, must not be there. */
function removeNewLeftovers(draft: Draft, before: ReadonlyMap<string, InstanceState>): void {
  const masters = draft.instances.filter(({ state }) => state === 'MASTER');
  const held = new Set(
    masters.flatMap(({ config }) =>
      allAddresses(config).map((entry) => addressKey(entry.dev ?? config.interface ?? '', entry.address)),
    ),
  );
  for (const [i, { config, state }] of draft.instances.entries()) {
    if (state === 'MASTER') continue;
    const previous = before.get(identity(config));
    const added = previous === undefined ? allAddresses(config) : missing(config, previous.config);
    removeLeftovers(draft, i, added, held);
  }
}

function releaseOld(draft: Draft, successor: ReadonlyMap<string, VrrpInstance>): void {
  const masters = draft.instances.filter(({ state }) => state === 'MASTER');
  const stays = new Set(
    masters.flatMap(({ config }) => {
      const next = successor.get(identity(config));
      if (next === undefined) return [];
      return [
        ...allAddresses(next).map((entry) => entryKey(entry, next)),
        ...[...next.virtualRoutes, ...next.virtualRules].map(lineKey),
      ];
    }),
  );
  for (const [i, { config, state }] of draft.instances.entries()) {
    const next = successor.get(identity(config));
    if (next === undefined) {
      if (state === 'MASTER') release(draft, i, { tell: true, keepAddresses: false, except: stays });
      if (config.notifyDeletedEnabled || config.notifyDeleted !== undefined) notify(draft, i, 'DELETED');
      // What is in FAULT was told [ref].
      else if (state !== 'FAULT') notify(draft, i, 'FAULT');
    } else if (state === 'MASTER') {
      // The peers hear from us just before anything that could take time.
      sendAdvert(draft, i);
      removeRoutes(draft, i, stays);
      const removed = allAddresses(config).filter((entry) => !stays.has(entryKey(entry, config)));
      changeAddresses(draft, i, 'remove-addresses', removed);
    }
  }
}

/** The same virtual router: what its peers know it by. */
function identity(config: VrrpInstance): string {
  return `${config.interface ?? ''}/${String(config.virtualRouterId)}/${config.family}`;
}

function carriedOver(draft: Draft, now: InstanceState | undefined, config: VrrpInstance): InstanceState {
  if (now === undefined) return { ...newInstance(config), lastTransitionMs: draft.nowMs };
  const demoted = now.demoted && config.priority === 255 && now.config.priority === 255;
  if (now.state !== 'MASTER') {
    // Only version 3 tells of its interval, and only who listens has heard of it.
    const heard = config.version === 3 && now.state === 'BACKUP';
    return { ...now, config, demoted, ...(heard ? {} : { masterAdvertIntMs: config.advertIntMs }) };
  }
  // The advert that was just sent begins the new beat.
  const advertAtMs = draft.nowMs + config.advertIntMs;
  const refreshMs = config.garpMasterRefreshMs;
  const garpRefreshAtMs = refreshMs > 0 ? (now.garpRefreshAtMs ?? draft.nowMs + refreshMs) : undefined;
  const firstExtra = firstExtraGarp(config, draft.nowMs);
  const extraGarpAtMs = firstExtra && Math.min(firstExtra, now.extraGarpAtMs ?? firstExtra);
  return {
    ...now,
    config,
    demoted,
    masterAdvertIntMs: config.advertIntMs,
    advertAtMs,
    garpRefreshAtMs,
    extraGarpAtMs,
  };
}

function carriedScript(draft: Draft, script: VrrpScript): ScriptState {
  const now = draft.shared.scripts.find(({ config }) => config.name === script.name);
  if (now === undefined) return { ...newScript(script), nextRunAtMs: draft.nowMs };
  return { ...now, config: script, nextRunAtMs: Math.min(now.nextRunAtMs, draft.nowMs + script.intervalMs) };
}

/** The addresses of `from` that `other` does not have in the same form. */
function missing(from: VrrpInstance, other: VrrpInstance): readonly AddressEntry[] {
  const there = new Set(allAddresses(other).map((entry) => entryKey(entry, other)));
  return allAddresses(from).filter((entry) => !there.has(entryKey(entry, from)));
}

function newRoutes(now: VrrpInstance, previous: VrrpInstance): Pick<VrrpInstance, 'virtualRoutes' | 'virtualRules'> {
  const there = new Set([...previous.virtualRoutes, ...previous.virtualRules].map(lineKey));
  return {
    virtualRoutes: now.virtualRoutes.filter((route) => !there.has(lineKey(route))),
    virtualRules: now.virtualRules.filter((rule) => !there.has(lineKey(rule))),
  };
}
