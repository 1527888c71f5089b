import { ipFamily, ipFromBytes, type IpAddress } from '../core/index.ts';
import {
  monotonicMs,
  openIcmpv6Sender,
  openLinkSender,
  openVrrpSender,
  readSysctl,
  type LinkSender,
  type RawSender,
} from '../platform/index.ts';
import { gratuitousArp, ipv4Datagram, unsolicitedNa, type VrrpEffect } from '../vrrp/index.ts';
import { Forwarding } from './forwarding.ts';
import type { Interfaces } from './interfaces.ts';
import type { TroubleLog } from './trouble-log.ts';

const allNodes = ipFromBytes(Uint8Array.of(0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1));

/** Sends adverts and announcements; each socket is opened when it is needed first. */
export class VrrpSenders {
  readonly #interfaces: Interfaces;
  readonly #troubles: TroubleLog;
  readonly #forwarding = new Forwarding(readSysctl, monotonicMs);
  readonly #adverts: { ipv4?: RawSender | undefined; ipv6?: RawSender | undefined } = {};
  #neighbours: RawSender | undefined;
  #link: LinkSender | undefined;

  constructor(interfaces: Interfaces, troubles: TroubleLog) {
    this.#interfaces = interfaces;
    this.#troubles = troubles;
  }

  advert(effect: Extract<VrrpEffect, { type: 'send-advert' }>): void {
    const { ifname, family, source, destination, ttl, id, protocol } = effect;
    const sender = (this.#adverts[family] ??= this.#open(`VRRP sender (${family})`, openVrrpSender(family)));
    const ifindex = this.#interfaces.index(ifname);
    if (sender === undefined || ifindex === undefined) return;
    const bytes = family === 'ipv4' ? ipv4Datagram({ source, destination, ttl, id }, effect.pdu, protocol) : effect.pdu;
    const sent = sender.send({ ifname, ifindex, source, destination, ttl, bytes });
    this.#troubles.say(`send ${effect.instance}`, sent.ok ? undefined : `(${effect.instance}) ${sent.error.text}`);
  }

  /** Gratuitous ARP, or an unsolicited neighbour advertisement. */
  announcement(ifname: string, address: IpAddress): void {
    const ifindex = this.#interfaces.index(ifname);
    const mac = this.#interfaces.mac(ifname);
    if (ifindex === undefined || mac?.length !== 6) return;
    if (ipFamily(address) === 'ipv4') {
      this.#link ??= this.#open('gratuitous ARP', openLinkSender());
      const sent = this.#link?.send(ifname, ifindex, gratuitousArp(mac, address));
      if (sent !== undefined) this.#troubles.say(`arp ${ifname}`, sent.ok ? undefined : sent.error.text);
      return;
    }
    this.#neighbours ??= this.#open('neighbour advertisements', openIcmpv6Sender());
    const sent = this.#neighbours?.send({
      ifname,
      ifindex,
      source: address,
      destination: allNodes,
      ttl: 255,
      bytes: unsolicitedNa(mac, address, this.#forwarding.of(this.#interfaces.below(ifname))),
    });
    if (sent !== undefined) this.#troubles.say(`na ${ifname}`, sent.ok ? undefined : sent.error.text);
  }

  #open<T>(
    what: string,
    opened:
      { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: { readonly text: string } },
  ): T | undefined {
    this.#troubles.say(what, opened.ok ? undefined : opened.error.text);
    return opened.ok ? opened.value : undefined;
  }
}
