import { dirname, join } from 'node:path';
import { helpText, parseCommandLine } from './options.ts';
import { standardOutput, type Output } from './output.ts';

/** The command `watchkeeper`. Each command loads what it needs and nothing more; resolves with the exit status. */
export async function main(
  words: readonly string[],
  launcher: string,
  output: Output = standardOutput,
): Promise<number> {
  const [first] = words;
  if (first === '-T' || first === '--genhash') {
    const { genhash } = await import('./genhash.ts');
    return genhash(words.slice(1));
  }
  const root = dirname(dirname(launcher));
  if (first === 'lint') {
    const { lintCommand } = await import('./lint.ts');
    return lintCommand(words.slice(1), root, output);
  }
  if (first === 'fmt') {
    const { fmtCommand } = await import('./fmt.ts');
    return fmtCommand(words.slice(1), output);
  }
  if (first === 'facts') {
    const { factsCommand } = await import('./facts.ts');
    return factsCommand(words.slice(1), output);
  }
  if (first === 'plan') {
    const { planCommand } = await import('./plan.ts');
    return planCommand(words.slice(1), output);
  }
  if (first === 'check') {
    const { checkCommand } = await import('./check.ts');
    return checkCommand(words.slice(1), output);
  }
  if (first === 'simulate') {
    const { simulateCommand } = await import('./simulate.ts');
    return simulateCommand(words.slice(1), root, output);
  }
  const parsed = parseCommandLine(words);
  if (!parsed.ok) {
    process.stderr.write(`watchkeeper: ${parsed.error}; see watchkeeper --help\n`);
    return 1;
  }
  const line = parsed.value;
  for (const complaint of line.complaints) process.stderr.write(`${complaint}\n`);
  if (line.help) {
    process.stdout.write(helpText('watchkeeper'));
    return 0;
  }
  if (line.version) {
    const { versionText } = await import('./version.ts');
    process.stderr.write(versionText(root));
    return 0;
  }
  if (line.signum !== undefined) {
    const { signum } = await import('./signum.ts');
    return signum(line.signum);
  }
  if (line.configTest !== undefined) {
    const { configTest } = await import('./config-test.ts');
    return configTest(line, line.configTest);
  }
  const { readVersion } = await import('./version.ts');
  const { runDaemon } = await import('../daemon/index.ts');
  const bin = join(root, 'dist', 'bin');
  return runDaemon(line, {
    version: readVersion(root),
    words,
    scripts: { vrrp: join(bin, 'vrrp.cjs'), checkers: join(bin, 'checkers.cjs'), bfd: join(bin, 'bfd.cjs') },
    // Not what it is a link to: its name is ours.
    launcher: process.argv[1] ?? launcher,
  });
}
