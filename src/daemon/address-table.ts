import type { IpAddress } from '../core/index.ts';
import type { InterfaceAddress } from '../rtnetlink/index.ts';

/** The addresses of interfaces, by the index of those; each once, in the order in which they came. */
export class AddressTable {
  /** With the prefix lengths: an interface may have one address with several. */
  readonly #interfaces = new Map<number, Map<IpAddress, readonly number[]>>();

  add({ ifindex, address, prefixLength }: InterfaceAddress): void {
    const addresses = this.#interfaces.get(ifindex) ?? new Map<IpAddress, readonly number[]>();
    this.#interfaces.set(ifindex, addresses);
    const lengths = addresses.get(address) ?? [];
    if (!lengths.includes(prefixLength)) addresses.set(address, [...lengths, prefixLength]);
  }

  remove({ ifindex, address, prefixLength }: InterfaceAddress): void {
    const addresses = this.#interfaces.get(ifindex);
    const others = (addresses?.get(address) ?? []).filter((length) => length !== prefixLength);
    if (others.length > 0) addresses?.set(address, others);
    else addresses?.delete(address);
  }

  has(ifindex: number, address: IpAddress): boolean {
    return this.#interfaces.get(ifindex)?.has(address) === true;
  }

  of(ifindex: number): readonly IpAddress[] {
    return [...(this.#interfaces.get(ifindex)?.keys() ?? [])];
  }

  /** Equal for equal addresses, in whatever order they came. */
  described(ifindex: number): string {
    const addresses = [...(this.#interfaces.get(ifindex) ?? [])];
    return addresses
      .map(([address, lengths]) => `${address}/${lengths.toSorted((a, b) => a - b).join('/')}`)
      .sort()
      .join();
  }

  forget(ifindex: number): void {
    this.#interfaces.delete(ifindex);
  }

  clear(): void {
    this.#interfaces.clear();
  }
}
