/**
 * One netlink socket. The kernel answers on it with datagrams; `senderPortId` is 0 for the kernel and the process's own
 * number for anybody else, who must not be believed.
 */
export interface Transport {
  /** Hands one datagram to the kernel, which handles it before this returns where the socket allows. An error names the errno. */
  send(datagram: Uint8Array): { readonly ok: true } | { readonly ok: false; readonly error: string };
  /** `multicast`: sent to a group, so a notification and no answer, whatever its sequence number. */
  onDatagram(listener: (datagram: Uint8Array, senderPortId: number, multicast: boolean) => void): void;
  /** Datagrams were lost (ENOBUFS) or cut: whoever keeps a copy of kernel state must read it again. */
  onLost(listener: (reason: string) => void): void;
  close(): void;
}

/** What a client needs of time; the platform provides it, tests fake it. */
export interface Alarm {
  /** Calls `expired` once after `delayMs`, unless the returned function is called before. */
  after(delayMs: number, expired: () => void): () => void;
}
