import { whyNoLab } from '../test/lab/available.ts';
import { Machine } from '../test/lab/machine.ts';
import { measureOutages } from './outage.ts';
import { measureTables } from './table.ts';
import { printTable, type Row } from './report.ts';

/**
 * `npm run bench [-- --only outage|table] [--rounds N] [--services N]`: Watchkeeper beside keepalived, in the same guest kernel and
 * the same run. Figures of the guest mean nothing by themselves: look at the ratios.
 */

const measures: Readonly<
  Record<string, (machine: Machine, option: (name: string, otherwise: number) => number) => Promise<readonly Row[]>>
> = {
  outage: (machine, option) => measureOutages(machine, option('--rounds', 5)),
  table: (machine, option) =>
    measureTables(machine, {
      services: option('--services', 1000),
      servers: option('--servers', 10),
      rounds: option('--rounds', 3),
    }),
};

function option(name: string, otherwise: number): number {
  const i = process.argv.indexOf(name);
  const value = i === -1 ? otherwise : Number(process.argv[i + 1]);
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`${name} takes a whole number from 1`);
  return value;
}

async function main(): Promise<number> {
  const trouble = whyNoLab('with IPVS');
  if (trouble !== undefined) {
    console.error(`The benchmark cannot run here: ${trouble}`);
    return 2;
  }
  const i = process.argv.indexOf('--only');
  const chosen = i === -1 ? Object.keys(measures) : [process.argv[i + 1] ?? ''];
  for (const name of chosen) {
    const measure = measures[name];
    if (measure === undefined) {
      console.error(`--only takes ${Object.keys(measures).join(' or ')}`);
      return 2;
    }
    const machine = await Machine.withIpvs();
    printTable(name, await measure(machine, option));
    machine.close();
  }
  return 0;
}

process.exit(await main());
