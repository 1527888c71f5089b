import { defined } from '../defined.ts';
import { readGarpExtraIf } from '../garp-extra-if.ts';
import type { GlobalDefs } from '../model/global-defs.ts';
import type { GarpSettings } from '../model/vrrp.ts';
import type { Reading } from '../read.ts';

/** What an instance says, else global_defs, else the defaults: those of vrrp_min_garp where that is given. */
export function garpSettings(reading: Reading, global: GlobalDefs, globals: Reading): GarpSettings {
  const globally = (name: string): number | undefined => globals.number(`vrrp_${name}`);
  const byDefault = (name: string, otherwise: number, least: number): number =>
    globally(name) ?? (global.vrrpMinGarp ? least : otherwise);
  const value = (name: string, otherwise: number, least: number): number =>
    reading.number(name) ?? byDefault(name, otherwise, least);
  // What an instance says of its master's announcements says nothing of those that answer a lower priority [ref].
  const lowerPrioDelay = globally('garp_lower_prio_delay') ?? byDefault('garp_master_delay', 5, 0);
  const lowerPrioRepeat = globally('garp_lower_prio_repeat') ?? byDefault('garp_master_repeat', 5, 1);
  const own = readGarpExtraIf(reading, '');
  return {
    garpMasterDelayMs: value('garp_master_delay', 5, 0) * 1000,
    garpMasterRepeat: value('garp_master_repeat', 5, 1),
    garpMasterRefreshMs: value('garp_master_refresh', 0, 0) * 1000,
    garpMasterRefreshRepeat: value('garp_master_refresh_repeat', 1, 0),
    garpLowerPrioDelayMs: (reading.number('garp_lower_prio_delay') ?? lowerPrioDelay) * 1000,
    garpLowerPrioRepeat: reading.number('garp_lower_prio_repeat') ?? lowerPrioRepeat,
    ...defined({ garpExtraIf: own === undefined ? global.vrrpGarpExtraIf : (own ?? undefined) }),
  };
}
