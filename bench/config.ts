import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { projectRoot } from '../test/lab/machine.ts';
import { progress, type Row } from './report.ts';

/** Reading and checking a configuration beside `keepalived -t`, on this machine; and what starting a command costs beside Node's own start. */

const watchkeeper = join(projectRoot, 'bin/watchkeeper');

export async function measureConfigs(rounds: number): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-bench-'));
  const rows: Row[] = [];
  for (const servers of [10_000, 100_000]) {
    const file = join(folder, `${String(servers)}.conf`);
    writeFileSync(file, configOf(servers), { mode: 0o644 });
    const what = `${servers.toLocaleString('en')} real servers`;
    const commands = {
      reference: ['keepalived', '-t', '-f', file],
      test: [watchkeeper, '-t', '-f', file],
      lint: [watchkeeper, 'lint', file],
    };
    const [reference, test, lint] = await inTurn(rounds, commands);
    rows.push(
      row(`-t, ${what}, s`, reference, test, 'seconds'),
      row(`-t, ${what}, MB`, reference, test, 'megabytes'),
      row(`lint beside keepalived -t, ${what}, s`, reference, lint, 'seconds'),
    );
  }
  const [node, version] = await inTurn(rounds * 3, {
    node: [process.execPath, '-e', '0'],
    version: [watchkeeper, '--version'],
  });
  rows.push(row('--version beside node -e 0, s', node, version, 'seconds'));
  rmSync(folder, { recursive: true });
  return rows;
}

interface Cost {
  readonly seconds: number;
  readonly megabytes: number;
}

function row(what: string, keepalived: readonly Cost[] = [], ours: readonly Cost[] = [], unit: keyof Cost): Row {
  return { what, keepalived: keepalived.map((cost) => cost[unit]), watchkeeper: ours.map((cost) => cost[unit]) };
}

/** Each command once a round, so that all meet the same moments of the machine. */
async function inTurn(
  rounds: number,
  commands: Readonly<Record<string, readonly string[]>>,
): Promise<readonly (readonly Cost[])[]> {
  const costs = Object.values(commands).map((): Cost[] => []);
  for (let round = 1; round <= rounds; round++) {
    for (const [i, words] of Object.values(commands).entries()) costs[i]?.push(await costOf(words));
    progress(`round ${String(round)}: ${Object.keys(commands).join(', ')}`);
  }
  return costs;
}

/** Wall time of a command, and the most memory that it held (VmHWM, looked at every few milliseconds). */
async function costOf([program = '', ...words]: readonly string[]): Promise<Cost> {
  const started = performance.now();
  const child = spawn(program, words, { stdio: 'ignore' });
  let kilobytes = 0;
  const watch = setInterval(() => {
    kilobytes = Math.max(kilobytes, highWater(child.pid ?? 0));
  }, 5);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('exit', resolve);
    child.once('error', reject);
  });
  clearInterval(watch);
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`${program} ${words.join(' ')} ended with ${String(status)}`);
  return { seconds, megabytes: kilobytes / 1024 };
}

function highWater(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Services of ten servers each with a TCP_CHECK: 66 lines a service. */
function configOf(servers: number): string {
  const byte = (value: number): string => String(value & 255);
  const services = Array.from({ length: servers / 10 }, (_, s) => {
    const real = Array.from({ length: 10 }, (_, r) => {
      const n = s * 10 + r;
      return `  real_server 172.${String(16 + (n >> 16))}.${byte(n >> 8)}.${byte(n)} 80 {\n    weight 1\n    TCP_CHECK {\n      connect_timeout 3\n    }\n  }\n`;
    });
    return `virtual_server 10.${byte(s >> 16)}.${byte(s >> 8)}.${byte(s)} 80 {\n  delay_loop 6\n  lb_algo rr\n  lb_kind NAT\n  protocol TCP\n${real.join('')}}\n`;
  });
  return `global_defs {\n  router_id BENCH\n}\n${services.join('')}`;
}
