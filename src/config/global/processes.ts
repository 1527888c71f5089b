import { defined } from '../defined.ts';
import type { GlobalDefs, ProcessSettings } from '../model/global-defs.ts';
import type { Reading } from '../read.ts';

type Processes = Pick<
  GlobalDefs,
  | 'processNames'
  | 'processName'
  | 'vrrpProcess'
  | 'checkerProcess'
  | 'bfdProcess'
  | 'maxAutoPriority'
  | 'minAutoPriorityDelayMs'
>;

/** Names and scheduling of the processes. */
export function readProcesses(reading: Reading): Processes {
  const highest = reading.entry('max_auto_priority');
  return {
    processNames: reading.flag('process_names'),
    ...defined({
      processName: processName(reading, 'process_name'),
      maxAutoPriority: highest === undefined ? undefined : (reading.number('max_auto_priority') ?? 99),
    }),
    vrrpProcess: processSettings(reading, 'vrrp', ['vrrp_process_name']),
    checkerProcess: processSettings(reading, 'checker', ['checker_process_name', 'lvs_process_name']),
    bfdProcess: processSettings(reading, 'bfd', ['bfd_process_name']),
    minAutoPriorityDelayMs: (reading.number('min_auto_priority_delay') ?? 1_000_000) / 1000,
  };
}

function processSettings(reading: Reading, part: string, names: readonly string[]): ProcessSettings {
  const limit = reading.number(`${part}_rlimit_rttime`) ?? reading.number(`${part}_rlimit_rtime`) ?? 10_000;
  return {
    ...defined({
      priority: reading.number(`${part}_priority`),
      rtPriority: reading.number(`${part}_rt_priority`),
      cpuAffinity: cpuAffinity(reading, `${part}_cpu_affinity`),
      processName: names.map((name) => processName(reading, name)).find((name) => name !== undefined),
    }),
    // A limit of one microsecond would end the process at once, so the reference takes two.
    rlimitRttimeUs: Math.max(2, limit),
    noSwap: reading.flag(`${part}_no_swap`),
  };
}

function cpuAffinity(reading: Reading, keyword: string): readonly number[] | undefined {
  const words = reading.entry(keyword)?.statement.args;
  if (words === undefined) return undefined;
  const wrong = words.find(({ text }) => !/^\d{1,4}$/.test(text) || Number(text) > 1023);
  if (wrong === undefined) return [...new Set(words.map(({ text }) => Number(text)))].sort((a, b) => a - b);
  reading.findings.error(
    'bad-argument',
    wrong.span,
    `'${keyword} ${wrong.text}' in ${reading.object} is not valid`,
    'it takes the numbers of processors, from 0',
  );
  return undefined;
}

const longestName = 15;

function processName(reading: Reading, keyword: string): string | undefined {
  const name = reading.text(keyword);
  const word = reading.entry(keyword)?.statement.args[0];
  if (name !== undefined && name.length > longestName && word !== undefined)
    reading.findings.warning(
      'bad-argument',
      word.span,
      `'${keyword} ${name}' in ${reading.object} is too long`,
      `a process name has at most ${String(longestName)} characters: the rest is cut off`,
    );
  return name?.slice(0, longestName);
}
