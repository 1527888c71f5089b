import { whyNoLab } from '../test/lab/available.ts';
import { Machine } from '../test/lab/machine.ts';
import { measureChecks } from './checks.ts';
import { measureConfigs } from './config.ts';
import { measureFailovers } from './failover.ts';
import { measureInstances } from './instances.ts';
import { measureJitter } from './jitter.ts';
import { measureOutages } from './outage.ts';
import { measureReloads, measureRest, measureTables } from './table.ts';
import { printTable, type Row } from './report.ts';

/**
 * `npm run bench [-- --only config|outage|table|large|reloads|rest|checks|failover|jitter|instances] [--rounds N] [--services N] [--reloads N] [--load KIND-SERVERS-DELAY] [--window SECS] [--instances N]`: Watchkeeper beside keepalived, in the same run;
 * outages and tables in the same guest kernel, whose figures mean nothing by themselves: look at the ratios.
 */

type Option = (name: string, otherwise: number) => number;

const measures: Readonly<Record<string, (option: Option) => Promise<readonly Row[]>>> = {
  config: (option) => measureConfigs(option('--rounds', 5)),
  outage: (option) => inGuest((machine) => measureOutages(machine, option('--rounds', 5))),
  table: (option) =>
    inGuest((machine) => {
      const services = option('--services', 1000);
      const servers = services * option('--servers', 10);
      return measureTables(machine, { services, servers }, option('--rounds', 3));
    }),
  // As many as the largest configuration that was seen in the field.
  large: (option) =>
    inGuest((machine) => measureTables(machine, { services: 2277, servers: 37_205 }, option('--rounds', 1))),
  reloads: (option) => inGuest((machine) => measureReloads(machine, option('--reloads', 1000))),
  failover: (option) => inNamespaces(() => measureFailovers(option('--rounds', 30))),
  jitter: (option) => inNamespaces(() => measureJitter(option('--rounds', 1), option('--window', 600))),
  instances: (option) => inNamespaces(() => measureInstances(option('--rounds', 3), option('--instances', 1000))),
  rest: () => inGuest((machine) => measureRest(machine)),
  checks: (option) => {
    const load = word('--load');
    return inGuest((machine) =>
      measureChecks(machine, {
        rounds: option('--rounds', 1),
        windowSecs: option('--window', 20),
        ...(load === undefined ? {} : { only: load }),
      }),
    );
  },
};

/** VRRP alone needs no IPVS: figures of this kernel. */
async function inNamespaces(measure: () => Promise<readonly Row[]>): Promise<readonly Row[]> {
  const trouble = whyNoLab('namespaces');
  if (trouble === undefined) return measure();
  console.error(`This cannot be measured here: ${trouble}`);
  return [];
}

async function inGuest(measure: (machine: Machine) => Promise<readonly Row[]>): Promise<readonly Row[]> {
  const trouble = whyNoLab('with IPVS');
  if (trouble !== undefined) {
    console.error(`This cannot be measured here: ${trouble}`);
    return [];
  }
  const machine = await Machine.withIpvs();
  try {
    return await measure(machine);
  } finally {
    machine.close();
  }
}

function word(name: string): string | undefined {
  const i = process.argv.indexOf(name);
  return i === -1 ? undefined : (process.argv[i + 1] ?? '');
}

function option(name: string, otherwise: number): number {
  const value = Number(word(name) ?? otherwise);
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`${name} takes a whole number from 1`);
  return value;
}

async function main(): Promise<number> {
  const i = process.argv.indexOf('--only');
  const chosen = i === -1 ? Object.keys(measures) : [process.argv[i + 1] ?? ''];
  for (const name of chosen) {
    const measure = measures[name];
    if (measure === undefined) {
      console.error(`--only takes ${Object.keys(measures).join(' or ')}`);
      return 2;
    }
    printTable(name, await measure(option));
  }
  return 0;
}

process.exit(await main());
