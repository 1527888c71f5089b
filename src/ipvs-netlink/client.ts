import {
  type ByteWriter,
  err,
  keyFamily,
  ok,
  type IpvsOperation,
  type IpvsServiceKey,
  type IpvsSyncDaemon,
  type IpvsTableEntry,
  type Result,
} from '../core/index.ts';
import {
  attributeU32,
  genericAttributes,
  type NetlinkClient,
  resolveFamily,
  writeGenericHeader,
  writeU32,
  messageFlag,
  type NetlinkError,
  type Request,
} from '../netlink/index.ts';
import { command, commandAttribute, familyName, familyVersion, infoAttribute } from './attributes.ts';
import {
  parseDestination,
  parseService,
  writeDestination,
  writeDestinationKey,
  writeService,
  writeServiceKey,
  type DestinationUse,
} from './codec.ts';
import { parseDaemon, writeDaemon, writeDaemonKey } from './sync-daemon.ts';
import { destinationText, serviceText } from './text.ts';

export interface IpvsInfo {
  /** `1.2.1` */
  readonly version: string;
  readonly connectionTableSize: number;
}

export interface IpvsTimeouts {
  readonly tcpSecs?: number;
  readonly tcpFinSecs?: number;
  readonly udpSecs?: number;
}

/** A table entry whose destinations carry the kernel's counts. */
export interface IpvsTableEntryInUse extends IpvsTableEntry {
  readonly destinations: readonly (IpvsTableEntry['destinations'][number] & { readonly use: DestinationUse })[];
}

const requestsAtOnce = 1024;
const done = ok(null);

/** The kernel's IPVS over one generic-netlink socket. Every error names the object and, where it is known, the remedy. */
export class IpvsClient {
  readonly #netlink: NetlinkClient;
  readonly #family: number;

  private constructor(netlink: NetlinkClient, family: number) {
    this.#netlink = netlink;
    this.#family = family;
  }

  /** Finds the family; fails with the remedy where the kernel has no IPVS. Does not close `netlink` on failure. */
  static async open(netlink: NetlinkClient): Promise<Result<IpvsClient, NetlinkError>> {
    const family = await resolveFamily(netlink, familyName);
    if (family.ok) return ok(new IpvsClient(netlink, family.value));
    if (family.error.code !== 'ENOENT') return family;
    return err({ ...family.error, text: 'the kernel has no IPVS here: load it with `modprobe ip_vs`' });
  }

  close(): void {
    this.#netlink.close();
  }

  async getInfo(): Promise<Result<IpvsInfo, NetlinkError>> {
    const reply = await this.#netlink.request(this.#request('read IPVS information', command.getInfo, 0, noBody));
    if (!reply.ok) return reply;
    const [message] = reply.value;
    if (message === undefined) return withoutAnswer('read IPVS information');
    const attributes = genericAttributes(message);
    const version = attributeU32(attributes, infoAttribute.version) ?? 0;
    return ok({
      version: `${String((version >> 16) & 0xff)}.${String((version >> 8) & 0xff)}.${String(version & 0xff)}`,
      connectionTableSize: attributeU32(attributes, infoAttribute.connTabSize) ?? 0,
    });
  }

