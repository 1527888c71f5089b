import { err, ok, type IpvsOperation, type IpvsTableEntry, type Result } from '../../src/core/index.ts';
import type { TableClient } from '../../src/daemon/table-keeper.ts';
import { applied } from '../../src/lvs/index.ts';
import type { NetlinkError } from '../../src/netlink/index.ts';

/** A kernel that holds a table, counts what it is asked and refuses what it is told to. */
export class FakeTable {
  table: readonly IpvsTableEntry[] = [];
  /** The errno's name where an operation is to be refused. */
  refuse: (operation: IpvsOperation) => string | undefined = () => undefined;
  unreadable: string | undefined;
  readonly applied: IpvsOperation[] = [];
  dumps = 0;
  flushed = false;

  readonly client: TableClient = {
    dump: () => {
      this.dumps++;
      return Promise.resolve(
        this.unreadable === undefined
          ? ok(this.table.map((entry) => ({ ...entry, destinations: entry.destinations.map(withUse) })))
          : refusal('read IPVS services', this.unreadable),
      );
    },
    apply: (operations) => Promise.resolve(operations.map((operation) => this.#one(operation))),
    flush: () => {
      this.table = [];
      this.flushed = true;
      return Promise.resolve(ok(null));
    },
  };

  #one(operation: IpvsOperation): Result<null, NetlinkError> {
    this.applied.push(operation);
    const code = this.refuse(operation) ?? this.#missing(operation);
    if (code !== undefined) return refusal(operation.op, code);
    this.table = applied(this.table, [operation]);
    return ok(null);
  }

  /** The kernel knows no servers of a service that it does not have. */
  #missing(operation: IpvsOperation): string | undefined {
    if (operation.op === 'new-service' || operation.op === 'set-service') return undefined;
    const key = JSON.stringify(operation.service);
    return this.table.some(({ service }) => JSON.stringify(service.key) === key) ? undefined : 'ESRCH';
  }
}

function refusal(operation: string, code: string): Result<never, NetlinkError> {
  return err({ errno: 0, code, text: `${operation}: ${code}` });
}

function withUse<T>(destination: T): T & { use: never } {
  return { ...destination, use: {} as never };
}
