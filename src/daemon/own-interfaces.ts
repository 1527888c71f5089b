import type { IpAddress } from '../core/index.ts';
import { NftablesClient } from '../nftables-netlink/index.ts';
import { iprouteNames, netlinkProtocol, openNetlink, readSysctl, realAlarm, writeSysctl } from '../platform/index.ts';
import type { RouteClient } from '../rtnetlink/index.ts';
import { formerLinks, withVmacs, type EngineConfig, type VrrpEffect } from '../vrrp/index.ts';
import { Firewall, type Block } from './firewall.ts';
import type { Interfaces } from './interfaces.ts';
import type { Log, VrrpSettings, VrrpStart } from './messages.ts';
import type { SettingsBefore } from './settings-before.ts';
import { VmacKeeper } from './vmac-keeper.ts';
import { VmacSysctls } from './vmac-sysctls.ts';

type Blocking = Extract<VrrpEffect, { type: 'block-addresses' | 'unblock-addresses' }>;

/** The interfaces that are made for virtual addresses, and what belongs to them in the kernel's settings and firewall. */
export class OwnInterfaces {
  readonly #keeper: VmacKeeper;
  readonly #firewall: Firewall;
  #settings: VrrpSettings;
  /** What is made anew while a reload makes it too would be made twice. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    edges: {
      readonly log: Log;
      readonly before: SettingsBefore;
      readonly route: RouteClient;
      readonly interfaces: Interfaces;
      readonly firewallMade: (name: string | undefined) => void;
      readonly ipvlansMade: (ifnames: readonly string[]) => void;
    },
    start: VrrpStart,
  ) {
    const { log, before, route, interfaces } = edges;
    this.#settings = start.settings;
    const learned = (sysctls: Readonly<Record<string, string>>): void => {
      before.learned('vmacs', sysctls);
    };
    const ipvlansLeft = start.ipvlansBefore ?? [];
    this.#keeper = new VmacKeeper({
      route,
      interfaces,
      log,
      sysctls: new VmacSysctls({ read: readSysctl, write: writeSysctl, log, learned }, before.of('vmacs')),
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      beforeUp: () => this.#firewall.setVmacs(...this.#pairs()),
      former: (present) => formerLinks(start.config.vrrp, present, ipvlansLeft),
      ipvlans: { left: ipvlansLeft, made: edges.ipvlansMade },
      groupNumber: (name) => iprouteNames('group', this.#settings.iprouteFolders).get(name),
    });
    this.#firewall = new Firewall(
      {
        open: () => new NftablesClient(openNetlink(netlinkProtocol.netfilter), realAlarm),
        index: (ifname) => interfaces.index(ifname),
        log,
        made: edges.firewallMade,
      },
      { ...start.settings.firewall, used: usesFirewall(start.config) },
      resumedBlocks(start),
    );
  }

  /** Whether `prepare` can have anything to do with this configuration, or `finish` after it. */
  concernedBy({ vrrp }: EngineConfig): boolean {
    return !this.#keeper.idle || withVmacs(vrrp, this.#settings.vmacNaming, []).links.length > 0;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** Makes the interfaces of a configuration: it comes back with their names. */
  prepare(config: EngineConfig, settings: VrrpSettings): Promise<EngineConfig> {
    return this.#inTurn(() => this.#prepare(config, settings));
  }

  async #prepare(config: EngineConfig, settings: VrrpSettings): Promise<EngineConfig> {
    this.#settings = settings;
    const { vrrp, links } = withVmacs(config.vrrp, settings.vmacNaming, this.#keeper.present());
    await this.#keeper.hold(links, virtualAddresses(config));
    await this.#firewall.setVmacs(...this.#pairs());
    return { ...config, vrrp };
  }

  /** Takes away what the configuration has no use for. */
  async finish(config: EngineConfig, settings: VrrpSettings): Promise<void> {
    await this.#keeper.release();
    await this.#firewall.setVmacs(...this.#pairs());
    await this.#firewall.set({ ...settings.firewall, used: usesFirewall(config) });
  }

  /** Takes away the tables of nftables that a former run left, unless ours take their place. */
  async clear(tables: string): Promise<void> {
    await this.#firewall.clear(tables);
  }

  concerns(ifname: string): boolean {
    return this.#keeper.concerns(ifname);
  }

  /** After news of an interface that concerns these: what is missing is made again. */
  repair(ifname: string): Promise<void> {
    return this.#inTurn(async () => {
      await this.#keeper.repair(ifname);
      await this.#firewall.setVmacs(...this.#pairs());
    });
  }

  async changeBlock(effect: Blocking, { vrrp }: EngineConfig): Promise<void> {
    if (effect.type === 'unblock-addresses') {
      await this.#firewall.unblock(effect.instance);
      return;
    }
    const unsteady = vrrp.instances.find(({ name }) => name === effect.instance)?.dontTrackPrimary === true;
    await this.#firewall.block(effect.instance, { entries: effect.entries, unsteady });
  }

  async stop(): Promise<void> {
    await this.#firewall.stop();
    await this.#keeper.stop();
  }

  #pairs(): Parameters<Firewall['setVmacs']> {
    const { vmacs4, vmacs6 } = this.#keeper.pairs();
    return [vmacs4, vmacs6];
  }
}

function usesFirewall({ vrrp }: EngineConfig): boolean {
  return vrrp.instances.some(
    ({ vmac, useVmacAddr, accept, virtualIpaddress, virtualIpaddressExcluded }) =>
      vmac?.kind === 'macvlan' ||
      useVmacAddr ||
      !accept ||
      [...virtualIpaddress, ...virtualIpaddressExcluded].some((entry) => entry.useVmac === true),
  );
}

/** What a predecessor that died had blocked goes on being blocked. */
function resumedBlocks({ config, resume = {} }: VrrpStart): ReadonlyMap<string, Block> {
  return new Map(
    config.vrrp.instances
      .filter(({ name, accept, priority }) => resume[name] === 'MASTER' && !accept && priority !== 255)
      .map((instance) => [
        instance.name,
        {
          entries: [...instance.virtualIpaddress, ...instance.virtualIpaddressExcluded],
          unsteady: instance.dontTrackPrimary,
        },
      ]),
  );
}

function virtualAddresses({ vrrp }: EngineConfig): ReadonlySet<IpAddress> {
  return new Set(
    vrrp.instances.flatMap(({ virtualIpaddress, virtualIpaddressExcluded }) =>
      [...virtualIpaddress, ...virtualIpaddressExcluded].map(({ address }) => address),
    ),
  );
}
