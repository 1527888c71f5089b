import { join } from 'node:path';
import { projectRoot, type LabProcess, type Line, type Machine } from './machine.ts';

/** Both daemons on the same servers, each at ports of its own: after which probe does each take a server out, and in again? */

const daemons = {
  keepalived: { port: 3000, program: process.env['KEEPALIVED'] ?? 'keepalived' },
  watchkeeper: { port: 4000, program: `${process.execPath} ${join(projectRoot, 'bin', 'watchkeeper')}` },
} as const;
/** The first ports that the servers answer keepalived and Watchkeeper at. */
export const firstPorts = Object.values(daemons).map(({ port }) => port);
/** A line of the servers may come later than the one of the daemon that followed; the next probe is a second away. */
const slackMs = 500;

interface Comparison {
  /** Tells `probe NAME PORT NUMBER` of each probe. */
  readonly servers: LabProcess;
  /** The names of the checks in the order of their ports. */
  readonly names: readonly string[];
  /** So many turns the servers have; the last three are well. */
  readonly probes: number;
  readonly config: (firstPort: number) => string;
  readonly withinMs: number;
}

export interface Decisions {
  /** `2 DOWN`: after the second probe the server was taken out of the table. In the order of the names. */
  readonly keepalived: readonly (readonly string[])[];
  readonly watchkeeper: readonly (readonly string[])[];
  /** The end of keepalived's log, to tell why it decided nothing. */
  readonly lastWords: string;
}

/** Runs both daemons until each check had all its probes. */
export async function compareDecisions(
  machine: Machine,
  { servers, names, probes, config, withinMs }: Comparison,
): Promise<Decisions> {
  const folder = '/run/decisions';
  const logs: Record<string, LabProcess> = {};
  for (const [name, { port, program }] of Object.entries(daemons)) {
    await machine.write(`${folder}/${name}.conf`, config(port));
    const start = `mount -t tmpfs run /run/lock; exec ${program} -n -l -D -C -p ${folder}/${name}.pid -c ${folder}/${name}-c.pid -f ${folder}/${name}.conf`;
    logs[name] = machine.spawn(undefined, `exec unshare -m sh -c '${start}'`);
  }
  for (const port of firstPorts)
    for (const [i, name] of names.entries())
      await servers.waitFor(new RegExp(`^probe ${name} ${String(port + i)} ${String(probes)}$`), withinMs);
  const of = (daemon: keyof typeof daemons): readonly (readonly string[])[] =>
    names.map((name, i) => decisions(servers.lines, logs[daemon]?.lines ?? [], name, daemons[daemon].port + i));
  const lastWords = JSON.stringify(logs['keepalived']?.lines.slice(-20));
  return { keepalived: of('keepalived'), watchkeeper: of('watchkeeper'), lastWords };
}

function decisions(servers: readonly Line[], log: readonly Line[], name: string, port: number): readonly string[] {
  const asked = servers.filter(({ text }) => text.startsWith(`probe ${name} ${String(port)} `));
  return log.flatMap(({ text, atMs }) => {
    const [, word] =
      new RegExp(`(Adding|Removing) service \\[127\\.0\\.0\\.1\\]:\\w+:${String(port)} `).exec(text) ?? [];
    if (word === undefined) return [];
    const before = asked.filter((probe) => probe.atMs <= atMs + slackMs).length;
    return [`${String(before)} ${word === 'Adding' ? 'UP' : 'DOWN'}`];
  });
}
