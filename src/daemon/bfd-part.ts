import { bfdStep, nextBfdDeadline, noSessions, type BfdEvent, type BfdState } from '../bfd/index.ts';
import type { BfdInstance } from '../config/index.ts';
import { ipFamily, type IpFamily } from '../core/index.ts';
import {
  createDeadlineTimer,
  monotonicMs,
  openUdpReceiver,
  openUdpSender,
  type UdpReceiver,
  type UdpSender,
} from '../platform/index.ts';
import type { BfdOrder, FromBfd, Log } from './messages.ts';

/** RFC 5881 section 4 and RFC 5883 section 5. */
const singleHopPort = 3784;
const multihopPort = 4784;
/** More than any control packet has. */
const longestBytes = 256;
const receiveAgainMs = 5000;

/** The bfd process around its engine: one receiver for each port and family that is needed, a sender for each session, one timer. */
export class BfdPart {
  readonly #log: Log;
  readonly #tell: (message: FromBfd) => void;
  readonly #receivers = new Map<string, UdpReceiver>();
  readonly #senders = new Map<string, UdpSender>();
  readonly #timer = createDeadlineTimer(() => {
    this.#step({ type: 'timer' });
  });
  #instances: readonly BfdInstance[];
  #state: BfdState = noSessions;
  #retry: NodeJS.Timeout | undefined;
  #said = '';

  constructor(log: Log, tell: (message: FromBfd) => void, instances: readonly BfdInstance[]) {
    this.#log = log;
    this.#tell = tell;
    this.#instances = instances;
    this.#openReceivers();
    this.#step({ type: 'start', instances });
  }

  handle(message: BfdOrder): void {
    const names = new Set(message.instances.map(({ name }) => name));
    // Neighbours of sessions that go are still told.
    this.#instances = [...message.instances, ...this.#instances.filter(({ name }) => !names.has(name))];
    this.#step({ type: 'reload', instances: message.instances });
    this.#instances = message.instances;
    this.#openReceivers();
    this.#closeSenders();
  }

  /** Tells all neighbours; resolves when they have been told. */
  async stop(): Promise<void> {
    clearTimeout(this.#retry);
    this.#step({ type: 'stop' });
    this.#timer.arm(undefined);
    for (const receiver of this.#receivers.values()) receiver.close();
    await Promise.all([...this.#senders.values()].map((sender) => sender.close()));
  }

  #step(event: BfdEvent): void {
    const { state, effects } = bfdStep(this.#state, event, monotonicMs(), Math.random);
    this.#state = state;
    for (const effect of effects) {
      switch (effect.type) {
        case 'send':
          this.#sender(effect.bfd)?.send(effect.payload);
          break;
        case 'state':
          this.#tell({ type: 'bfd-state', bfd: effect.bfd, up: effect.up });
          break;
        case 'log':
          this.#log(effect.level, effect.text);
          break;
      }
    }
    this.#timer.arm(nextBfdDeadline(state));
  }

  #sender(name: string): UdpSender | undefined {
    const instance = this.#instances.find((known) => known.name === name);
    if (instance === undefined) return undefined;
    const { neighborIp, sourceIp, ttl, multihop } = instance;
    const key = senderKey(instance);
    const known = this.#senders.get(key);
    if (known !== undefined) return known;
    const options = {
      destination: neighborIp,
      port: multihop ? multihopPort : singleHopPort,
      ttl,
      ...(sourceIp === undefined ? {} : { source: sourceIp }),
      onError: (text: string) => {
        this.#log('warning', `(${name}) cannot send to ${neighborIp}: ${text}`);
      },
    };
    const sender = openUdpSender(options, Math.random);
    this.#senders.set(key, sender);
    return sender;
  }

  #closeSenders(): void {
    const wanted = new Set(this.#instances.map(senderKey));
    for (const [key, sender] of this.#senders) {
      if (wanted.has(key)) continue;
      void sender.close();
      this.#senders.delete(key);
    }
  }

  #openReceivers(): void {
    const wanted = new Map<string, { readonly family: IpFamily; readonly multihop: boolean }>();
    for (const { neighborIp, multihop } of this.#instances) {
      const family = ipFamily(neighborIp);
      wanted.set(`${family} ${String(multihop)}`, { family, multihop });
    }
    for (const [key, receiver] of this.#receivers) {
      if (wanted.has(key)) continue;
      receiver.close();
      this.#receivers.delete(key);
    }
    let trouble = '';
    for (const [key, { family, multihop }] of wanted) {
      if (this.#receivers.has(key)) continue;
      const opened = openUdpReceiver({
        family,
        port: multihop ? multihopPort : singleHopPort,
        longestBytes,
        onDatagram: (datagram) => {
          this.#step({ type: 'packet', ...datagram, multihop });
        },
        onError: (error) => {
          this.#log('error', error.text);
          this.#receivers.delete(key);
          this.#openLater();
        },
      });
      if (opened.ok) this.#receivers.set(key, opened.value);
      else trouble = opened.error.text;
    }
    if (trouble !== '' && trouble !== this.#said) this.#log('error', `${trouble}: sessions stay down until it is free`);
    this.#said = trouble;
    if (trouble !== '') this.#openLater();
  }

  #openLater(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#openReceivers();
    }, receiveAgainMs);
  }
}

function senderKey({ name, neighborIp, sourceIp, ttl, multihop }: BfdInstance): string {
  return [name, neighborIp, sourceIp ?? '', String(ttl), String(multihop)].join(' ');
}
