import { err, ok, type Result } from '../core/index.ts';
import {
  attributeU8,
  genericAttributes,
  resolveFamily,
  writeGenericHeader,
  writeNested,
  writeU32,
  type NetlinkClient,
  type NetlinkError,
} from '../netlink/index.ts';

/** linux/ethtool_netlink.h */
const ethtool = {
  name: 'ethtool',
  version: 1,
  getLinkState: 6,
  header: 1,
  deviceIndex: 1,
  link: 2,
} as const;

/** Asks the drivers of interfaces for their links, over generic netlink. */
export class LinkStateClient {
  readonly #netlink: NetlinkClient;
  #family: number | undefined;

  constructor(netlink: NetlinkClient) {
    this.#netlink = netlink;
  }

  /**
   * Whether each interface has a link, as its driver finds it now; undefined where the driver does not tell or the interface is gone.
   * An error where the kernel cannot be asked at all.
   */
  async links(ifindexes: readonly number[]): Promise<Result<readonly (boolean | undefined)[], NetlinkError>> {
    if (this.#family === undefined) {
      const resolved = await resolveFamily(this.#netlink, ethtool.name);
      if (!resolved.ok) return err(resolved.error);
      this.#family = resolved.value;
    }
    const type = this.#family;
    const replies = await this.#netlink.requestAll(
      ifindexes.map((ifindex) => ({
        operation: `ask for the link of interface ${String(ifindex)}`,
        type,
        flags: 0,
        body: (writer) => {
          writeGenericHeader(writer, ethtool.getLinkState, ethtool.version);
          writeNested(writer, ethtool.header, (header) => {
            writeU32(header, ethtool.deviceIndex, ifindex);
          });
        },
      })),
    );
    return ok(
      replies.map((reply) => {
        const [message] = reply.ok ? reply.value : [];
        const link = message === undefined ? undefined : attributeU8(genericAttributes(message), ethtool.link);
        return link === undefined ? undefined : link !== 0;
      }),
    );
  }
}
