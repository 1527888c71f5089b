import { isLinkLocal } from '../core/index.ts';
import type { AddressEntry } from '../config/index.ts';
import {
  noTables,
  vrrpTableChanges,
  vrrpTableRemoval,
  type BlockedAddress,
  type HeldTables,
  type NftablesClient,
  type VmacPair,
  type VrrpTableContent,
} from '../nftables-netlink/index.ts';
import type { FirewallSettings, Log } from './messages.ts';

interface Use extends FirewallSettings {
  /** Whether anything of the configuration can need it. */
  readonly used: boolean;
}

/** Addresses that an instance may not accept packets for; each entry names its interface. */
export interface Block {
  readonly entries: readonly AddressEntry[];
  /** dont_track_primary: the interface may come and go. */
  readonly unsteady: boolean;
}

/** The tables of nftables: membership reports of VMACs and no_accept. Without nftables one warning, and all else works. */
export class Firewall {
  readonly #open: () => NftablesClient;
  readonly #index: (ifname: string) => number | undefined;
  readonly #log: Log;
  readonly #made: (name: string | undefined) => void;
  #settings: Use;
  #client: NftablesClient | undefined;
  #held: HeldTables = noTables;
  /** Nothing of a former run is in the kernel. */
  #clean = false;
  #missing = false;
  #vmacs: Pick<VrrpTableContent, 'vmacs4' | 'vmacs6'> = { vmacs4: [], vmacs6: [] };
  readonly #blocks: Map<string, Block>;

  constructor(
    edges: {
      readonly open: () => NftablesClient;
      readonly index: (ifname: string) => number | undefined;
      readonly log: Log;
      /** The name of the tables that are there from now on; undefined: there are none. */
      readonly made: (name: string | undefined) => void;
    },
    settings: Use,
    blocks: ReadonlyMap<string, Block>,
  ) {
    this.#open = edges.open;
    this.#index = edges.index;
    this.#log = edges.log;
    this.#made = edges.made;
    this.#settings = settings;
    this.#blocks = new Map(blocks);
  }

  /** Of a new configuration; the table's name stays. */
  async set(settings: Use): Promise<void> {
    const { priority, counters } = this.#settings;
    if (settings.priority !== priority || settings.counters !== counters) this.#clean = false;
    this.#settings = { ...settings, name: this.#settings.name };
    await this.#update();
  }

  async setVmacs(vmacs4: readonly VmacPair[], vmacs6: readonly VmacPair[]): Promise<void> {
    this.#vmacs = { vmacs4, vmacs6 };
    await this.#update();
  }

  async block(instance: string, block: Block): Promise<void> {
    this.#blocks.set(instance, block);
    await this.#update();
  }

  async unblock(instance: string): Promise<void> {
    if (this.#blocks.delete(instance)) await this.#update();
  }

  /** Takes away what a former run left, where this one does not put its own in the place. */
  async clear(name: string): Promise<void> {
    if (this.#settings.used && name === this.#settings.name) return;
    if (await this.#commit(vrrpTableRemoval({ ...this.#settings, name }), noTables))
      this.#log('info', `removing the nftables tables ${name} of a former run`);
    this.#made(undefined);
  }

  async stop(): Promise<void> {
    if (this.#client !== undefined && !this.#missing) await this.#client.commit(vrrpTableRemoval(this.#settings));
  }

  async #update(): Promise<void> {
    if (this.#missing || (!this.#settings.used && this.#client === undefined)) return;
    if (!this.#settings.used) {
      if (this.#held.size > 0 && (await this.#commit(vrrpTableRemoval(this.#settings), noTables)))
        this.#made(undefined);
      return;
    }
    const content = { ...this.#vmacs, blocked: this.#blocked() };
    if (this.#clean) {
      const { changes, held } = vrrpTableChanges(this.#held, content, this.#settings);
      if (changes.length === 0 || (await this.#commit(changes, held))) return;
    }
    // At first, and when somebody else changed our tables: all of it anew, in one transaction.
    const { changes, held } = vrrpTableChanges(noTables, content, this.#settings);
    // Told before: should we be killed in between, the next run knows of them.
    if (changes.length > 0) this.#made(this.#settings.name);
    this.#clean = await this.#commit([...vrrpTableRemoval(this.#settings), ...changes], held, true);
  }

  async #commit(changes: Parameters<NftablesClient['commit']>[0], held: HeldTables, last = false): Promise<boolean> {
    let text: string | undefined;
    try {
      this.#client ??= this.#open();
      const done = await this.#client.commit(changes);
      if (done.ok) this.#held = held;
      else text = done.error.text;
    } catch (error) {
      text = error instanceof Error ? error.message : String(error);
    }
    if (text !== undefined && last) {
      this.#missing = true;
      const lost = 'no_accept has no effect, and switches may learn the address of a VMAC by its multicast reports';
      this.#log('warning', `nftables cannot be used (${text}): ${lost}. It takes a kernel with nf_tables, and restart`);
    }
    return text === undefined;
  }

  #blocked(): readonly BlockedAddress[] {
    return [...this.#blocks.values()].flatMap(({ entries, unsteady }) =>
      entries.flatMap(({ address, dev }): BlockedAddress[] => {
        if (!isLinkLocal(address)) return [{ address }];
        if (dev === undefined) return [];
        if (unsteady && !this.#settings.byIndex) return [{ address, at: { ifname: dev } }];
        const ifindex = this.#index(dev);
        return ifindex === undefined ? [] : [{ address, at: { ifindex } }];
      }),
    );
  }
}
