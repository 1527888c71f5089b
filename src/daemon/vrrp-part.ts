import { ipFamily, ipFromBytes, ipToBytes, type IpAddress } from '../core/index.ts';
import type { AddressEntry } from '../config/index.ts';
import {
  createDeadlineTimer,
  monotonicMs,
  openIcmpv6Sender,
  openLinkSender,
  openVrrpReceiver,
  openVrrpSender,
  type LinkSender,
  type RawSender,
  type VrrpReceiver,
} from '../platform/index.ts';
import type { AddressRequest, RouteClient } from '../rtnetlink/index.ts';
import {
  gratuitousArp,
  ipv4Datagram,
  newVrrpState,
  nextVrrpDeadline,
  resumable,
  unsolicitedNa,
  vrrpStep,
  type EngineConfig,
  type VrrpEffect,
  type VrrpEvent,
  type VrrpState,
} from '../vrrp/index.ts';
import type { Interfaces } from './interfaces.ts';
import type { FromVrrp, Log, VrrpOrder, VrrpStart } from './messages.ts';

/**
 * The vrrp process around its engine: events in, effects out in their order, one timer. Adverts are sent at once; what
 * waits for the kernel's answer (addresses) and what must come after it (announcements, notifications) queues behind it.
 */
export class VrrpPart {
  readonly #log: Log;
  readonly #tell: (message: FromVrrp) => void;
  readonly #route: RouteClient;
  readonly #interfaces: Interfaces;
  readonly #senders: {
    ipv4?: RawSender | undefined;
    ipv6?: RawSender | undefined;
    na?: RawSender | undefined;
    link?: LinkSender | undefined;
  } = {};
  readonly #receivers = new Map<string, VrrpReceiver>();
  readonly #timer = createDeadlineTimer(() => {
    this.#step({ type: 'timer' });
  });
  readonly #mute = new Set<string>();
  #state: VrrpState;
  #config: EngineConfig;
  #reported = '';
  /** Ends when everything that was asked of the kernel so far is done. */
  #work: Promise<void> = Promise.resolve();
  readonly #keepAddresses: boolean;

  constructor(
    edges: {
      readonly log: Log;
      readonly tell: (message: FromVrrp) => void;
      readonly route: RouteClient;
      readonly interfaces: Interfaces;
    },
    start: VrrpStart,
  ) {
    this.#log = edges.log;
    this.#tell = edges.tell;
    this.#route = edges.route;
    this.#interfaces = edges.interfaces;
    this.#config = start.config;
    this.#state = newVrrpState(start.config);
    this.#keepAddresses = start.keepAddresses;
    edges.interfaces.onChange((change) => {
      this.#openReceivers();
      this.#step(change);
    });
    this.#openReceivers();
    const resume = start.resume === undefined ? {} : { resume: start.resume };
    this.#step({ type: 'start', interfaces: edges.interfaces.all(), files: start.files, ...resume });
  }

  handle(message: VrrpOrder): void {
    if (message.type === 'reload') {
      this.#config = message.config;
      this.#openReceivers();
    }
    this.#step(message);
  }

  /** Releases everything; resolves when the kernel has it. */
  async stop(): Promise<void> {
    this.#step({ type: 'stop', keepAddresses: this.#keepAddresses });
    await this.#work;
    for (const receiver of this.#receivers.values()) receiver.close();
  }

  #step(event: VrrpEvent): void {
    const { state, effects } = vrrpStep(this.#state, event, monotonicMs());
    this.#state = state;
    // What the network waits for comes before what people read: a line in the log costs more than a packet.
    for (const effect of effects) if (effect.type !== 'log') this.#perform(effect);
    for (const effect of effects) if (effect.type === 'log') this.#log(effect.level, effect.text);
    const states = resumable(state);
    const report = JSON.stringify(states);
    if (report !== this.#reported) {
      this.#reported = report;
      this.#tell({ type: 'states', states });
    }
    this.#timer.arm(nextVrrpDeadline(state));
  }

  #perform(effect: Exclude<VrrpEffect, { readonly type: 'log' }>): void {
    switch (effect.type) {
      case 'send-advert':
        this.#sendAdvert(effect);
        break;
      case 'run-script':
        this.#tell(effect);
        break;
      case 'add-addresses':
      case 'remove-addresses':
        this.#after(() => this.#changeAddresses(effect));
        break;
      case 'announce':
        this.#after(() => {
          this.#announce(effect.ifname, effect.address);
        });
        break;
      case 'notify':
        this.#after(() => {
          const { object, name, state, priority } = effect;
          this.#tell({ type: 'notify-vrrp', object, name, state, priority });
        });
        break;
    }
  }

  #after(work: () => Promise<void> | void): void {
    this.#work = this.#work.then(work);
  }

  #sendAdvert(effect: Extract<VrrpEffect, { type: 'send-advert' }>): void {
    const { ifname, family, source, destination, ttl, id } = effect;
    const sender = (this.#senders[family] ??= this.#open(`VRRP sender (${family})`, openVrrpSender(family)));
    const ifindex = this.#interfaces.index(ifname);
    if (sender === undefined || ifindex === undefined) return;
    const bytes = family === 'ipv4' ? ipv4Datagram({ source, destination, ttl, id }, effect.pdu) : effect.pdu;
    const sent = sender.send({ ifname, ifindex, source, destination, ttl, bytes });
    this.#sayOnce(`send ${effect.instance}`, sent.ok ? undefined : `(${effect.instance}) ${sent.error.text}`);
  }

  async #changeAddresses(effect: Extract<VrrpEffect, { type: 'add-addresses' | 'remove-addresses' }>): Promise<void> {
    const { ifname, entries } = effect;
    const ifindex = this.#interfaces.index(ifname);
    if (ifindex === undefined) {
      if (effect.type === 'add-addresses')
        this.#log('error', `interface ${ifname} does not exist: its addresses cannot be set`);
      return;
    }
    const requests = entries.map((entry) => addressRequest(entry, ifindex));
    const results =
      effect.type === 'add-addresses'
        ? await this.#route.addAddresses(requests)
        : await this.#route.removeAddresses(requests);
    for (const result of results) {
      // With its interface an address has gone too.
      const gone = effect.type === 'remove-addresses' && !result.ok && result.error.code === 'ENODEV';
      if (!result.ok && !gone) this.#log('error', `${ifname}: ${result.error.text}`);
    }
  }

  #announce(ifname: string, address: IpAddress): void {
    const ifindex = this.#interfaces.index(ifname);
    const mac = this.#interfaces.mac(ifname);
    if (ifindex === undefined || mac?.length !== 6) return;
    if (ipFamily(address) === 'ipv4') {
      const link = (this.#senders.link ??= this.#open('gratuitous ARP', openLinkSender()));
      const sent = link?.send(ifname, ifindex, gratuitousArp(mac, address));
      if (sent !== undefined) this.#sayOnce(`arp ${ifname}`, sent.ok ? undefined : sent.error.text);
      return;
    }
    const na = (this.#senders.na ??= this.#open('neighbour advertisements', openIcmpv6Sender()));
    const destination = ipFromBytes(Uint8Array.of(0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1));
    const sent = na?.send({
      ifname,
      ifindex,
      source: address,
      destination,
      ttl: 255,
      bytes: unsolicitedNa(mac, address, false),
    });
    if (sent !== undefined) this.#sayOnce(`na ${ifname}`, sent.ok ? undefined : sent.error.text);
  }

  /** One receiver for each interface and family that an instance uses; opened anew when the interface comes back. */
  #openReceivers(): void {
    const wanted = new Map<string, { ifname: string; family: 'ipv4' | 'ipv6'; groups: Set<IpAddress> }>();
    for (const instance of this.#config.vrrp.instances) {
      if (instance.interface === undefined) continue;
      const key = `${instance.interface} ${instance.family}`;
      const entry = wanted.get(key) ?? { ifname: instance.interface, family: instance.family, groups: new Set() };
      wanted.set(key, entry);
      if (instance.unicastPeer.length > 0) continue;
      entry.groups.add(
        instance.mcastDstIp ?? (instance.family === 'ipv4' ? this.#config.mcastGroup4 : this.#config.mcastGroup6),
      );
    }
    for (const [key, receiver] of this.#receivers) {
      const ifindex = this.#interfaces.index(wanted.get(key)?.ifname ?? '');
      if (ifindex === receiver.ifindex) continue;
      receiver.close();
      this.#receivers.delete(key);
    }
    for (const [key, { ifname, family, groups }] of wanted) {
      const ifindex = this.#interfaces.index(ifname);
      if (ifindex === undefined || this.#receivers.has(key)) continue;
      const receiver = openVrrpReceiver({
        ifname,
        ifindex,
        family,
        groups: [...groups],
        onPacket: (packet) => {
          this.#step({ type: 'packet', ...packet });
        },
        onError: (error) => {
          this.#log('error', error.text);
          this.#receivers.delete(key);
        },
      });
      this.#sayOnce(`receive ${key}`, receiver.ok ? undefined : receiver.error.text);
      if (receiver.ok) this.#receivers.set(key, receiver.value);
    }
  }

  #open<T>(
    what: string,
    opened:
      { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: { readonly text: string } },
  ): T | undefined {
    this.#sayOnce(what, opened.ok ? undefined : opened.error.text);
    return opened.ok ? opened.value : undefined;
  }

  /** A trouble is said when it begins, not each time; undefined: it is over. */
  #sayOnce(what: string, trouble: string | undefined): void {
    if (trouble === undefined) {
      this.#mute.delete(what);
    } else if (!this.#mute.has(what)) {
      this.#mute.add(what);
      this.#log('error', trouble);
    }
  }
}

