import type { Word } from '../../parser/index.ts';
import type { RouteEntry, RouteMetric } from '../model/routes.ts';
import { highest32, type IprouteWords } from './iproute-words.ts';

const metricLimits: Readonly<Record<RouteMetric, number>> = {
  mtu: highest32,
  hoplimit: 255,
  advmss: highest32,
  rtt: highest32,
  rttvar: highest32,
  reordering: highest32,
  window: highest32,
  cwnd: highest32,
  ssthresh: highest32,
  rto_min: highest32,
  initcwnd: highest32,
  initrwnd: highest32,
  quickack: 1,
  fastopen_no_cookie: 1,
};
/** What the kernel counts these times in: parts of a millisecond. */
const timeParts: Readonly<Partial<Record<RouteMetric, number>>> = { rtt: 8, rttvar: 4, rto_min: 1 };
const lockable: ReadonlySet<string> = new Set(
  'mtu advmss rtt rttvar reordering window cwnd ssthresh rto_min'.split(' '),
);

export function isMetric(text: string): text is RouteMetric {
  return Object.hasOwn(metricLimits, text);
}

/** `METRIC [lock] VALUE` */
export function readMetric(
  words: IprouteWords,
  word: Word,
  metric: RouteMetric,
  metrics: Partial<Record<RouteMetric, number>>,
  locked: RouteEntry['locked'][number][],
): void {
  if (lockable.has(metric) && words.option('lock') !== undefined) locked.push(metric);
  const parts = timeParts[metric];
  if (parts === undefined) {
    const value = words.number(word, 0, metricLimits[metric]);
    if (value !== undefined) metrics[metric] = value;
    return;
  }
  const value = words.value(word);
  if (value === undefined) return;
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(s|msec|ms)?$/.exec(value.text) ?? [];
  if (digits === undefined) words.refuse(value, `'${word.text}' takes a time such as 5ms`);
  else metrics[metric] = Math.round(Number(digits) * (unit === undefined ? 1 : unit === 's' ? 1000 * parts : parts));
}
