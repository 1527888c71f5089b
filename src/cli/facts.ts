import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import { programsOf, type Facts } from '../lint/index.ts';
import {
  directorSysctls,
  hostInterfaces,
  programFacts,
  readingHere,
  shortHostName,
  userNames,
} from '../platform/index.ts';
import { defaultConfigFile } from './options.ts';
import { endedBy, tame, type Output } from './output.ts';

export function factsProgram(): Command {
  return new Command('watchkeeper facts')
    .description(
      'Write what this host knows that a configuration does not say: for watchkeeper lint --facts elsewhere.',
    )
    .option('-f, --use-file <FILE>', 'the configuration whose programs are looked at', defaultConfigFile)
    .option('-o, --output <FILE>', 'where to write it; the standard output unless given');
}

/** `watchkeeper facts`: what this host knows that a configuration file does not say, as JSON. */
export function factsCommand(words: readonly string[], output: Output): number {
  const program = tame(factsProgram(), output);
  const ended = endedBy(program, words, 2);
  if (ended !== undefined) return ended;
  const { useFile, output: file } = program.opts<{ readonly useFile: string; readonly output?: string }>();
  const text = `${JSON.stringify(collectFacts([useFile]), null, 2)}\n`;
  if (file === undefined) output.out(text);
  else writeFileSync(file, text);
  return 0;
}

/** The facts of this host about these configurations. */
export function collectFacts(files: readonly string[]): Facts {
  const programs = new Set(files.flatMap((file) => programsOf(loadHere(file))));
  return {
    hostName: shortHostName(),
    interfaces: hostInterfaces(),
    users: userNames(),
    programs: Object.fromEntries([...programs].map((name) => [name, programFacts(name)])),
    sysctls: directorSysctls(),
  };
}

function loadHere(file: string): ReturnType<typeof loadConfig> {
  return loadConfig({ ...readingHere(), file, random: () => 0.5 });
}
