import { ipFamily, ipFromBytes, type IpFamily } from '../../core/index.ts';
import type { Statement, Word } from '../../parser/index.ts';
import { checkInterfaces } from '../interfaces.ts';
import type { RouteEntry, RouteMetric, RouteNexthop, RouteType } from '../model/routes.ts';
import type { Findings } from '../read.ts';
import {
  highest32,
  IprouteWords,
  keepalivedProtocol,
  oneFamily,
  protocols,
  readPrefix,
  scopes,
  tables,
} from './iproute-words.ts';
import { readEncap, readLabels } from './route-encap.ts';
import { isMetric, readMetric } from './route-metrics.ts';
import { readAddress, readGateway, readNexthops, readSecondGateway } from './route-ways.ts';
import { readTrackGroup } from './track-group-word.ts';

/** The lines of virtual_routes or static_routes; those that are wrong are findings and left out. */
export function readRoutes(
  findings: Findings,
  object: string,
  lines: readonly Statement[],
  trackGroups?: ReadonlySet<string>,
): readonly RouteEntry[] {
  return lines.flatMap((line) => new RouteReader(findings, object, line, trackGroups).read() ?? []);
}

const types: ReadonlySet<string> = new Set<RouteType>([
  'unicast',
  'local',
  'broadcast',
  'anycast',
  'multicast',
  'unreachable',
  'prohibit',
  'blackhole',
  'throw',
  'nat',
]);

const defaults: ReadonlySet<string> = new Set(['default', 'default6', 'any', 'all']);

type Draft = { -readonly [K in keyof RouteEntry]?: RouteEntry[K] | undefined };

class RouteReader {
  readonly #words: IprouteWords;
  readonly #trackGroups: ReadonlySet<string> | undefined;
  readonly #draft: Draft = {};
  readonly #metrics: Partial<Record<RouteMetric, number>> = {};
  readonly #locked: (RouteMetric | 'congctl')[] = [];
  readonly #nexthops: RouteNexthop[] = [];
  #asked: IpFamily | undefined;
  #isDefault = false;

  constructor(findings: Findings, object: string, line: Statement, trackGroups: ReadonlySet<string> | undefined) {
    this.#words = new IprouteWords(findings, object, 'route', line);
    this.#trackGroups = trackGroups;
  }

