import {
  createDeadlineTimer,
  hmac,
  monotonicMs,
  readSysctl,
  uptimeMs,
  wallClockMs,
  writeSysctl,
} from '../platform/index.ts';
import type { RouteClient, RouteEvent } from '../rtnetlink/index.ts';
import {
  judgesSilence,
  newVrrpState,
  nextVrrpDeadline,
  statistics,
  successorFacts,
  successorNews,
  vrrpStep,
  vrrpView,
  type EngineConfig,
  type InterfaceFacts,
  type VrrpEffect,
  type VrrpEvent,
  type VrrpState,
} from '../vrrp/index.ts';
import type { Interfaces } from './interfaces.ts';
import type { FromVrrp, Log, Orphaned, VrrpOrder, VrrpSettings, VrrpStart } from './messages.ts';
import { IgmpReports } from './igmp-reports.ts';
import { KernelWork } from './kernel-work.ts';
import type { Linkbeat } from './linkbeat.ts';
import { NetworkChanges } from './network-changes.ts';
import { OwnInterfaces } from './own-interfaces.ts';
import { PromoteSecondaries } from './promote-secondaries.ts';
import { routeHost } from './route-host.ts';
import { SettingsBefore } from './settings-before.ts';
import type { StateFile } from './state-file.ts';
import { StaticObjects } from './static-objects.ts';
import { TroubleLog } from './trouble-log.ts';
import { VrrpReceivers } from './vrrp-receivers.ts';
import { VrrpSenders } from './vrrp-senders.ts';

/** Tells what happens in the kernel; routes and rules once they are asked for. */
export interface RouteMonitor {
  readonly client: Pick<RouteClient, 'onEvent'>;
  readonly onLost: (listener: () => void) => void;
  readonly watchRoutes: () => void;
}

interface VrrpPartEdges {
  readonly log: Log;
  readonly tell: (message: FromVrrp) => void;
  readonly route: RouteClient;
  readonly monitor: RouteMonitor;
  readonly interfaces: Interfaces;
  readonly linkbeat: Linkbeat;
  readonly stateFile: Pick<StateFile<'vrrp'>, 'update' | 'remove'>;
}

/**
 * The vrrp process around its engine: events in, effects out in their order, one timer. Adverts are sent at once; what
 * waits for the kernel's answer (addresses) and what must come after it (announcements, notifications) queues behind it.
 */
export class VrrpPart {
  readonly #log: Log;
  readonly #tell: (message: FromVrrp) => void;
  readonly #changes: NetworkChanges;
  readonly #statics: StaticObjects;
  readonly #monitor: RouteMonitor;
  readonly #interfaces: Interfaces;
  readonly #linkbeat: Linkbeat;
  readonly #stateFile: VrrpPartEdges['stateFile'];
  readonly #senders: VrrpSenders;
  readonly #receivers: VrrpReceivers;
  readonly #promotion: PromoteSecondaries;
  readonly #igmp: IgmpReports;
  readonly #timer = createDeadlineTimer(() => {
    if (judgesSilence(this.#state, monotonicMs())) this.#receivers.readAll();
    this.#step({ type: 'timer' });
  });
  #arming = false;
  #state: VrrpState;
  #config: EngineConfig;
  #settings: VrrpSettings;
  #told: VrrpState | undefined;
  /** Index and MTU of interfaces as sockets were last looked at. */
  readonly #followed = new Map<string, string>();
  readonly #kernel = new KernelWork();
  readonly #keepAddresses: boolean;
  readonly #own: OwnInterfaces;
  /** Orders wait behind a reload that waits for the kernel. */
  #orders: Promise<void> = Promise.resolve();
  #waitingOrders = 0;
  /** The engine is told of interfaces with the reload that is under way. */
  #interfacesChange = false;