const flagBits = { home: 0x10, nodad: 0x02, mngtmpaddr: 0x100, noprefixroute: 0x200, autojoin: 0x400 } as const;

function addressRequest(entry: AddressEntry, ifindex: number): AddressRequest {
  const { address, prefixLength, broadcast, peer, scope, label, preferredLftSecs } = entry;
  const flags = (entry.flags ?? []).reduce((bits, flag) => bits | flagBits[flag], 0);
  const sent = broadcast === '+' ? allHosts(address, prefixLength) : broadcast === '-' ? undefined : broadcast;
  return {
    ifindex,
    address,
    prefixLength: peer?.prefixLength ?? prefixLength,
    ...(scope === undefined ? {} : { scope }),
    ...(flags === 0 ? {} : { flags }),
    ...(label === undefined ? {} : { label }),
    ...(sent === undefined ? {} : { broadcast: sent }),
    ...(peer === undefined ? {} : { peer: peer.address }),
    ...(preferredLftSecs === undefined ? {} : { preferredLftSecs }),
  };
}

/** The broadcast address of a network: all host bits set. */
function allHosts(address: IpAddress, prefixLength: number): IpAddress {
  const bytes = ipToBytes(address);
  return ipFromBytes(bytes.map((byte, i) => byte | (0xff >> Math.min(8, Math.max(0, prefixLength - 8 * i)))));
}
