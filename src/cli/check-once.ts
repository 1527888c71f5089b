import {
  fileFinding,
  runnableChecks,
  type CheckResult,
  type CheckRunner,
  type TimedChecker,
} from '../checkers/index.ts';
import type { Checker, Config, RealServer, TrackFile, VirtualServer } from '../config/index.ts';
import { realServerText, virtualServerText } from '../daemon/index.ts';
import type { CheckRow } from './check-report.ts';

/** What is needed to run the checks of a configuration once. */
export interface OnceEdges {
  readonly runner: CheckRunner;
  readonly readNumber: (file: TrackFile) => Promise<number>;
  readonly nowMs: () => number;
  /** A check has ended. */
  readonly onProgress: (done: number, all: number) => void;
}

/** Whether a real server is among those that were asked for. */
export type ServerFilter = (server: RealServer) => boolean;

/** As many at a time: enough to wait for many dead servers at once, few enough to need no descriptors to speak of. */
const atOnce = 100;

/** Runs each check once, each url of a check too, as the daemon does. The rows are in the order of the configuration. */
export async function checkOnce(config: Config, wanted: ServerFilter, edges: OnceEdges): Promise<readonly CheckRow[]> {
  const jobs = config.lvs.virtualServers.flatMap((virtual) =>
    virtual.realServers
      .filter(wanted)
      .flatMap((real) =>
        real.checkers.length === 0
          ? [
              () =>
                Promise.resolve([row(virtual, real, 'none', { result: 'not run', timeMs: 0, why: 'it counts as up' })]),
            ]
          : real.checkers.map((checker) => () => checkRows(config, virtual, real, checker, edges)),
      ),
  );
  const results: (readonly CheckRow[])[] = [];
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let i = next++; i < jobs.length; i = next++) {
      results[i] = (await jobs[i]?.()) ?? [];
      edges.onProgress(++done, jobs.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, jobs.length) }, work));
  return results.flat();
}

async function checkRows(
  config: Config,
  virtual: VirtualServer,
  real: RealServer,
  checker: Checker,
  edges: OnceEdges,
): Promise<readonly CheckRow[]> {
  if (checker.type === 'FILE_CHECK') return [await fileRow(config, virtual, real, checker, edges)];
  if (!isTimed(checker)) {
    const why = 'it needs the daemon';
    return [row(virtual, real, checker.type, { result: 'not run', timeMs: 0, why })];
  }
  const urls = 'urls' in checker ? checker.urls : [];
  const rows: CheckRow[] = [];
  for (let url = 0; url < Math.max(1, urls.length); url++) {
    const startedMs = edges.nowMs();
    const id = `${virtualServerText(virtual)} ${realServerText(real, virtual)} ${String(real.checkers.indexOf(checker))}`;
    const result = await edges.runner.run({ id, checker, url }).outcome;
    const name = urls.length > 1 ? `${checker.type} ${urls[url]?.path ?? ''}` : checker.type;
    rows.push(row(virtual, real, name, { ...outcome(result), timeMs: edges.nowMs() - startedMs }));
  }
  return rows;
}

async function fileRow(
  { trackFiles }: Config,
  virtual: VirtualServer,
  real: RealServer,
  checker: Extract<Checker, { type: 'FILE_CHECK' }>,
  { readNumber, nowMs }: OnceEdges,
): Promise<CheckRow> {
  const startedMs = nowMs();
  const file = trackFiles.find(({ name }) => name === checker.trackFile);
  const value = file === undefined ? 0 : await readNumber(file);
  const finding = fileFinding(checker, file ?? { weight: 1, reverse: false }, value);
  const { up, weight } = finding;
  const reason = `${file?.file ?? checker.trackFile} holds ${String(value)}`;
  return row(virtual, real, checker.type, {
    ...outcome({ ok: up, reason, ...(weight === undefined ? {} : { weight }) }),
    timeMs: nowMs() - startedMs,
  });
}

function outcome({
  ok,
  reason,
  weight,
  warning,
}: CheckResult): Pick<CheckRow, 'result' | 'why' | 'weight' | 'warning'> {
  const why = weight === undefined ? reason : `${reason} (weight ${String(weight)})`;
  return {
    result: ok ? 'ok' : 'failed',
    why,
    ...(weight === undefined ? {} : { weight }),
    ...(warning === undefined ? {} : { warning: warning.text }),
  };
}

function row(
  virtual: VirtualServer,
  real: RealServer,
  check: string,
  rest: Pick<CheckRow, 'result' | 'timeMs' | 'why' | 'weight' | 'warning'>,
): CheckRow {
  return { virtualServer: virtualServerText(virtual), server: realServerText(real, virtual), check, ...rest };
}

function isTimed(checker: Checker): checker is TimedChecker {
  return runnableChecks.has(checker.type);
}
