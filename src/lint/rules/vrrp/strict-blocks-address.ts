import type { VrrpInstance } from '../../../config/index.ts';
import type { SourceSpan } from '../../../core/index.ts';
import { spanOf, type Director } from '../../director.ts';
import type { Rule } from '../../rule.ts';
import { allAddresses } from './addresses.ts';

/** Strict mode means no accept mode: keepalived drops all that is sent to or from the virtual addresses. */
export const strictBlocksAddress: Rule = {
  id: 'strict-blocks-address',
  severity: 'warning',
  title: 'virtual addresses that do not answer',
  *check(director) {
    const services = serviceAddresses(director);
    const byCause = new Map<SourceSpan, { readonly cause: string; readonly instances: VrrpInstance[] }>();
    const line = director.linesOf('global_defs', 'vrrp_strict').at(-1);
    const global = line === undefined ? undefined : spanOf(line.statement);
    for (const instance of director.config.vrrp.instances) {
      if (instance.priority === 255 || allAddresses(instance).length === 0) continue;
      const own = director.line(instance, 'strict_mode');
      const unaccepted = director.line(instance, 'no_accept');
      let cause: { readonly text: string; readonly span: SourceSpan } | undefined;
      if (instance.strictMode && !instance.accept) {
        if (own !== undefined) cause = { text: 'strict_mode', span: spanOf(own) };
        else if (global !== undefined) cause = { text: 'vrrp_strict', span: global };
      } else if (!instance.strictMode && unaccepted !== undefined && answers(instance, services))
        cause = { text: 'no_accept', span: spanOf(unaccepted) };
      if (cause === undefined) continue;
      const found = byCause.get(cause.span);
      if (found === undefined) byCause.set(cause.span, { cause: cause.text, instances: [instance] });
      else found.instances.push(instance);
    }
    for (const [at, { cause, instances }] of byCause) {
      const served = instances.flatMap(allAddresses).find(({ address }) => services.has(address));
      const [first, ...others] = instances;
      const names = `vrrp_instance ${first?.name ?? ''}${others.length === 0 ? '' : ` and ${String(others.length)} more`}`;
      yield {
        at,
        message:
          served === undefined
            ? `with ${cause} the virtual addresses of ${names} answer nothing, not even ping: keepalived drops their packets`
            : `with ${cause} keepalived drops all packets to ${served.address} of ${names}, and so those for its virtual_server`,
        hint:
          cause === 'no_accept'
            ? "remove no_accept: only a router's address needs no packets"
            : `remove ${cause}${first?.version === 3 ? ", or add 'accept' to the instance" : ''}`,
        ...(served === undefined ? {} : { severity: 'error' }),
      };
    }
  },
};

function serviceAddresses({ config }: Director): ReadonlySet<string> {
  return new Set(config.lvs.virtualServers.flatMap(({ key }) => (key.kind === 'address' ? [key.address] : [])));
}

function answers(instance: VrrpInstance, services: ReadonlySet<string>): boolean {
  return allAddresses(instance).some(({ address }) => services.has(address));
}
