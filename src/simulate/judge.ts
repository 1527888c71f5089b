import { findDirector, type DirectorSetup } from './directors.ts';
import type { VirtualRouter } from './routers.ts';
import type { Claim, Expectation } from './script.ts';
import { durationOf, spansOf, type Span, type Standing, type Timeline } from './timeline.ts';

export interface Verdict {
  readonly expectation: Expectation;
  readonly held: boolean;
  /** What was seen: when it came to be, or what there was instead. */
  readonly seen: string;
}

export interface Seen {
  readonly routers: readonly VirtualRouter[];
  readonly timeline: Timeline;
  readonly setups: readonly DirectorSetup[];
  readonly endMs: number;
}

interface Told {
  readonly held: boolean;
  readonly seen: string;
}

/** Whether an expectation held in what was seen. One of several routers holds where it does of each. */
export function judge(expectation: Expectation, seen: Seen): Verdict {
  const { claim, of, fromMs, untilMs = seen.endMs } = expectation;
  const concerned = seen.routers.flatMap((router, r) =>
    of === undefined || router.calledBy.has(of) ? [{ router, r }] : [],
  );
  const told = concerned.flatMap(({ router, r }): readonly Told[] => {
    const history = seen.timeline[r] ?? [];
    const spans = spansOf(history, fromMs, untilMs);
    const one = judgeRouter(claim, { router, setups: seen.setups, history, spans, fromMs, untilMs });
    return one === undefined ? [] : [{ held: one.held, seen: `${router.name} ${one.seen}` }];
  });
  if (told.length === 0) return { expectation, held: false, seen: 'nothing here has that address or that name' };
  const failed = told.filter(({ held }) => !held);
  return {
    expectation,
    held: failed.length === 0,
    seen: (failed.length > 0 ? failed : told).map(({ seen: text }) => text).join('; '),
  };
}

interface Place {
  readonly router: VirtualRouter;
  readonly setups: readonly DirectorSetup[];
  readonly history: readonly Standing[];
  readonly spans: readonly Span[];
  readonly fromMs: number;
  readonly untilMs: number;
}

/** How often who is MASTER became another; what comes of the event at `fromMs` itself counts, that of the next one does not. */
function changesOf(history: readonly Standing[], fromMs: number, untilMs: number): number {
  return history.filter(({ atMs, masters }, i) => {
    const before = history[i - 1];
    return before !== undefined && atMs >= fromMs && atMs < untilMs && masters.join() !== before.masters.join();
  }).length;
}

/** Undefined: the claim is not about this router. */
function judgeRouter(claim: Claim, place: Place): Told | undefined {
  const { router, setups, spans, fromMs } = place;
  switch (claim.is) {
    case 'no-two':
      return atMost(
        'two masters',
        durationOf(spans, ({ masters }) => masters.length > 1),
        claim.longestMs,
      );
    case 'no-gap':
      return atMost(
        'nobody MASTER',
        durationOf(spans, ({ masters }) => masters.length === 0),
        claim.longestMs,
      );
    case 'changes': {
      const changes = changesOf(place.history, fromMs, place.untilMs);
      return { held: changes <= claim.atMost, seen: `changed ${times(changes)}` };
    }
    case 'one-master':
      return becomes(spans, { fromMs, withinMs: claim.withinMs }, ({ masters }) => masters.length === 1, mastersOf);
    case 'nobody-master':
      return becomes(spans, { fromMs, withinMs: claim.withinMs }, ({ masters }) => masters.length === 0, mastersOf);
    case 'holds': {
      if (!router.addresses.includes(claim.address)) return undefined;
      const name = claim.director === undefined ? undefined : findDirector(setups, claim.director)?.name;
      const right = ({ holders }: Span): boolean =>
        name === undefined ? holders.length === 0 : holders.length === 1 && holders[0] === name;
      return becomes(spans, { fromMs, withinMs: claim.withinMs }, right, ({ holders }) => `held by ${some(holders)}`);
    }
    case 'state': {
      const name = findDirector(setups, claim.director)?.name;
      const m = router.members.findIndex(({ director }) => director === name);
      if (m < 0) return undefined;
      const shown = ({ states }: Span): string => `${String(name)} ${states[m] ?? 'off'}`;
      return becomes(spans, { fromMs, withinMs: claim.withinMs }, ({ states }) => states[m] === claim.state, shown);
    }
  }
}

function atMost(
  what: string,
  { longestMs, longestAtMs }: { longestMs: number; longestAtMs: number | undefined },
  limitMs: number,
): Told {
  const when = longestAtMs === undefined ? '' : ` from ${seconds(longestAtMs)}`;
  return {
    held: longestMs <= limitMs,
    seen: longestMs === 0 ? `never ${what}` : `${what} for ${seconds(longestMs)}${when}`,
  };
}

/** It must be so from `withinMs` on, until the end of the spans. */
function becomes(
  spans: readonly Span[],
  { fromMs, withinMs }: { readonly fromMs: number; readonly withinMs: number },
  right: (span: Span) => boolean,
  words: (span: Span) => string,
): Told {
  const wrong = spans.findLastIndex((span) => !right(span));
  const since = spans[wrong + 1];
  const afterMs = since === undefined ? undefined : since.atMs - fromMs;
  if (afterMs !== undefined && afterMs <= withinMs)
    return { held: true, seen: afterMs === 0 ? 'at once' : `after ${seconds(afterMs)}` };
  const last = spans[wrong];
  const instead = last === undefined ? 'not there' : `${words(last)} until ${seconds(last.endMs)}`;
  const late = afterMs === undefined ? '' : `, right after ${seconds(afterMs)}`;
  return { held: false, seen: `${instead}${late}` };
}

function mastersOf({ masters }: Span): string {
  return `MASTER ${some(masters)}`;
}

export function some(names: readonly string[]): string {
  return names.length === 0 ? 'nobody' : names.join(' + ');
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3).replace(/\.?0+$/, '')} s`;
}

function times(n: number): string {
  return n === 1 ? 'once' : `${String(n)} times`;
}
