import type { Diagnostic } from '../core/index.ts';
import { checkNames } from './check-names.ts';
import { configsOf, findDirector, onPlainInterfaces, type DirectorSetup } from './directors.ts';
import { judge, type Verdict } from './judge.ts';
import type { Machine, Port } from './machine.ts';
import { cutKey, Network, type Quality } from './network.ts';
import { randomNumbers } from './random.ts';
import { virtualRouters, type VirtualRouter } from './routers.ts';
import type { Action, Script } from './script.ts';
import { Recorder, type Timeline } from './timeline.ts';
import { wire, type Ports } from './wire.ts';

export interface Outcome {
  readonly setups: readonly DirectorSetup[];
  readonly ports: Ports;
  readonly seed: number;
  readonly events: Script['events'];
  readonly routers: readonly VirtualRouter[];
  readonly timeline: Timeline;
  readonly verdicts: readonly Verdict[];
  readonly endMs: number;
}

/** Steps of machines and arrivals of packets in one run: some minutes of work. */
const mostSteps = 2_000_000;
export const maxDirectors = 32;

/** Plays a script with directors. The error is what is wrong with it, or that it is too much. */
export function play(
  given: readonly DirectorSetup[],
  script: Script,
  seed: number,
  maxSteps = mostSteps,
): { readonly ok: true; readonly value: Outcome } | { readonly ok: false; readonly error: readonly Diagnostic[] } {
  const setups = given.map(onPlainInterfaces);
  const ports = wire(setups, script.wiring);
  const links = [...new Set(ports.flatMap((own) => own.map(({ link }) => link)))];
  const wrong = checkNames(script, setups, links);
  if (wrong.length > 0) return { ok: false, error: wrong };
  const network = new Network(randomNumbers(seed));
  const machines = setups.map(({ name, config }, d) => network.add(name, config, ports[d] ?? []));
  const routers = virtualRouters(setups, ports);
  const recorder = new Recorder(network, routers);
  const look = (nowMs: number): void => {
    recorder.look(nowMs);
  };
  const endMs = script.endMs ?? (script.events.at(-1)?.atMs ?? 0) + quietMs(setups);
  const late = startedLater(script, setups);
  for (const machine of machines) if (!late.has(machine.name)) machine.start(0);
  look(0);
  for (const { atMs, action } of script.events) {
    network.run(atMs, look, maxSteps);
    perform(action, { network, setups, ports, links });
    look(atMs);
  }
  network.run(endMs, look, maxSteps);
  if (network.happened >= maxSteps || recorder.full)
    return { ok: false, error: [tooMuch(`more than ${String(maxSteps)} things happened`)] };
  const verdicts = script.expectations.map((expectation) =>
    judge(expectation, { routers, timeline: recorder.timeline, setups, endMs }),
  );
  return {
    ok: true,
    value: { setups, ports, seed, events: script.events, routers, timeline: recorder.timeline, verdicts, endMs },
  };
}

function tooMuch(message: string): Diagnostic {
  return { severity: 'error', code: 'script', message, hint: 'simulate a shorter time, or longer intervals' };
}

/** As long as a dead master can go unnoticed, and then some. */
export function quietMs(setups: readonly DirectorSetup[]): number {
  const waits = setups.flatMap((setup) =>
    configsOf(setup).flatMap(({ vrrp, startupDelayMs }) =>
      // The skew is less than a second, or an interval.
      vrrp.instances.map(
        ({ downTimerAdverts, advertIntMs, preemptDelayMs }) =>
          downTimerAdverts * advertIntMs + Math.max(1000, advertIntMs) + preemptDelayMs + startupDelayMs,
      ),
    ),
  );
  return Math.ceil((2 * Math.max(1000, ...waits)) / 1000) * 1000;
}

/** Directors whose first event is that they start: they do not run from the beginning. */
function startedLater({ events }: Script, setups: readonly DirectorSetup[]): ReadonlySet<string> {
  const late = setups.filter((setup) => {
    const first = events.find(
      ({ action }) =>
        'director' in action &&
        findDirector(setups, action.director) === setup &&
        ['start', 'stop', 'kill', 'power-off', 'power-on'].includes(action.do),
    );
    return first?.action.do === 'start' || first?.action.do === 'power-on';
  });
  return new Set(late.map(({ name }) => name));
}

