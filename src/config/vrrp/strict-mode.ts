import type { VrrpInstance } from '../model/vrrp.ts';
import type { Findings, Reading } from '../read.ts';

/** vrrp_strict: what RFC 3768 and RFC 9568 do not have is told and left out. */
export function asStrict(findings: Findings, object: string, reading: Reading, instance: VrrpInstance): VrrpInstance {
  const ignored = (keyword: string, hint: string): void => {
    const entry = reading.entry(keyword);
    if (entry === undefined) return;
    const message = `'${keyword}' in ${object} does not go with strict mode and is ignored`;
    findings.warning('not-strict', entry.statement.keyword.span, message, hint);
  };
  if (instance.preemptDelayMs > 0) ignored('preempt_delay', 'remove it, or vrrp_strict');
  if (instance.downTimerAdverts !== 3) ignored('down_timer_adverts', 'remove it, or vrrp_strict: the RFCs have 3');
  if (instance.version === 2) ignored('accept', 'VRRP version 2 has no accept mode: remove it');
  if ((instance.state === 'MASTER') !== (instance.priority === 255))
    if (instance.state === 'MASTER')
      ignored('state', "only the owner of the address, with 'priority 255', begins as MASTER");
  const { authHmac } = instance;
  if (authHmac !== undefined && authHmac.mode !== 'enforce') {
    const entry = reading.entry('auth_hmac');
    const message = `'mode ${authHmac.mode}' of auth_hmac in ${object} does not go with strict mode: enforce is used`;
    if (entry !== undefined)
      findings.warning(
        'not-strict',
        entry.statement.keyword.span,
        message,
        "write 'mode enforce', or remove vrrp_strict",
      );
  }
  return {
    ...instance,
    // Release notes of 2.4: strict mode asks for it.
    ...(authHmac === undefined ? {} : { authHmac: { ...authHmac, mode: 'enforce' } }),
    state: instance.priority === 255 ? 'MASTER' : 'BACKUP',
    preemptDelayMs: 0,
    downTimerAdverts: 3,
    // The RFCs know no answer to a master of lower priority; only an explicit word asks for one.
    lowerPrioNoAdvert: reading.setting('lower_prio_no_advert') ?? true,
    garpLowerPrioDelayMs: 0,
    garpLowerPrioRepeat: 0,
    accept: instance.version === 3 && reading.has('accept'),
  };
}
