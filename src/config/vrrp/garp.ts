import { defined } from '../defined.ts';
import { readGarpExtraIf } from '../garp-extra-if.ts';
import type { GlobalDefs } from '../model/global-defs.ts';
import type { GarpSettings } from '../model/vrrp.ts';
import type { Reading } from '../read.ts';

/** What an instance says, else global_defs, else the defaults: those of vrrp_min_garp where that is given. */
export function garpSettings(reading: Reading, global: GlobalDefs, globals: Reading): GarpSettings {
  const given = (name: string): number | undefined => reading.number(name) ?? globals.number(`vrrp_${name}`);
  const value = (name: string, otherwise: number, least: number): number =>
    given(name) ?? (global.vrrpMinGarp ? least : otherwise);
  const garpMasterDelay = value('garp_master_delay', 5, 0);
  const garpMasterRepeat = value('garp_master_repeat', 5, 1);
  const own = readGarpExtraIf(reading, '');
  return {
    garpMasterDelayMs: garpMasterDelay * 1000,
    garpMasterRepeat,
    garpMasterRefreshMs: value('garp_master_refresh', 0, 0) * 1000,
    garpMasterRefreshRepeat: value('garp_master_refresh_repeat', 1, 0),
    garpLowerPrioDelayMs: (given('garp_lower_prio_delay') ?? garpMasterDelay) * 1000,
    garpLowerPrioRepeat: given('garp_lower_prio_repeat') ?? garpMasterRepeat,
    ...defined({ garpExtraIf: own === undefined ? global.vrrpGarpExtraIf : (own ?? undefined) }),
  };
}
