/** `--signum`: the numbers of the signals that the daemon acts on, for scripts (keepalived(8)). */
const numbers: Readonly<Record<string, number>> = {
  STOP: 15,
  RELOAD: 1,
  DATA: 10,
  STATS: 12,
  STATS_CLEAR: 63,
  JSON: 36,
  HANDOVER: 37,
};

export function signum(name: string): number {
  const number = numbers[name];
  if (number === undefined) {
    process.stderr.write(`watchkeeper: unknown sigfunc ${name}: ${Object.keys(numbers).join(', ')}\n`);
    return 1;
  }
  process.stdout.write(`${String(number)}\n`);
  return 0;
}
