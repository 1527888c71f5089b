import { err, ok, type ByteWriter, type Result } from '../core/index.ts';
import {
  messageFlag,
  type NetlinkClient,
  type NetlinkError,
  type NetlinkMessage,
  type Request,
} from '../netlink/index.ts';
import { ifaddrmsgLength, parseAddress, writeAddress, type AddressRequest, type InterfaceAddress } from './address.ts';
import {
  ifinfomsgLength,
  parseLink,
  writeLinkChange,
  writeStackedLink,
  type Link,
  type LinkChange,
  type StackedLink,
} from './link.ts';
import { parseRouteKey, writeRoute, type RouteRequest } from './route.ts';
import { parseRuleKey, writeRule, type RuleRequest } from './rule.ts';

/** Links, addresses, routes and rules over NETLINK_ROUTE (linux/rtnetlink.h). */

const messageTypes = {
  newLink: 16,
  delLink: 17,
  getLink: 18,
  newAddress: 20,
  delAddress: 21,
  getAddress: 22,
  newRoute: 24,
  delRoute: 25,
  newRule: 32,
  delRule: 33,
} as const;

/** Multicast groups to join for notifications (RTNLGRP_*). */
export const notificationGroups = {
  link: 1,
  ipv4Address: 5,
  ipv6Address: 9,
} as const;
/** Likewise for routes and rules that go. */
export const routeNotificationGroups = { ipv4Route: 7, ipv4Rule: 8, ipv6Route: 11, ipv6Rule: 19 } as const;

export type RouteEvent =
  | { readonly type: 'link'; readonly link: Link }
  | { readonly type: 'link-gone'; readonly ifindex: number; readonly ifname: string }
  | { readonly type: 'address'; readonly address: InterfaceAddress }
  | { readonly type: 'address-gone'; readonly address: InterfaceAddress }
  /** By `routeKey` and `ruleKey`. */
  | { readonly type: 'route-gone'; readonly key: string }
  | { readonly type: 'rule-gone'; readonly key: string };

/** The event that a notification tells; undefined for kinds that nobody here listens to, or bytes cut off. */
export function parseRouteEvent(message: NetlinkMessage): RouteEvent | undefined {
  switch (message.type) {
    case messageTypes.newLink:
    case messageTypes.delLink: {
      const link = parseLink(message.payload);
      if (link === undefined) return undefined;
      if (message.type === messageTypes.newLink) return { type: 'link', link };
      return { type: 'link-gone', ifindex: link.ifindex, ifname: link.ifname };
    }
    case messageTypes.newAddress:
    case messageTypes.delAddress: {
      const address = parseAddress(message.payload);
      if (address === undefined) return undefined;
      return { type: message.type === messageTypes.newAddress ? 'address' : 'address-gone', address };
    }
    case messageTypes.delRoute: {
      const key = parseRouteKey(message.payload);
      return key === undefined ? undefined : { type: 'route-gone', key };
    }
    case messageTypes.delRule: {
      const key = parseRuleKey(message.payload);
      return key === undefined ? undefined : { type: 'rule-gone', key };
    }
    default:
      return undefined;
  }
}

/** Links, addresses, routes and rules of one network namespace. */
export class RouteClient {
  readonly #netlink: NetlinkClient;
  readonly #listeners: ((event: RouteEvent) => void)[] = [];

  constructor(netlink: NetlinkClient) {
    this.#netlink = netlink;
  }

