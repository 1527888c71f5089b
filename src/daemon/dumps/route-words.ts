import type { RouteEntry, RouteNexthop, RuleEntry } from '../../config/index.ts';
import { ipFamily } from '../../core/index.ts';
import { prefixWords } from './address-words.ts';

/** Lines of routes and rules in the words of the reference's dumps. */

type Words = readonly (string | readonly [string, string | number | undefined])[];

/** A pair counts where it has a value. */
function joined(words: Words): string {
  return words
    .flatMap((word) => {
      if (typeof word === 'string') return word === '' ? [] : [word];
      const [name, value] = word;
      return value === undefined ? [] : [`${name} ${String(value)}`];
    })
    .join(' ');
}

export function routeWords(entry: RouteEntry): string {
  const { type, to, from, src, dev, table, protocol, scope, metric, tos, metrics, pref, expiresSecs, congctl } = entry;
  return joined([
    entry.operation ?? (type === 'unicast' ? 'prepend' : 'add'),
    type === 'unicast' ? '' : type,
    prefixWords(to.address, to.prefixLength),
    ['from', from && prefixWords(from.address, from.prefixLength)],
    via(entry),
    ['src', src],
    ['dev', dev],
    ['table', table],
    ['tos', tos],
    ['proto', protocol === 0 ? undefined : protocol],
    ['scope', scope],
    ['metric', metric],
    ['expires', expiresSecs],
    ...Object.entries(metrics).map(([name, value]) => [name, value] as const),
    ['congctl', congctl],
    ['pref', pref],
    ['realms', entry.realms],
    entry.onlink ? 'onlink' : '',
    ...entry.nexthops.map(nexthopWords),
    entry.noTrack ? 'no_track' : '',
  ]);
}

function via({ via: gateway }: Pick<RouteNexthop, 'via'>): string {
  return gateway === undefined ? '' : `via ${ipFamily(gateway) === 'ipv4' ? 'inet' : 'inet6'} ${gateway}`;
}

function nexthopWords(hop: RouteNexthop): string {
  return joined(['nexthop', via(hop), ['dev', hop.dev], ['weight', hop.weight], hop.onlink ? 'onlink' : '']);
}

export function ruleWords(entry: RuleEntry): string {
  const { from, to, preference, fwmark, iif, oif, protocol, action, tos = 0 } = entry;
  const range = (ports: RuleEntry['sport']): string | undefined =>
    ports && (ports.first === ports.last ? String(ports.first) : `${String(ports.first)}-${String(ports.last)}`);
  return joined([
    entry.not ? 'not' : '',
    ['from', from === undefined ? 'all' : `${from.address}/${String(from.prefixLength)}`.replace(/\/(32|128)$/, '')],
    ['to', to && prefixWords(to.address, to.prefixLength)],
    ['priority', preference],
    ['tos', typeof tos === 'number' ? hex(tos) : tos],
    ['fwmark', fwmark && `${hex(fwmark.mark)}${fwmark.mask === 0xffff_ffff ? '' : `/${hex(fwmark.mask)}`}`],
    ['iif', iif],
    ['oif', oif],
    ['realms', entry.realms],
    ['tunnel-id', entry.tunnelId],
    ['uidrange', range(entry.uidrange)],
    ['ipproto', entry.ipproto],
    ['sport', range(entry.sport)],
    ['dport', range(entry.dport)],
    ['protocol', protocol === 0 ? undefined : protocol],
    ['suppress_prefixlength', entry.suppressPrefixlength],
    ['suppress_ifgroup', entry.suppressIfgroup],
    actionWords(action),
    entry.noTrack ? 'no_track' : '',
  ]);
}

function actionWords(action: RuleEntry['action']): string {
  switch (action.type) {
    case 'table':
      return `lookup ${String(action.table)}`;
    case 'goto':
      return `goto ${String(action.preference)}`;
    default:
      return `type ${action.type}`;
  }
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
