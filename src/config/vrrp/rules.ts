import { ipFamily } from '../../core/index.ts';
import type { Statement, Word } from '../../parser/index.ts';
import { defined } from '../defined.ts';
import { checkInterfaces } from '../interfaces.ts';
import type { RuleAction, RuleEntry } from '../model/routes.ts';
import type { Findings } from '../read.ts';
import { cNumber, highest32, IprouteWords, keepalivedProtocol, oneFamily, tables } from './iproute-words.ts';
import { readTrackGroup } from './track-group-word.ts';

/** The lines of virtual_rules or static_rules; those that are wrong are findings and left out. */
export function readRules(
  findings: Findings,
  object: string,
  lines: readonly Statement[],
  trackGroups?: ReadonlySet<string>,
): readonly RuleEntry[] {
  return lines.flatMap((line) => readRule(new IprouteWords(findings, object, 'rule', line), trackGroups) ?? []);
}

type Draft = { -readonly [K in keyof RuleEntry]?: RuleEntry[K] | undefined } & { asked?: RuleEntry['family'] };

/** The names that people write; others are for the host to know. */
const ipProtocols = { icmp: 1, tcp: 6, udp: 17, dccp: 33, gre: 47, esp: 50, ah: 51, vrrp: 112, sctp: 132 };

function readRule(words: IprouteWords, trackGroups: ReadonlySet<string> | undefined): RuleEntry | undefined {
  const draft: Draft = {};
  for (let word = words.next(); word !== undefined; word = words.next()) take(words, draft, word, trackGroups);
  if (words.hasFailed()) return undefined;
  const { findings, object, line } = words;
  const { action, asked, ...rest } = draft;
  if (action === undefined) {
    words.refuse(line.keyword, 'a rule needs one of table, goto, nop, l3mdev, blackhole, unreachable or prohibit');
    return undefined;
  }
  const family = oneFamily([asked, ...[draft.from, draft.to].map((prefix) => prefix && ipFamily(prefix.address))]);
  if (family === undefined) {
    words.refuse(line.keyword, 'IPv4 and IPv6 do not mix in a rule');
    return undefined;
  }
  if (action.type === 'goto' && draft.preference !== undefined && action.preference <= draft.preference) {
    words.refuse(line.keyword, `'goto' leads to a rule after this one: above ${String(draft.preference)}`);
    return undefined;
  }
  checkInterfaces(
    findings,
    `a rule of ${object}`,
    [draft.iif, draft.oif].map((name) => ({ name, span: line.keyword.span })),
  );
  remark(words, draft);
  const noTrack = draft.noTrack ?? false;
  return {
    ...defined(rest),
    span: line.keyword.span,
    family,
    action,
    not: draft.not ?? false,
    protocol: noTrack ? (draft.protocol ?? 0) : keepalivedProtocol,
    noTrack,
  };
}

function remark({ findings, object, line }: IprouteWords, draft: Draft): void {
  const text = [line.keyword, ...line.args].map((word) => word.text).join(' ');
  if (draft.preference === undefined)
    findings.warning(
      'rule-without-preference',
      line.keyword.span,
      `rule '${text}' of ${object} has no preference`,
      "add 'preference NUMBER'; keepalived counts down from 16384",
    );
  if (draft.noTrack !== true && draft.protocol !== undefined && draft.protocol !== keepalivedProtocol)
    findings.warning(
      'route-not-tracked',
      line.keyword.span,
      `rule '${text}' of ${object} has another protocol than keepalived`,
      "such a rule cannot be tracked: remove it, or add 'no_track'; 18 (keepalived) is used",
    );
}

function take(words: IprouteWords, draft: Draft, word: Word, trackGroups: ReadonlySet<string> | undefined): void {
  switch (word.text) {
    case 'inet':
    case 'inet6':
      draft.asked = word.text === 'inet' ? 'ipv4' : 'ipv6';
      break;
    case 'from':
    case 'to': {
      const value = words.value(word);
      if (value !== undefined && !['all', 'any', 'default'].includes(value.text))
        draft[word.text] = words.prefix(word, value);
      break;
    }
    case 'table':
    case 'lookup': {
      const table = words.numberOrName(word, highest32, tables);
      if (table === 0) words.refuse(word, "'table' takes a table from 1");
      else if (table !== undefined) act(words, draft, word, { type: 'table', table });
      break;
    }
    case 'goto': {
      const preference = words.number(word, 0, highest32);
      if (preference !== undefined) act(words, draft, word, { type: 'goto', preference });
      break;
    }
    case 'type':
      break;
    case 'nop':
    case 'l3mdev':
    case 'blackhole':
    case 'unreachable':
    case 'prohibit':
      act(words, draft, word, { type: word.text });
      break;
    case 'not':
      draft.not = true;
      break;
    case 'preference':
    case 'order':
    case 'priority':
      draft.preference = words.number(word, 0, highest32);
      break;
    case 'tos':
    case 'dsfield':
      draft.tos = words.numberOrName(word, 255, {});
      break;
    case 'fwmark':
      draft.fwmark = fwmark(words, word);
      break;
    case 'realms':
      draft.realms = words.value(word)?.text;
      break;
    case 'suppress_prefixlength':
    case 'sup_pl':
      draft.suppressPrefixlength = words.number(word, 0, 0x7fffffff);
      break;
    case 'suppress_ifgroup':
    case 'sup_group':
      draft.suppressIfgroup = words.numberOrName(word, highest32, { default: 0 });
      break;
    case 'iif':
    case 'dev':
      draft.iif = words.value(word)?.text;
      break;
    case 'oif':
      draft.oif = words.value(word)?.text;
      break;
    case 'tunnel-id': {
      const value = words.value(word);
      if (value !== undefined && /^\d{1,20}$/.test(value.text)) draft.tunnelId = value.text;
      else if (value !== undefined) words.refuse(value, "'tunnel-id' takes a number");
      break;
    }
    case 'uidrange':
      draft.uidrange = words.range(word, highest32);
      break;
    case 'protocol':
      draft.protocol = words.number(word, 0, 255);
      break;
    case 'ipproto':
    case 'ip_proto':
      draft.ipproto = words.numberOrName(word, 255, ipProtocols);
      break;
    case 'sport':
    case 'dport':
      draft[word.text] = words.range(word, 65_535);
      break;
    case 'no_track':
      draft.noTrack = true;
      break;
    default:
      if (word.text === 'track_group' && trackGroups !== undefined)
        draft.trackGroup = readTrackGroup(words, word, trackGroups);
      else words.refuse(word, 'it takes the words of ip-rule(8)');
  }
}

function act(words: IprouteWords, draft: Draft, word: Word, action: RuleAction): void {
  if (draft.action === undefined) draft.action = action;
  else words.refuse(word, 'a rule has only one of table, goto, nop, l3mdev, blackhole, unreachable and prohibit');
}

function fwmark(words: IprouteWords, of: Word): RuleEntry['fwmark'] {
  const word = words.value(of);
  if (word === undefined) return undefined;
  const [markText = '', maskText = '0xffffffff', extra] = word.text.split('/');
  const [mark, mask] = [cNumber(markText), cNumber(maskText)];
  if (mark !== undefined && mask !== undefined && extra === undefined && mark <= highest32 && mask <= highest32)
    return { mark, mask };
  words.refuse(word, "'fwmark' takes MARK[/MASK]");
  return undefined;
}