  /** Each listener is told each event, in the order in which they were added. */
  onEvent(listener: (event: RouteEvent) => void): void {
    this.#listeners.push(listener);
    this.#netlink.onNotification((message) => {
      const event = parseRouteEvent(message);
      if (event !== undefined) for (const listen of this.#listeners) listen(event);
    });
  }

  /** Events may be missing: read links and addresses again. */
  onLost(listener: (reason: string) => void): void {
    this.#netlink.onLost(listener);
  }

  async links(): Promise<Result<readonly Link[], NetlinkError>> {
    const reply = await this.#netlink.request({
      operation: 'read links',
      type: messageTypes.getLink,
      flags: messageFlag.dump,
      body: (writer) => writer.zeros(ifinfomsgLength),
    });
    return reply.ok ? ok(reply.value.flatMap((message) => parseLink(message.payload) ?? [])) : reply;
  }

  async addresses(): Promise<Result<readonly InterfaceAddress[], NetlinkError>> {
    const reply = await this.#netlink.request({
      operation: 'read addresses',
      type: messageTypes.getAddress,
      flags: messageFlag.dump,
      body: (writer) => writer.zeros(ifaddrmsgLength),
    });
    return reply.ok ? ok(reply.value.flatMap((message) => parseAddress(message.payload) ?? [])) : reply;
  }

  /** Makes a link, which is down; one that is there already is refused. */
  async addLink(link: StackedLink): Promise<Done> {
    const reply = await this.#netlink.request({
      operation: `add ${link.kind} ${link.ifname}`,
      type: messageTypes.newLink,
      flags: messageFlag.create | messageFlag.exclusive,
      body: (writer) => {
        writeStackedLink(writer, link);
      },
    });
    return reply.ok ? ok(null) : reply;
  }

  async changeLink(ifindex: number, change: LinkChange): Promise<Done> {
    const reply = await this.#netlink.request({
      operation: `change link ${String(ifindex)}`,
      type: messageTypes.newLink,
      flags: 0,
      body: (writer) => {
        writeLinkChange(writer, ifindex, change);
      },
    });
    return reply.ok ? ok(null) : reply;
  }

  /** Removes a link; one that is not there is right. */
  async removeLink(ifindex: number): Promise<Done> {
    const change = {
      operation: `remove link ${String(ifindex)}`,
      type: messageTypes.delLink,
      flags: 0,
      body: (writer: ByteWriter) => {
        writeLinkChange(writer, ifindex, {});
      },
      right: ['ENODEV'],
    };
    return (await this.#change([change]))[0] ?? ok(null);
  }

  /** Adds addresses, all in few datagrams; one that is there already is right (the result is ok). */
  async addAddresses(requests: readonly AddressRequest[]): Promise<readonly Done[]> {
    const flags = messageFlag.create | messageFlag.exclusive;
    return this.#change(requests.map((request) => addressChange('add', request, flags)));
  }

  /** Removes addresses; one that is not there is right. */
  async removeAddresses(requests: readonly AddressRequest[]): Promise<readonly Done[]> {
    return this.#change(requests.map((request) => addressChange('remove', request, 0)));
  }

  /** Adds routes in front of those to the same destination, unless `how` says otherwise; one that is there already is right. */
  async addRoutes(requests: readonly NewRoute[]): Promise<readonly Done[]> {
    return this.#change(
      requests.map(({ how, ...route }) => ({
        operation: `add ${routeText(route)}`,
        type: messageTypes.newRoute,
        flags: messageFlag.create | howFlags[how],
        body: (writer) => {
          writeRoute(writer, route, false);
        },
        right: ['EEXIST'],
      })),
    );
  }

  /** Removes routes; one that is not there is right. */
  async removeRoutes(requests: readonly RouteRequest[]): Promise<readonly Done[]> {
    return this.#change(
      requests.map((route) => ({
        operation: `remove ${routeText(route)}`,
        type: messageTypes.delRoute,
        flags: 0,
        body: (writer) => {
          writeRoute(writer, route, true);
        },
        right: ['ESRCH', 'ENODEV'],
      })),
    );
  }

  /** Adds rules; one that is there already is right. */
  async addRules(requests: readonly RuleRequest[]): Promise<readonly Done[]> {
    const flags = messageFlag.create | messageFlag.exclusive;
    return this.#change(requests.map((rule) => ruleChange('add', rule, messageTypes.newRule, flags, 'EEXIST')));
  }

  /** Removes rules; one that is not there is right. */
  async removeRules(requests: readonly RuleRequest[]): Promise<readonly Done[]> {
    return this.#change(requests.map((rule) => ruleChange('remove', rule, messageTypes.delRule, 0, 'ENOENT')));
  }

  close(): void {
    this.#netlink.close();
  }

  async #change(changes: readonly Change[]): Promise<readonly Done[]> {
    const replies = await this.#netlink.requestAll(changes);
    return replies.map((reply, i) =>
      reply.ok || changes[i]?.right.includes(reply.error.code) === true ? ok(null) : err(reply.error),
    );
  }
}

type Done = Result<null, NetlinkError>;

/** A request and the refusals that mean that things are as they should be. */
interface Change extends Request {
  readonly right: readonly string[];
}

export interface NewRoute extends RouteRequest {
  /** Only where there is no such route, before or behind those to the same destination. */
  readonly how: 'add' | 'prepend' | 'append';
}

const howFlags = { add: messageFlag.exclusive, prepend: 0, append: messageFlag.append } as const;

function addressChange(verb: 'add' | 'remove', request: AddressRequest, flags: number): Change {
  const add = verb === 'add';
  return {
    operation: `${verb} address ${request.address}/${String(request.prefixLength)}`,
    type: add ? messageTypes.newAddress : messageTypes.delAddress,
    flags,
    body: (writer: ByteWriter) => {
      writeAddress(writer, request);
    },
    right: [add ? 'EEXIST' : 'EADDRNOTAVAIL'],
  };
}

function ruleChange(verb: string, rule: RuleRequest, type: number, flags: number, right: string): Change {
  return {
    operation: `${verb} rule of preference ${String(rule.preference)}`,
    type,
    flags,
    body: (writer: ByteWriter) => {
      writeRule(writer, rule);
    },
    right: [right],
  };
}

function routeText({ to, table }: RouteRequest): string {
  return `route ${to.address}/${String(to.prefixLength)}${table === mainTable ? '' : ` of table ${String(table)}`}`;
}

const mainTable = 254;
