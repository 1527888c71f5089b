import type { Result } from '../core/index.ts';

/** A takeover announces thousands of addresses at once: the setting is not read for each. */
const freshMs = 1000;

/**
 * Whether an interface is a router's for IPv6 (net.ipv6.conf.*.forwarding). A neighbour advertisement says so: hosts that hear of a
 * router that it is none take it from their default routers (RFC 4861 section 7.2.5).
 */
export class Forwarding {
  readonly #read: (key: readonly string[]) => Result<string>;
  readonly #nowMs: () => number;
  readonly #known = new Map<string, { readonly router: boolean; readonly atMs: number }>();

  constructor(read: (key: readonly string[]) => Result<string>, nowMs: () => number) {
    this.#read = read;
    this.#nowMs = nowMs;
  }

  of(ifname: string): boolean {
    const nowMs = this.#nowMs();
    const known = this.#known.get(ifname);
    if (known !== undefined && nowMs - known.atMs < freshMs) return known.router;
    const value = this.#read(['net', 'ipv6', 'conf', ifname, 'forwarding']);
    const router = value.ok && value.value !== '0';
    this.#known.set(ifname, { router, atMs: nowMs });
    return router;
  }
}
