import { parseIp, type IpAddress } from '../../core/index.ts';
import type { Word } from '../../parser/index.ts';
import { defined } from '../defined.ts';
import type { RouteNexthop } from '../model/routes.ts';
import type { IprouteWords } from './iproute-words.ts';
import { readEncap } from './route-encap.ts';

export function readAddress(words: IprouteWords, of: Word): IpAddress | undefined {
  const word = words.value(of);
  if (word === undefined) return undefined;
  const address = parseIp(word.text);
  if (address.ok) return address.value;
  words.refuse(word, `'${of.text}' takes an address`);
  return undefined;
}

/** `[inet|inet6] ADDRESS` */
export function readGateway(words: IprouteWords, of: Word): IpAddress | undefined {
  words.option('inet', 'inet6');
  return readAddress(words, of);
}

/** `or ADDRESS [dev INTERFACE]`: what stood before is the first way, and what follows the second. */
export function readSecondGateway(
  words: IprouteWords,
  of: Word,
  first: { readonly via: IpAddress | undefined; readonly dev: string | undefined },
): readonly RouteNexthop[] {
  const via = readGateway(words, of);
  const devWord = words.option('dev', 'oif');
  const dev = devWord === undefined ? undefined : words.value(devWord)?.text;
  return [first, { via, dev }].map((way) => ({ ...defined(way), weight: 1, onlink: false }));
}

/** `nexthop …` up to the end of the line. */
export function readNexthops(words: IprouteWords, start: Word): readonly RouteNexthop[] {
  const hops = [readNexthop(words)];
  while (words.option('nexthop') !== undefined) hops.push(readNexthop(words));
  const extra = words.next();
  if (extra !== undefined) words.refuse(extra, `nothing but ways may follow '${start.text}'`);
  return hops;
}

function readNexthop(words: IprouteWords): RouteNexthop {
  const hop: { -readonly [K in keyof RouteNexthop]?: RouteNexthop[K] | undefined } = {};
  for (;;) {
    const word = words.option('via', 'dev', 'oif', 'weight', 'onlink', 'encap', 'realms');
    if (word === undefined) return { weight: 1, onlink: false, ...defined(hop) };
    if (word.text === 'via') hop.via = readGateway(words, word);
    else if (word.text === 'weight') hop.weight = words.number(word, 1, 256);
    else if (word.text === 'onlink') hop.onlink = true;
    else if (word.text === 'encap') hop.encap = readEncap(words, word);
    else if (word.text === 'realms') hop.realms = words.value(word)?.text;
    else hop.dev = words.value(word)?.text;
  }
}
