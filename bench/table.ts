import { join } from 'node:path';
import { projectRoot, type Machine } from '../test/lab/machine.ts';
import { progress, type Row } from './report.ts';

/** From start to a full table, one changed weight by reload, and stop, for many services. */

interface Size {
  readonly services: number;
  readonly servers: number;
  readonly rounds: number;
}

type Daemon = 'keepalived' | 'watchkeeper';
const measured = [
  'start to a full table, s',
  'reload with one changed weight, s',
  'stop, s',
  'entries left after stop',
  'memory of all processes, MB',
] as const;

/** Services of 10 servers each with a TCP_CHECK, so long apart that no check disturbs. */
function manyServices({ services, servers }: Size, weight: number): string {
  const blocks: string[] = ['global_defs {\n  router_id BENCH\n}\n'];
  for (let s = 0; s < services; s++) {
    const vip = `10.${String(s >> 16)}.${String((s >> 8) & 255)}.${String(s & 255)}`;
    const lines = [`virtual_server ${vip} 80 {`, '  delay_loop 600', '  lb_algo rr', '  lb_kind NAT', '  protocol TCP'];
    for (let r = 0; r < servers; r++) {
      const rip = `172.16.${String((s + r) & 255)}.${String(r + 1)}`;
      const w = s === services - 1 && r === servers - 1 ? weight : 1;
      lines.push(
        `  real_server ${rip} 80 {`,
        `    weight ${String(w)}`,
        '    TCP_CHECK {',
        '      connect_timeout 3',
        '    }',
        '  }',
      );
    }
    blocks.push(`${lines.join('\n')}\n}\n`);
  }
  return blocks.join('');
}

export async function measureTables(machine: Machine, size: Size): Promise<readonly Row[]> {
  const seen: Record<Daemon, Record<string, number[]>> = { keepalived: {}, watchkeeper: {} };
  const [before, after] = [manyServices(size, 1), manyServices(size, 9)];
  await machine.write('/run/bench/before.conf', before);
  await machine.write('/run/bench/after.conf', after);
  for (let round = 1; round <= size.rounds; round++) {
    for (const daemon of ['keepalived', 'watchkeeper'] as const) {
      // A namespace that held a table before is slower to fill again: each life gets a fresh one.
      await machine.run(undefined, 'ip netns add bench && ip -n bench link set lo up');
      const figures = await oneLife(machine, daemon, size.services * (size.servers + 1));
      await machine.run(undefined, 'ip netns del bench');
      for (const [i, name] of measured.entries()) (seen[daemon][name] ??= []).push(figures[i] ?? Number.NaN);
      progress(`${daemon}, round ${String(round)}: ${figures.map((figure) => figure.toFixed(2)).join('  ')}`);
    }
  }
  const what = `${String(size.services)} x ${String(size.servers)}`;
  return measured.map((name) => ({
    what: `${what}: ${name}`,
    keepalived: seen.keepalived[name] ?? [],
    watchkeeper: seen.watchkeeper[name] ?? [],
  }));
}

async function oneLife(machine: Machine, daemon: Daemon, entries: number): Promise<readonly number[]> {
  const program =
    daemon === 'keepalived' ? 'keepalived' : `${process.execPath} ${join(projectRoot, 'bin', 'watchkeeper')}`;
  await machine.run(undefined, 'cp /run/bench/before.conf /run/bench/keepalived.conf');
  const started = machine.spawn(
    'bench',
    `echo started; exec ${program} -n -l -C -f /run/bench/keepalived.conf -p /run/bench/pid -c /run/bench/checkers`,
  );
  await started.waitFor(/^started$/, 10_000);
  // Without a process for each look, which would cost the guest's one CPU more than what is measured.
  const full = await timed(machine, `mapfile -t lines < /proc/net/ip_vs && [ \${#lines[@]} -ge ${String(entries)} ]`);
  const pids = '/run/bench/pid /run/bench/checkers';
  const memory = await machine.run(
    undefined,
    `for f in ${pids}; do grep VmRSS /proc/$(cat $f)/status; done | awk '{ s += $2 } END { print s / 1024 }'`,
  );
  await machine.run(
    undefined,
    'cp /run/bench/after.conf /run/bench/keepalived.conf && kill -HUP $(cat /run/bench/pid)',
  );
  const reload = await timed(machine, `grep -q '^  -> .* Masq    9 ' /proc/net/ip_vs`);
  await machine.run(undefined, 'kill -TERM $(cat /run/bench/pid)');
  const stop = await timed(machine, '! [ -e /run/bench/pid ]', 60_000);
  await started.exited;
  const left = await machine.run('bench', `grep -c '^  ->' /proc/net/ip_vs || true`);
  return [full, reload, stop, Math.max(0, Number(left.stdout) - 1), Number(memory.stdout)];
}

/** Seconds until the condition holds, asked in the guest every 200 ms. */
async function timed(machine: Machine, condition: string, withinMs = 120_000): Promise<number> {
  const script = `s=$EPOCHREALTIME; until ${condition}; do sleep 0.2; done; e=$EPOCHREALTIME; echo $(( (\${e/./} - \${s/./}) ))`;
  const { stdout } = await machine.run('bench', script, { timeoutMs: withinMs });
  return Number(stdout.trim()) / 1e6;
}
