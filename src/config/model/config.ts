import type { GlobalDefs } from './global-defs.ts';
import type { LvsConfig } from './lvs.ts';
import type { BfdInstance, TrackFile } from './tracking.ts';
import type { VrrpConfig } from './vrrp.ts';

/** One keepalived.conf with everything that it includes: validated, defaults filled in, in the file's order. */
export interface Config {
  readonly global: GlobalDefs;
  readonly vrrp: VrrpConfig;
  readonly lvs: LvsConfig;
  /** Read by both the vrrp and the checkers process. */
  readonly trackFiles: readonly TrackFile[];
  readonly bfdInstances: readonly BfdInstance[];
}
