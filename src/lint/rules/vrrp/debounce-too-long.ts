import type { VrrpInstance } from '../../../config/index.ts';
import type { Rule } from '../../rule.ts';

/** keepalived.conf(5), interface_up_down_delays: less than down_timer_adverts - 1 intervals of each instance there. */
export const debounceTooLong: Rule = {
  id: 'debounce-too-long',
  severity: 'warning',
  title: 'a link is down longer than the other director waits',
  *check({ config }) {
    const shortest = new Map<string, VrrpInstance>();
    for (const instance of config.vrrp.instances) {
      for (const name of [instance.interface ?? '', ...instance.trackInterface.map((entry) => entry.name)]) {
        const other = shortest.get(name);
        if (other === undefined || waits(instance) < waits(other)) shortest.set(name, instance);
      }
    }
    for (const { interface: name, downMs, span } of config.vrrp.interfaceUpDownDelays) {
      const instance = shortest.get(name);
      if (instance === undefined || downMs < waits(instance)) continue;
      yield {
        at: span,
        message: `interface ${name} may be down for ${String(downMs / 1000)} s, and the other director takes vrrp_instance ${instance.name} over by then`,
        hint: `give less than ${String(waits(instance) / 1000)}: otherwise there are two MASTERs until this one notices`,
      };
    }
  },
};

function waits({ downTimerAdverts, advertIntMs }: VrrpInstance): number {
  return (downTimerAdverts - 1) * advertIntMs;
}
