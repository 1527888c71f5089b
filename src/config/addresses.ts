import { ipFamily, parseIp, type IpAddress } from '../core/index.ts';
import type { Statement, Word } from '../parser/index.ts';
import type { AddressEntry } from './model/values.ts';
import type { Findings } from './read.ts';

/** The address lines of virtual_ipaddress and its kin: the words of `ip address`. */
export function readAddresses(
  findings: Findings,
  object: string,
  lines: readonly Statement[],
): readonly AddressEntry[] {
  return lines.flatMap((line) => readAddress(findings, object, line) ?? []);
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

function readAddress(findings: Findings, object: string, line: Statement): AddressEntry | undefined {
  const first = prefixed(line.keyword.text);
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
    const problem = option(entry, word, words);
    if (problem === undefined) continue;
    findings.error(
      'bad-address-option',
      word.span,
      `'${word.text}' of address ${entry.address} in ${object} is not valid`,
      problem,
    );
    return undefined;
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
  if (ipFamily(entry.address) === 'ipv6' && entry.scope !== undefined) {
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

/** Takes one option; answers what would be right where it does not fit. */
function option(entry: Draft, word: Word, rest: Word[]): string | undefined {
  const flag = flagWords[word.text];
  if (flag !== undefined) {
    entry.flags = [...(entry.flags ?? []), flag];
    return undefined;
  }
  if (word.text === 'no_track') {
    entry.noTrack = true;
    return undefined;
  }
  if (word.text === 'use_vmac') {
    entry.useVmac = true;
    return undefined;
  }
  const takesValue = ['dev', 'scope', 'brd', 'broadcast', 'label', 'peer', 'preferred_lft', 'track_group'].includes(
    word.text,
  );
  if (!takesValue)
    return 'dev, scope, brd, label, peer, home, -nodad, mngtmpaddr, noprefixroute, autojoin, no_track, preferred_lft or track_group';
  const value = rest.shift()?.text;
  if (value === undefined) return `'${word.text}' takes a value`;
  return optionValue(entry, word.text, value);
}

function optionValue(entry: Draft, name: string, value: string): string | undefined {
  switch (name) {
    case 'dev':
      entry.dev = value;
      return undefined;
    case 'label':
      if (value.length > 15) return 'a label has at most 15 characters';
      entry.label = value;
      return undefined;
    case 'track_group':
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
      const peer = prefixed(value);
      if (peer === undefined) return 'the peer is an address with an optional prefix length';
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

function prefixed(text: string): { readonly address: IpAddress; readonly prefixLength: number } | undefined {
  const [addressText = '', prefix, extra] = text.split('/');
  const parsed = parseIp(addressText);
  if (!parsed.ok || extra !== undefined) return undefined;
  const longest = ipFamily(parsed.value) === 'ipv4' ? 32 : 128;
  if (prefix === undefined) return { address: parsed.value, prefixLength: longest };
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > longest) return undefined;
  return { address: parsed.value, prefixLength: Number(prefix) };
}
