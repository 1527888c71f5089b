import type { DirectorSetup } from './directors.ts';
import { quietMs } from './play.ts';
import { interfacesOf } from './wire.ts';

/** What is played where no script is given, as a text to begin with: each link, then each process, goes and comes back. */
export function defaultScript(setups: readonly DirectorSetup[]): string {
  const waitMs = quietMs(setups);
  const within = `within ${String(waitMs / 2000)}s`;
  let atMs = 0;
  const lines: string[] = [`expect one master ${within}`];
  const add = (action: string, expected = `expect one master ${within}`): void => {
    atMs += waitMs;
    lines.push('', `at ${String(atMs / 1000)}s: ${action}`, expected);
  };
  for (const { name, config } of setups) {
    const used = new Set(config.vrrp.instances.flatMap(({ interface: own }) => own ?? []));
    for (const ifname of interfacesOf({ name, file: '', config, reloads: new Map() })) {
      if (!used.has(ifname)) continue;
      add(`${name} ${ifname} down`);
      add(`${name} ${ifname} up`);
    }
  }
  for (const { name } of setups) {
    for (const end of ['kill', 'stop', 'power off']) {
      add(`${name} ${end}`);
      add(`${name} ${end === 'power off' ? 'power on' : 'start'}`);
    }
  }
  return `# each link down and up, each director killed, stopped and without power\n${lines.join('\n')}\n`;
}