  read(): RouteEntry | undefined {
    for (let word = this.#words.next(); word !== undefined; word = this.#words.next()) this.#take(word);
    if (this.#words.hasFailed()) return undefined;
    const { findings, object, line } = this.#words;
    const draft = this.#draft;
    if (draft.to === undefined && !this.#isDefault) {
      this.#words.refuse(line.keyword, 'a route needs a destination, ADDRESS[/PREFIX] or default');
      return undefined;
    }
    const ways = this.#nexthops.map(({ via }) => via);
    const addresses = [draft.via, draft.src, draft.to?.address, draft.from?.address, ...ways];
    const family = oneFamily([this.#asked, ...addresses.map((address) => address && ipFamily(address))]);
    if (family === undefined) {
      this.#words.refuse(line.keyword, 'IPv4 and IPv6 do not mix in a route');
      return undefined;
    }
    this.#checkFamily(family);
    if (this.#words.hasFailed()) return undefined;
    const interfaces = [draft.dev, draft.vrf, ...this.#nexthops.map(({ dev }) => dev)];
    checkInterfaces(
      findings,
      `a route of ${object}`,
      interfaces.map((name) => ({ name, span: line.keyword.span })),
    );
    const noTrack = this.#untracked();
    return {
      ...(Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined)) as Partial<RouteEntry>),
      span: line.keyword.span,
      family,
      type: draft.type ?? 'unicast',
      to: draft.to ?? { address: ipFromBytes(new Uint8Array(family === 'ipv4' ? 4 : 16)), prefixLength: 0 },
      protocol: noTrack ? (draft.protocol ?? keepalivedProtocol) : keepalivedProtocol,
      onlink: draft.onlink ?? false,
      metrics: this.#metrics,
      locked: this.#locked,
      ecn: draft.ecn ?? false,
      nexthops: this.#nexthops,
      noTrack,
    };
  }

  #take(word: Word): void {
    const words = this.#words;
    const draft = this.#draft;
    switch (word.text) {
      case 'to': {
        const value = words.value(word);
        if (value !== undefined) this.#destination(value);
        break;
      }
      case 'inet':
      case 'inet6':
        this.#asked = word.text === 'inet' ? 'ipv4' : 'ipv6';
        break;
      case 'via':
      case 'gw':
        if (word.text === 'gw') this.#deprecated(word, 'via');
        draft.via = readGateway(words, word);
        break;
      case 'or':
        this.#deprecated(word, 'nexthop');
        this.#nexthops.push(...readSecondGateway(words, word, { via: draft.via, dev: draft.dev }));
        draft.via = undefined;
        draft.dev = undefined;
        break;
      case 'src':
        draft.src = readAddress(words, word);
        break;
      case 'from': {
        const value = words.value(word);
        if (value !== undefined) draft.from = words.prefix(word, value);
        break;
      }
      case 'dev':
      case 'oif':
        draft.dev = words.value(word)?.text;
        break;
      case 'vrf':
        draft.vrf = words.value(word)?.text;
        break;
      case 'table':
        // The reference takes a table of -1 as well, the highest there is.
        draft.table = words.numberOrName(word, highest32, { ...tables, '-1': highest32 });
        break;
      case 'protocol':
        draft.protocol = words.numberOrName(word, 255, protocols);
        break;
      case 'scope':
        draft.scope = words.numberOrName(word, 255, scopes);
        break;
      case 'tos':
      case 'dsfield':
        draft.tos = words.numberOrName(word, 255, {});
        break;
      case 'metric':
      case 'priority':
      case 'preference':
        draft.metric = words.number(word, 0, highest32);
        break;
      case 'realms':
        draft.realms = words.value(word)?.text;
        break;
      case 'expires':
        draft.expiresSecs = words.number(word, 0, highest32);
        break;
      case 'onlink':
        draft.onlink = true;
        break;
      case 'encap':
        draft.encap = readEncap(words, word);
        break;
      case 'as':
        words.option('to');
        draft.asTo = readLabels(words, word);
        break;
      case 'congctl': {
        if (words.option('lock') !== undefined) this.#locked.push('congctl');
        draft.congctl = words.value(word)?.text;
        break;
      }
      case 'features': {
        const value = words.value(word);
        if (value?.text === 'ecn') draft.ecn = true;
        else if (value !== undefined) words.refuse(value, "'features' takes ecn");
        break;
      }
      case 'pref':
        draft.pref = this.#oneOf(word, ['low', 'medium', 'high']);
        break;
      case 'ttl-propagate':
        draft.ttlPropagate = this.#oneOf(word, ['enabled', 'disabled']) === 'enabled';
        break;
      case 'add':
      case 'prepend':
      case 'append':
        draft.operation = word.text;
        break;
      case 'nexthop':
        this.#nexthops.push(...readNexthops(words, word));
        break;
      case 'no_track':
        draft.noTrack = true;
        break;
      default:
        this.#other(word);
    }
  }

  #other(word: Word): void {
    const { text } = word;
    if (types.has(text)) this.#draft.type = text as RouteType;
    else if (isMetric(text)) readMetric(this.#words, word, text, this.#metrics, this.#locked);
    else if (text === 'track_group' && this.#trackGroups !== undefined) {
      this.#draft.trackGroup = readTrackGroup(this.#words, word, this.#trackGroups);
    } else if (defaults.has(text) || readPrefix(text) !== undefined) this.#destination(word);
    else this.#words.refuse(word, 'it takes a destination and the words of ip-route(8)');
  }

  #destination(word: Word): void {
    this.#draft.to = undefined;
    this.#isDefault = defaults.has(word.text);
    if (word.text === 'default6') this.#asked = 'ipv6';
    else if (!this.#isDefault) this.#draft.to = this.#words.prefix(word, word);
  }

  #oneOf<T extends string>(of: Word, values: readonly T[]): T | undefined {
    const word = this.#words.value(of);
    const value = values.find((known) => known === word?.text);
    if (word !== undefined && value === undefined) this.#words.refuse(word, `'${of.text}' takes ${values.join(', ')}`);
    return value;
  }

  #checkFamily(family: IpFamily): void {
    const draft = this.#draft;
    const { line } = this.#words;
    const wrong =
      family === 'ipv4'
        ? draft.from !== undefined
          ? 'from'
          : draft.pref !== undefined
            ? 'pref'
            : draft.expiresSecs !== undefined
              ? 'expires'
              : undefined
        : undefined;
    if (wrong !== undefined) this.#words.refuse(line.keyword, `'${wrong}' is for IPv6 only`);
    if (draft.asTo !== undefined && draft.encap?.type !== 'mpls')
      this.#words.refuse(line.keyword, "'as to' is for MPLS only");
  }

  /** What cannot be seen to go away is not looked after, whether that was asked for or not. */
  #untracked(): boolean {
    const { findings, object, line } = this.#words;
    const draft = this.#draft;
    if (draft.noTrack === true) return true;
    const words = [line.keyword, ...line.args].map(({ text }) => text).join(' ');
    if (draft.protocol !== undefined && draft.protocol !== keepalivedProtocol)
      findings.warning(
        'route-not-tracked',
        line.keyword.span,
        `route '${words}' of ${object} has another protocol than keepalived`,
        "such a route cannot be tracked: remove it, or add 'no_track'; 18 (keepalived) is used",
      );
    if (draft.dev !== undefined || (this.#nexthops[0]?.dev !== undefined && words.includes(' or '))) return false;
    findings.warning(
      'route-not-tracked',
      line.keyword.span,
      `route '${words}' of ${object} names no interface and cannot be tracked`,
      "add 'dev INTERFACE', or 'no_track' where that is meant",
    );
    return true;
  }

  #deprecated(word: Word, today: string): void {
    const { findings, object } = this.#words;
    findings.warning(
      'deprecated-keyword',
      word.span,
      `'${word.text}' in a route of ${object} is deprecated`,
      `use '${today}'`,
    );
  }
}
