import type { AddressEntry, VrrpInstance } from '../config/index.ts';
import { arrange, newInstance, newScript } from './build.ts';
import type { EngineConfig } from './events.ts';
import type { Draft, InstanceState } from './state.ts';
import { announce, changeAddresses, notify, release, sendAdvert } from './transitions.ts';

/**
 * Takes a new configuration: instances that are the same virtual router go on as they are, a master's addresses change by
 * the difference. All removals come before all additions, so that an address can move between instances in one reload.
 */
export function reload(draft: Draft, config: EngineConfig): void {
  const before = draft.instances;
  const successor = new Map(config.vrrp.instances.map((instance) => [identity(instance), instance]));
  for (const [i, instance] of before.entries()) {
    const next = successor.get(identity(instance.config));
    if (next === undefined) {
      if (instance.state === 'MASTER') release(draft, i, { tell: true, keepAddresses: false });
      notify(draft, i, deletedState(instance.config));
    } else if (instance.state === 'MASTER') {
      // The peers hear from us just before anything that could take time.
      sendAdvert(draft, i);
      changeAddresses(draft, i, 'remove-addresses', missing(instance.config, next));
    }
  }
  const kept = new Map(draft.instances.map((instance) => [identity(instance.config), instance]));
  const groupStates = new Map(draft.groups.map((group) => [group.config.name, group.state]));
  const { groups, index } = arrange(config);
  draft.set({
    config,
    index,
    instances: config.vrrp.instances.map((instance) => carriedOver(kept.get(identity(instance)), instance)),
    groups: groups.map((group) => ({ ...group, state: groupStates.get(group.config.name) ?? 'INIT' })),
    scripts: config.vrrp.scripts.map((script) => {
      const now = draft.shared.scripts.find((candidate) => candidate.config.name === script.name);
      return now === undefined ? { ...newScript(script), nextRunAtMs: draft.nowMs } : { ...now, config: script };
    }),
  });
  for (const [i, instance] of draft.instances.entries()) {
    const previous = kept.get(identity(instance.config));
    if (previous === undefined || instance.state !== 'MASTER') continue;
    const added = missing(instance.config, previous.config);
    changeAddresses(draft, i, 'add-addresses', added);
    if (added.length > 0) announce(draft, i, instance.config.garpMasterRepeat);
  }
}

/** The same virtual router: what its peers know it by. */
function identity(config: VrrpInstance): string {
  return `${config.interface ?? ''}/${String(config.virtualRouterId)}/${config.family}`;
}

function carriedOver(now: InstanceState | undefined, config: VrrpInstance): InstanceState {
  if (now === undefined) return newInstance(config);
  const masterAdvertIntMs = now.state === 'MASTER' || config.version === 2 ? config.advertIntMs : now.masterAdvertIntMs;
  return { ...now, config, masterAdvertIntMs };
}

function deletedState(config: VrrpInstance): 'DELETED' | 'FAULT' {
  return config.notifyDeletedEnabled || config.notifyDeleted !== undefined ? 'DELETED' : 'FAULT';
}

/** The addresses of `from` that `other` does not have in the same form. */
function missing(from: VrrpInstance, other: VrrpInstance): readonly AddressEntry[] {
  const there = new Set(entries(other).map((entry) => entryKey(entry, other)));
  return entries(from).filter((entry) => !there.has(entryKey(entry, from)));
}

function entries(config: VrrpInstance): readonly AddressEntry[] {
  return [...config.virtualIpaddress, ...config.virtualIpaddressExcluded];
}

function entryKey(entry: AddressEntry, config: VrrpInstance): string {
  return `${entry.address}/${String(entry.prefixLength)} ${entry.dev ?? config.interface ?? ''} ${entry.label ?? ''}`;
}
