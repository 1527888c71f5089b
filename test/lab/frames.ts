import type { LabProcess, Machine } from './machine.ts';

/** What tcpdump sees on an interface, as hexadecimal digits from the Ethernet header on. */
export class Frames {
  readonly #dump: LabProcess;

  private constructor(dump: LabProcess) {
    this.#dump = dump;
  }

  /** Resolves when it listens. `direction` as tcpdump's -Q. */
  static async on(machine: Machine, ns: string, ifname: string, filter: string): Promise<Frames> {
    const dump = machine.spawn(ns, `exec tcpdump -lnt -xx -Q in -i ${ifname} '${filter}'`);
    await dump.waitFor(/listening on/, 10_000);
    return new Frames(dump);
  }

  /** All so far; without padding where the protocol says how long a packet is. */
  all(): readonly string[] {
    const frames: string[] = [];
    for (const { text } of this.#dump.lines) {
      const [, offset, digits] = /^\s+0x([0-9a-f]{4}):\s+(.*)$/.exec(text) ?? [];
      if (digits === undefined) continue;
      const bytes = digits.replaceAll(' ', '');
      if (offset === '0000') frames.push(bytes);
      else frames.push(`${frames.pop() ?? ''}${bytes}`);
    }
    return frames;
  }
}

/** Of an IPv4 packet without its identification and the checksum that changes with it. */
export function withoutIdentification(frame: string): string {
  return frame.slice(24, 28) === '0800'
    ? `${frame.slice(0, 36)}____${frame.slice(40, 48)}____${frame.slice(52)}`
    : frame;
}