interface World {
  readonly network: Network;
  readonly setups: readonly DirectorSetup[];
  readonly ports: Ports;
  readonly links: readonly string[];
}

function perform(action: Action, world: World): void {
  const { network, setups, links } = world;
  switch (action.do) {
    case 'cut': {
      const [from, to] = [findDirector(setups, action.from)?.name ?? '', findDirector(setups, action.to)?.name ?? ''];
      for (const link of action.link === undefined ? links : [action.link]) {
        network.cuts.add(cutKey(from, to, link));
        if (action.bothWays) network.cuts.add(cutKey(to, from, link));
      }
      return;
    }
    case 'heal':
      for (const cut of network.cuts)
        if (action.link === undefined || cut.endsWith(` ${action.link}`)) network.cuts.delete(cut);
      return;
    case 'loss':
      change(network, action.link, { lost: action.share });
      return;
    case 'duplicate':
      change(network, action.link, { duplicated: action.share });
      return;
    case 'reorder':
      change(network, action.link, { reordered: action.share });
      return;
    case 'delay':
      change(network, action.link, { minDelayMs: action.minMs, maxDelayMs: action.maxMs });
      return;
    default: {
      const setup = findDirector(setups, action.director);
      const d = setup === undefined ? -1 : setups.indexOf(setup);
      const machine = network.machines[d];
      if (setup !== undefined && machine !== undefined)
        happen(action, machine, { setup, own: world.ports[d] ?? [], nowMs: network.nowMs });
    }
  }
}

function change(network: Network, link: string | undefined, what: Partial<Quality>): void {
  if (link !== undefined) {
    network.qualities.set(link, { ...network.qualityOf(link), ...what });
    return;
  }
  network.quality = { ...network.quality, ...what };
  for (const [name, quality] of network.qualities) network.qualities.set(name, { ...quality, ...what });
}

interface Director {
  readonly setup: DirectorSetup;
  readonly own: readonly Port[];
  readonly nowMs: number;
}

function happen(
  action: Extract<Action, { readonly director: string }>,
  machine: Machine,
  { setup, own, nowMs }: Director,
): void {
  switch (action.do) {
    case 'interface':
      machine.setUp(action.ifname, action.up, nowMs);
      return;
    case 'start':
      machine.start(nowMs);
      return;
    case 'stop':
      machine.tell({ type: 'stop', keepAddresses: false }, nowMs);
      return;
    case 'kill':
      machine.kill();
      return;
    case 'power-off':
      machine.powerOff(own);
      return;
    case 'power-on':
      for (const { ifname } of own) machine.setUp(ifname, true, nowMs);
      machine.start(nowMs);
      return;
    case 'freeze':
      machine.frozenUntilMs = action.forMs === undefined ? Number.POSITIVE_INFINITY : nowMs + action.forMs;
      return;
    case 'thaw':
      machine.frozenUntilMs = nowMs;
      return;
    case 'clock':
      machine.jump(action.byMs);
      return;
    case 'reload': {
      const config = setup.reloads.get(action.file);
      if (config === undefined) return;
      machine.config = config;
      machine.tell({ type: 'reload', config }, nowMs);
      return;
    }
    case 'script':
      machine.scripts.set(action.name, action.outcome);
      return;
    case 'file':
      machine.files.set(action.name, action.value);
      machine.tell({ type: 'file-value', trackFile: action.name, value: action.value }, nowMs);
      return;
    case 'process':
      machine.processes.set(action.name, action.well);
      machine.tell({ type: 'process-state', trackProcess: action.name, ok: action.well }, nowMs);
      return;
    case 'bfd':
      machine.bfds.set(action.name, action.well);
      machine.tell({ type: 'bfd-state', bfd: action.name, up: action.well }, nowMs);
      return;
    case 'lose':
      for (const ifname of machine.ports.keys()) machine.setAddress(ifname, action.address, false, nowMs);
  }
}