  /** The whole table. Services and destinations that this code cannot read are left out. */
  async dump(): Promise<Result<readonly IpvsTableEntryInUse[], NetlinkError>> {
    const services = await this.#netlink.request(
      this.#request('read IPVS services', command.getService, messageFlag.dump, noBody),
    );
    if (!services.ok) return services;
    const keys = services.value.flatMap((message) => {
      const bytes = genericAttributes(message).get(commandAttribute.service);
      return bytes === undefined ? [] : (parseService(bytes) ?? []);
    });
    const table: IpvsTableEntryInUse[] = [];
    for (const service of keys) {
      const destinations = await this.destinationsOf(service.key);
      // ENOENT/ESRCH: the service was removed between the two dumps.
      if (!destinations.ok && destinations.error.code !== 'ESRCH' && destinations.error.code !== 'ENOENT')
        return destinations;
      if (destinations.ok) table.push({ service, destinations: destinations.value });
    }
    return ok(table);
  }

  /** The destinations of one service. */
  async destinationsOf(service: IpvsServiceKey): Promise<Result<IpvsTableEntryInUse['destinations'], NetlinkError>> {
    const name = `read destinations of ${serviceText(service)}`;
    const request = this.#request(name, command.getDest, messageFlag.dump, (writer) => {
      writeServiceKey(writer, service);
    });
    const dests = await this.#netlink.request(request);
    if (!dests.ok) return dests;
    return ok(
      dests.value.flatMap((message) => {
        const bytes = genericAttributes(message).get(commandAttribute.dest);
        return bytes === undefined ? [] : (parseDestination(bytes, keyFamily(service)) ?? []);
      }),
    );
  }

  /** Applies the operations in order; each has its own result, in the same order. */
  async apply(operations: readonly IpvsOperation[]): Promise<readonly Result<null, NetlinkError>[]> {
    const results: Result<null, NetlinkError>[] = [];
    // A hundred thousand requests made at once would only lie and wait.
    for (let from = 0; from < operations.length; from += requestsAtOnce) {
      const some = operations.slice(from, from + requestsAtOnce);
      const replies = await this.#netlink.requestAll(some.map((operation) => this.#operation(operation)));
      for (const [i, reply] of replies.entries()) {
        const operation = some[i];
        if (reply.ok) results.push(done);
        else results.push(err(operation === undefined ? reply.error : explained(operation, reply.error)));
      }
    }
    return results;
  }

  async flush(): Promise<Result<null, NetlinkError>> {
    return withoutValue(await this.#netlink.request(this.#request('empty the IPVS table', command.flush, 0, noBody)));
  }

  async getTimeouts(): Promise<Result<IpvsTimeouts, NetlinkError>> {
    const reply = await this.#netlink.request(this.#request('read IPVS timeouts', command.getConfig, 0, noBody));
    if (!reply.ok) return reply;
    const [message] = reply.value;
    if (message === undefined) return withoutAnswer('read IPVS timeouts');
    const attributes = genericAttributes(message);
    return ok({
      tcpSecs: attributeU32(attributes, commandAttribute.timeoutTcp) ?? 0,
      tcpFinSecs: attributeU32(attributes, commandAttribute.timeoutTcpFin) ?? 0,
      udpSecs: attributeU32(attributes, commandAttribute.timeoutUdp) ?? 0,
    });
  }

  /** Sets the timeouts that are given; the others stay. */
  async setTimeouts(timeouts: IpvsTimeouts): Promise<Result<null, NetlinkError>> {
    const request = this.#request('set IPVS timeouts', command.setConfig, 0, (writer) => {
      if (timeouts.tcpSecs !== undefined) writeU32(writer, commandAttribute.timeoutTcp, timeouts.tcpSecs);
      if (timeouts.tcpFinSecs !== undefined) writeU32(writer, commandAttribute.timeoutTcpFin, timeouts.tcpFinSecs);
      if (timeouts.udpSecs !== undefined) writeU32(writer, commandAttribute.timeoutUdp, timeouts.udpSecs);
    });
    return withoutValue(await this.#netlink.request(request));
  }

  async newDaemon(daemon: IpvsSyncDaemon): Promise<Result<null, NetlinkError>> {
    const name = `start IPVS sync daemon (${daemon.role}) on ${daemon.interface}`;
    const request = this.#request(name, command.newDaemon, 0, (writer) => {
      writeDaemon(writer, daemon);
    });
    const reply = withoutValue(await this.#netlink.request(request));
    if (reply.ok) return reply;
    const reason = startReasons[reply.error.code];
    return reason === undefined ? reply : err({ ...reply.error, text: `${reply.error.text}: ${reason}` });
  }

  async delDaemon(role: IpvsSyncDaemon['role']): Promise<Result<null, NetlinkError>> {
    const request = this.#request(`stop IPVS sync daemon (${role})`, command.delDaemon, 0, (writer) => {
      writeDaemonKey(writer, role);
    });
    return withoutValue(await this.#netlink.request(request));
  }

  /** The sync daemons that run. */
  async daemons(): Promise<Result<readonly IpvsSyncDaemon[], NetlinkError>> {
    const reply = await this.#netlink.request(
      this.#request('read IPVS sync daemons', command.getDaemon, messageFlag.dump, noBody),
    );
    if (!reply.ok) return reply;
    const found = reply.value.flatMap((message) => {
      const bytes = genericAttributes(message).get(commandAttribute.daemon);
      return bytes === undefined ? [] : (parseDaemon(bytes) ?? []);
    });
    return ok(found);
  }

  /** Sets the counters of one service and its destinations, or without a key of all services, to zero. */
  async zero(service?: IpvsServiceKey): Promise<Result<null, NetlinkError>> {
    const name = service === undefined ? 'all IPVS services' : serviceText(service);
    const request = this.#request(`zero the counters of ${name}`, command.zero, 0, (writer) => {
      if (service !== undefined) writeServiceKey(writer, service);
    });
    return withoutValue(await this.#netlink.request(request));
  }

  #request(operation: string, cmd: number, flags: number, body: (writer: ByteWriter) => void): Request {
    return {
      operation,
      type: this.#family,
      flags,
      body: (writer) => {
        writeGenericHeader(writer, cmd, familyVersion);
        body(writer);
      },
    };
  }

  #operation(operation: IpvsOperation): Request {
    const name = operationText(operation);
    switch (operation.op) {
      case 'new-service':
      case 'set-service':
        return this.#request(
          name,
          operation.op === 'new-service' ? command.newService : command.setService,
          0,
          (writer) => {
            writeService(writer, operation.service);
          },
        );
      case 'del-service':
        return this.#request(name, command.delService, 0, (writer) => {
          writeServiceKey(writer, operation.service);
        });
      case 'new-dest':
      case 'set-dest':
        return this.#request(name, operation.op === 'new-dest' ? command.newDest : command.setDest, 0, (writer) => {
          writeServiceKey(writer, operation.service);
          writeDestination(writer, operation.destination);
        });
      case 'del-dest':
        return this.#request(name, command.delDest, 0, (writer) => {
          writeServiceKey(writer, operation.service);
          writeDestinationKey(writer, operation.address, operation.port);
        });
    }
  }
}

