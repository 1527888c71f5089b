import { parseIp } from '../../core/index.ts';
import type { Word } from '../../parser/index.ts';
import { defined } from '../defined.ts';
import type { RouteEncap } from '../model/routes.ts';
import { cNumber, type IprouteWords } from './iproute-words.ts';

/** `encap TYPE …`: its words end with the first that is not one of them. */
export function readEncap(words: IprouteWords, of: Word): RouteEncap | undefined {
  const type = words.value(of);
  if (type === undefined) return undefined;
  switch (type.text) {
    case 'ip':
    case 'ip6':
      return readTunnel(words, type.text);
    case 'mpls': {
      const labels = readLabels(words, type);
      return labels === undefined ? undefined : { type: 'mpls', labels };
    }
    case 'ila': {
      const locator = words.value(type);
      return locator === undefined ? undefined : { type: 'ila', locator: locator.text };
    }
    default:
      words.refuse(type, "'encap' takes ip, ip6, mpls or ila");
      return undefined;
  }
}

/** `100/200`: the labels of MPLS from the outermost, 20 bits each. */
export function readLabels(words: IprouteWords, of: Word): readonly number[] | undefined {
  const word = words.value(of);
  if (word === undefined) return undefined;
  const labels = word.text.split('/').map(cNumber);
  if (labels.every((label) => label !== undefined && label < 1 << 20))
    return labels.filter((label) => label !== undefined);
  words.refuse(word, `'${of.text}' takes labels up to 1048575, separated by '/'`);
  return undefined;
}

function readTunnel(words: IprouteWords, type: 'ip' | 'ip6'): RouteEncap {
  const tunnel: Record<string, unknown> = {};
  for (;;) {
    const word = words.option('id', 'dst', 'src', 'tos', 'ttl', 'tc', 'hoplimit', 'flags');
    if (word === undefined)
      return { type, ...(defined(tunnel) as Omit<Extract<RouteEncap, { type: 'ip' | 'ip6' }>, 'type'>) };
    switch (word.text) {
      case 'dst':
      case 'src': {
        const value = words.value(word);
        const address = parseIp(value?.text ?? '');
        if (address.ok) tunnel[word.text] = address.value;
        else if (value !== undefined) words.refuse(value, `'${word.text}' takes an address`);
        break;
      }
      case 'id':
        tunnel['id'] = words.value(word)?.text;
        break;
      case 'tos':
      case 'tc':
        tunnel['tos'] = words.numberOrName(word, 255, {});
        break;
      case 'flags':
        tunnel['flags'] = words.number(word, 0, 65_535);
        break;
      default:
        tunnel['ttl'] = words.number(word, 0, 255);
    }
  }
}
