import type { Outcome } from './play.ts';
import { durationOf, spansOf } from './timeline.ts';

/** The outcome for programs. `formatVersion` grows when a field changes its meaning; times are in milliseconds. */
export function outcomeAsJson(
  { setups, ports, seed, events, routers, timeline, verdicts, endMs }: Outcome,
  version: string,
): string {
  const report = {
    formatVersion: 1,
    program: `watchkeeper ${version}`,
    seed,
    endMs,
    directors: setups.map(({ name, file }, d) => ({
      name,
      file,
      interfaces: (ports[d] ?? []).map(({ ifname, link, addresses }) => ({ name: ifname, link, addresses })),
    })),
    events: events.map(({ atMs, text }) => ({ atMs, text })),
    routers: routers.map(({ name, link, members, addresses }, r) => {
      const history = timeline[r] ?? [];
      const spans = spansOf(history, 0, endMs);
      return {
        name,
        link,
        addresses,
        members,
        nobodyMaster: durationOf(spans, ({ masters }) => masters.length === 0),
        twoMasters: durationOf(spans, ({ masters }) => masters.length > 1),
        twoAnswer: durationOf(spans, ({ holders }) => holders.length > 1),
        changes: history.map(({ atMs, states, masters, holders }) => ({
          atMs,
          states: Object.fromEntries(members.map(({ director }, m) => [director, states[m]])),
          masters,
          holders,
        })),
      };
    }),
    expectations: verdicts.map(({ expectation: { text, span, fromMs, untilMs }, held, seen }) => ({
      text,
      file: span.file,
      line: span.line,
      column: span.column,
      fromMs,
      untilMs: untilMs ?? endMs,
      held,
      seen,
    })),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