/** `new-dest 10.0.0.1:80 of [192.168.0.174]:tcp:80` */
function operationText(operation: IpvsOperation): string {
  switch (operation.op) {
    case 'new-service':
    case 'set-service':
      return `${operation.op} ${serviceText(operation.service.key)}`;
    case 'del-service':
      return `${operation.op} ${serviceText(operation.service)}`;
    case 'new-dest':
    case 'set-dest':
      return `${operation.op} ${destinationText(operation.destination.address, operation.destination.port)} of ${serviceText(operation.service)}`;
    case 'del-dest':
      return `${operation.op} ${destinationText(operation.address, operation.port)} of ${serviceText(operation.service)}`;
  }
}

/** What the kernel means by the error of this operation, and the remedy. */
function explained(operation: IpvsOperation, error: NetlinkError): NetlinkError {
  if (error.code === 'EPERM') return { ...error, text: `${error.text}: it takes CAP_NET_ADMIN` };
  if (error.code === 'ENOMEM') return { ...error, text: `${error.text}: the kernel is out of memory` };
  if (operation.op === 'new-service' || operation.op === 'set-service') {
    // ESRCH is the service itself that is missing.
    if (error.code === 'ENOENT') {
      const { scheduler, persistenceEngine } = operation.service;
      const engine = persistenceEngine === undefined ? '' : ` or ip_vs_pe_${persistenceEngine}`;
      return {
        ...error,
        text: `${error.text}: the kernel lacks scheduler ${scheduler}: load it with \`modprobe ip_vs_${scheduler}\`${engine}`,
      };
    }
  }
  if ((operation.op === 'new-dest' || operation.op === 'set-dest') && error.code === 'EINVAL')
    return {
      ...error,
      text: `${error.text}: for the kernel this is the address of no host (is there a route at all?)`,
    };
  return error;
}

/** Why a sync daemon cannot be started. */
const startReasons: Readonly<Record<string, string>> = {
  ENODEV: 'there is no such interface',
  EADDRNOTAVAIL: 'the interface has no address to send from',
  EEXIST: 'one of this role runs already',
};

function withoutValue(reply: Result<unknown, NetlinkError>): Result<null, NetlinkError> {
  if (reply.ok) return ok(null);
  return reply.error.code === 'EPERM'
    ? err({ ...reply.error, text: `${reply.error.text}: it takes CAP_NET_ADMIN` })
    : reply;
}

/** An ACK alone: what was asked for is missing. */
function withoutAnswer(operation: string): Result<never, NetlinkError> {
  return err({ errno: 0, code: 'lost', text: `${operation}: the answer was lost` });
}

function noBody(): void {
  // The command has no attributes.
}