  /** Resolves when it runs: what the configuration wants made is there. */
  static async open(edges: VrrpPartEdges, start: VrrpStart): Promise<VrrpPart> {
    const before = new SettingsBefore(start.sysctlsBefore, (sysctls) => {
      edges.tell({ type: 'sysctls-before', sysctls });
      void edges.stateFile.update({ sysctlsBefore: sysctls });
    });
    // What a former run left for this one is taken up now, and must not be found by the next.
    void edges.stateFile.update({});
    const firewallMade = (firewall: string | undefined): void => {
      void edges.stateFile.update({ firewall });
    };
    const ipvlansMade = (ipvlans: readonly string[]): void => {
      void edges.stateFile.update({ ipvlans });
    };
    const own = new OwnInterfaces({ ...edges, before, firewallMade, ipvlansMade }, start);
    await edges.linkbeat.set(start.settings.linkbeat);
    const { firewallBefore } = start;
    if (firewallBefore !== undefined) await own.clear(firewallBefore);
    if (!own.concernedBy(start.config) && Object.keys(before.of('vmacs')).length === 0)
      return new VrrpPart(edges, own, before, start);
    const config = await own.prepare(start.config, start.settings);
    const part = new VrrpPart(edges, own, before, { ...start, config });
    part.#kernel.after(() => own.finish(config, start.settings));
    return part;
  }

