import { ipFamily, parseIp } from '../../core/index.ts';
import type { Statement, Word } from '../../parser/index.ts';
import type { AddressEntry } from '../model/values.ts';
import type { Prefix } from '../model/routes.ts';
import type { Findings } from '../read.ts';
import { readPrefix } from './iproute-words.ts';

/**
 * The address lines of virtual_ipaddress and its kin: the words of `ip address`. Static addresses may be in a track_group, one of
 * those that are defined before; the others may have a VMAC.
 */
export function readAddresses(
  findings: Findings,
  object: string,
  lines: readonly Statement[],
  trackGroups?: ReadonlySet<string>,
): readonly AddressEntry[] {
  return lines.flatMap((line) => readAddress({ findings, object, trackGroups }, line) ?? []);
}

const scopes: Readonly<Record<string, number>> = { global: 0, site: 200, link: 253, host: 254, nowhere: 255 };
const flagWords: Readonly<Record<string, NonNullable<AddressEntry['flags']>[number]>> = {
  home: 'home',
  '-nodad': 'nodad',
  mngtmpaddr: 'mngtmpaddr',
  noprefixroute: 'noprefixroute',
  autojoin: 'autojoin',
};

type Draft = { -readonly [K in keyof AddressEntry]: AddressEntry[K] };

interface Context {
  readonly findings: Findings;
  readonly object: string;
  readonly trackGroups: ReadonlySet<string> | undefined;
}

function readAddress(context: Context, line: Statement): AddressEntry | undefined {
  const { findings, object } = context;
  const first = readPrefix(line.keyword.text) ?? clampedPrefix(context, line.keyword);
  if (first === undefined) {
    findings.error(
      'bad-address',
      line.keyword.span,
      `'${line.keyword.text}' in ${object} is not an address`,
      'it takes ADDRESS[/PREFIX] and the words of ip-address(8)',
    );
    return undefined;
  }
  const entry: Draft = { address: first.address, prefixLength: first.prefixLength, span: line.keyword.span };
  const words = [...line.args];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const problem = option(context, entry, word, words);
    if (problem === undefined) continue;
    // keepalived keeps an address whose option it does not know, or whose scope.
    const keeps = !valueWords.includes(word.text) || (word.text === 'scope' && !problem.endsWith('a value'));
    findings.error(
      word.text === 'track_group' && context.trackGroups !== undefined ? 'unknown-track-group' : 'bad-address-option',
      word.span,
      `'${word.text}' of address ${entry.address} in ${object} is not valid`,
      keeps ? `${problem}; the word is ignored` : `${problem}; the address is ignored`,
    );
    if (!keeps) return undefined;
  }
  if (ipFamily(entry.address) === 'ipv6' && entry.broadcast !== undefined) {
    findings.error(
      'bad-address-option',
      entry.span,
      `address ${entry.address} in ${object} has a broadcast address`,
      'IPv6 has none; the address is ignored',
    );
    return undefined;
  }
  if (ipFamily(entry.address) === 'ipv6' && entry.scope !== undefined && entry.scope !== scopes['global']) {
    const { scope, ...rest } = entry;
    findings.warning(
      'scope-of-ipv6',
      entry.span,
      `scope ${String(scope)} of address ${entry.address} in ${object} is ignored`,
      'the kernel knows the scope of an IPv6 address by itself: remove it',
    );
    return rest;
  }
  return entry;
}

const valueWords = ['dev', 'scope', 'brd', 'broadcast', 'label', 'peer', 'preferred_lft'];

/** Where the prefix length alone is too long, the longest is taken. */
function clampedPrefix({ findings, object }: Context, word: Word): Prefix | undefined {
  const [, address = ''] = /^(.+)\/\d{1,9}$/.exec(word.text) ?? [];
  const whole = readPrefix(address);
  if (whole === undefined) return undefined;
  findings.error(
    'bad-address',
    word.span,
    `the prefix length of '${word.text}' in ${object} is too long`,
    `${String(whole.prefixLength)} is used`,
  );
  return whole;
}

/** Takes one option; answers what would be right where it does not fit. */
function option(context: Context, entry: Draft, word: Word, rest: Word[]): string | undefined {
  const flag = flagWords[word.text];
  if (flag !== undefined) {
    entry.flags = [...(entry.flags ?? []), flag];
    return undefined;
  }
  if (word.text === 'no_track') {
    entry.noTrack = true;
    return undefined;
  }
  if (word.text === 'use_vmac' && context.trackGroups === undefined) {
    entry.useVmac = true;
    return undefined;
  }
  const last = context.trackGroups === undefined ? 'use_vmac' : 'track_group';
  if (!valueWords.includes(word.text) && !(word.text === 'track_group' && last === 'track_group'))
    return `it takes ${valueWords.join(', ')}, home, -nodad, mngtmpaddr, noprefixroute, autojoin, no_track or ${last}`;
  const value = rest.shift()?.text;
  if (value === undefined) return `'${word.text}' takes a value`;
  return optionValue(context, entry, word.text, value);
}

function optionValue(context: Context, entry: Draft, name: string, value: string): string | undefined {
  switch (name) {
    case 'dev':
      entry.dev = value;
      return undefined;
    case 'label':
      if (value.length > 15) return 'a label has at most 15 characters';
      entry.label = value;
      return undefined;
    case 'track_group':
      if (context.trackGroups?.has(value) !== true) return `define 'track_group ${value}' before it`;
      entry.trackGroup = value;
      return undefined;
    case 'scope': {
      const scope = scopes[value] ?? (/^\d{1,3}$/.test(value) ? Number(value) : 256);
      if (scope > 255) return 'global, site, link, host or a number up to 255';
      entry.scope = scope;
      return undefined;
    }
    case 'preferred_lft': {
      const secs = value === 'forever' ? 0xffffffff : /^\d{1,10}$/.test(value) ? Number(value) : -1;
      if (secs < 0 || secs > 0xffffffff) return 'seconds, or forever';
      entry.preferredLftSecs = secs;
      return undefined;
    }
    case 'peer': {
      const peer = readPrefix(value);
      if (peer === undefined || (value.includes('/') && context.findings.rules === '2.2.7'))
        return 'the peer is an address with an optional prefix length';
      entry.peer = { address: peer.address, prefixLength: peer.prefixLength };
      return undefined;
    }
    default: {
      if (value === '+' || value === '-') {
        entry.broadcast = value;
        return undefined;
      }
      const broadcast = parseIp(value);
      if (!broadcast.ok) return 'an address, + or -';
      entry.broadcast = broadcast.value;
      return undefined;
    }
  }
}