  private constructor(edges: VrrpPartEdges, own: OwnInterfaces, before: SettingsBefore, start: VrrpStart) {
    this.#own = own;
    this.#log = edges.log;
    this.#tell = edges.tell;
    this.#interfaces = edges.interfaces;
    this.#linkbeat = edges.linkbeat;
    this.#monitor = edges.monitor;
    this.#stateFile = edges.stateFile;
    this.#config = start.config;
    this.#settings = start.settings;
    const { log, route, interfaces } = edges;
    const host = routeHost(interfaces, () => this.#settings.iprouteFolders);
    this.#changes = new NetworkChanges({ log, route, interfaces, host });
    this.#statics = new StaticObjects({
      log,
      changes: this.#changes,
      after: (work) => {
        this.#kernel.after(work);
      },
    });
    const sysctls = { read: readSysctl, write: writeSysctl };
    const learned = (owner: 'promoted' | 'igmp') => (settings: Readonly<Record<string, string>>) => {
      before.learned(owner, settings);
    };
    this.#promotion = new PromoteSecondaries(log, sysctls, learned('promoted'), before.of('promoted'));
    this.#igmp = new IgmpReports(log, sysctls, learned('igmp'), before.of('igmp'));
    // As in the reference a reload changes nothing about it.
    if (start.settings.disableLocalIgmp) this.#igmp.disable();
    else this.#igmp.stop();
    const troubles = new TroubleLog(edges.log);
    this.#senders = new VrrpSenders(edges.interfaces, troubles);
    this.#receivers = new VrrpReceivers({
      interfaces,
      onPacket: (packet) => {
        this.#step({ type: 'packet', ...packet });
      },
      onTrouble: (what, error) => {
        troubles.say(what, error?.text);
      },
    });
    this.#state = newVrrpState(start.config, hmac);
    this.#keepAddresses = start.keepAddresses;
    interfaces.onChange((change) => {
      const ifname = change.type === 'interface' ? change.facts.ifname : change.ifname;
      if (this.#isOther(ifname)) this.#followInterfaces();
      this.#statics.interfaceChanged(change);
      this.#linkbeat.changed(ifname);
      if (own.concerns(ifname)) this.#kernel.after(() => own.repair(ifname));
      if (!this.#interfacesChange) this.#step(change);
    });
    edges.monitor.client.onEvent((event) => {
      this.#lost(event);
    });
    edges.monitor.onLost(() => {
      this.#statics.repair();
      this.#kernel.after(() => this.#changes.repair());
    });
    this.#followInterfaces();
    for (const facts of interfaces.all()) this.#statics.interfaceChanged({ type: 'interface', facts });
    this.#watchRoutes();
    this.#statics.set(this.#config.vrrp);
    const { files, processes, bfds } = start;
    const [all, sinceBootMs] = [edges.interfaces.all(), uptimeMs()];
    this.#step({ type: 'start', interfaces: all, sinceBootMs, files, processes, bfds, ...resumed(start, sinceBootMs) });
  }

  handle(message: VrrpOrder): void {
    const slow = message.type === 'reload' && this.#own.concernedBy(message.config);
    if (!slow && this.#waitingOrders === 0) {
      this.#obey(message);
      return;
    }
    this.#waitingOrders++;
    this.#orders = this.#orders.then(async () => {
      if (message.type === 'reload') await this.#reloadInterfaces(message);
      else this.#obey(message);
      this.#waitingOrders--;
    });
  }

  /** New interfaces are there before the engine is told, those of before until it has let go of them. */
  async #reloadInterfaces(message: Extract<VrrpOrder, { type: 'reload' }>): Promise<void> {
    this.#interfacesChange = true;
    await this.#kernel.done;
    const config = await this.#own.prepare(message.config, message.settings);
    this.#interfaces.tellNow();
    this.#interfacesChange = false;
    this.#obey({ ...message, config }, this.#interfaces.all());
  }

  #obey(message: VrrpOrder, interfaces?: readonly InterfaceFacts[]): void {
    if (message.type === 'report') {
      this.#report();
      if (message.clear) this.#step({ type: 'clear-stats' });
      return;
    }
    if (message.type !== 'reload') {
      this.#step(message);
      return;
    }
    const { settings, ...event } = message;
    const { config } = event;
    this.#config = config;
    this.#settings = settings;
    this.#followInterfaces();
    this.#watchRoutes();
    void this.#linkbeat.set(settings.linkbeat);
    this.#statics.set(config.vrrp);
    this.#step({ ...event, ...(interfaces === undefined ? {} : { interfaces }) });
    this.#kernel.after(() => this.#own.finish(config, settings));
  }

  #report(): void {
    const nowMs = monotonicMs();
    const view = vrrpView(this.#state, nowMs);
    const report = { view, clockZeroMs: wallClockMs() - nowMs, interfaces: this.#interfaces.report() };
    this.#tell({ type: 'vrrp-report', report });
  }

  /** Releases everything, or leaves it to a successor; resolves when the kernel has it. */
  async stop(how: Orphaned): Promise<void> {
    await this.#orders;
    if (how === 'keep') {
      await this.#leave();
      return;
    }
    this.#step({ type: 'stop', keepAddresses: this.#keepAddresses });
    if (!this.#keepAddresses) this.#statics.stop();
    if (!this.#keepAddresses) this.#kernel.after(() => this.#own.stop());
    await this.#kernel.done;
    this.#promotion.stop();
    this.#igmp.stop();
    this.#hearNoMore();
    this.#linkbeat.stop();
    await this.#stateFile.remove();
  }

  /** The last adverts come last: from then on the peers wait. */
  async #leave(): Promise<void> {
    await this.#kernel.done;
    const leftAtMs = uptimeMs();
    this.#step({ type: 'leave' });
    await this.#stateFile.update({ ...successorFacts(this.#state), stats: statistics(this.#state), leftAtMs });
    this.#hearNoMore();
    this.#linkbeat.stop();
  }

  /** Of interfaces neither: what is late would open sockets and change settings again. */
  #hearNoMore(): void {
    this.#interfaces.onChange(() => undefined);
    this.#receivers.close();
  }

  #step(event: VrrpEvent): void {
    const { state, effects } = vrrpStep(this.#state, event, monotonicMs(), wallClockMs());
    this.#state = state;
    // What the network waits for comes before what people read: a line in the log costs more than a packet.
    for (const effect of effects) if (effect.type !== 'log') this.#perform(effect);
    for (const effect of effects) if (effect.type === 'log') this.#log(effect.level, effect.text);
    // At once: whoever takes over after a death must know it.
    const news = successorNews(this.#told, state);
    this.#told = state;
    if (news !== undefined) this.#tell({ type: 'states', ...news });
    this.#armTimer();
  }

  /** Once for all that came together: of a thousand instances each may have the next deadline. */
  #armTimer(): void {
    if (this.#arming) return;
    this.#arming = true;
    queueMicrotask(() => {
      this.#arming = false;
      this.#timer.arm(nextVrrpDeadline(this.#state));
    });
  }

  #perform(effect: Exclude<VrrpEffect, { readonly type: 'log' }>): void {
    switch (effect.type) {
      case 'send-advert':
        this.#senders.advert(effect);
        break;
      case 'run-script':
        this.#tell(effect);
        break;
      case 'add-addresses':
        this.#kernel.ask(() => this.#changes.addAddresses(effect.ifname, effect.entries));
        break;
      case 'remove-addresses':
        this.#kernel.takeBack(() => this.#changes.removeAddresses(effect.ifname, effect.entries));
        break;
      case 'block-addresses':
      case 'unblock-addresses':
        this.#kernel.after(() => this.#own.changeBlock(effect, this.#config));
        break;
      case 'add-routes':
        this.#kernel.after(() => this.#changes.addRoutes(effect.instance, effect.entries));
        break;
      case 'remove-routes':
        this.#kernel.after(() => this.#changes.removeRoutes(effect.instance, effect.entries));
        break;
      case 'add-rules':
        this.#kernel.after(() => this.#changes.addRules(effect.instance, effect.entries));
        break;
      case 'remove-rules':
        this.#kernel.after(() => this.#changes.removeRules(effect.instance, effect.entries));
        break;
      case 'announce':
        this.#kernel.announce(() => {
          this.#senders.announcement(effect.ifname, effect.address);
        });
        break;
      case 'notify':
        this.#kernel.tell(() => {
          this.#tell({ ...effect, type: 'notify-vrrp' });
        });
        break;
    }
  }

  /** Whether sockets have to be looked at again: not for each of the thousand addresses that a takeover brings. */
  #isOther(ifname: string): boolean {
    const link = this.#interfaces.link(ifname);
    const now = link === undefined ? '' : `${String(link.ifindex)} ${String(link.mtu)}`;
    const other = this.#receivers.lacking || this.#followed.get(ifname) !== now;
    this.#followed.set(ifname, now);
    return other;
  }

  /** What hangs on interfaces being there. */
  #followInterfaces(): void {
    this.#receivers.set(this.#config, this.#settings.receiveBuffers);
    this.#promotion.set(this.#config.vrrp.instances, (ifname) => this.#interfaces.index(ifname));
  }

  /** Routes and rules are listened for only where there are any of ours: on a router the others are many. */
  #watchRoutes(): void {
    const { instances, staticRoutes, staticRules } = this.#config.vrrp;
    const tracked = ({ noTrack }: { readonly noTrack: boolean }): boolean => !noTrack;
    if (
      [...staticRoutes, ...staticRules].some(tracked) ||
      instances.some(({ virtualRoutes, virtualRules }) => [...virtualRoutes, ...virtualRules].some(tracked))
    )
      this.#monitor.watchRoutes();
  }

  #lost(event: RouteEvent): void {
    if (event.type === 'address-gone') {
      const ifname = this.#interfaces.name(event.address.ifindex);
      if (ifname !== undefined) this.#statics.addressGone(ifname, event.address.address);
      return;
    }
    const lost = this.#changes.lost(event);
    if (lost === undefined) return;
    if (lost.owner === undefined) this.#statics.routeGone(lost);
    else this.#step({ type: 'route-lost', instance: lost.owner, text: lost.text });
  }
}

function resumed(start: VrrpStart, nowMs: number): Partial<Extract<VrrpEvent, { type: 'start' }>> {
  const { resume, ahSequences, scripts, stats, leftAtMs } = start;
  if (resume === undefined) return {};
  return {
    resume,
    ahSequences,
    scripts,
    ...(stats === undefined ? {} : { stats }),
    ...(leftAtMs === undefined ? {} : { sinceLeftMs: Math.max(0, nowMs - leftAtMs) }),
  };
}
