import type { VrrpTrackProcess } from '../config/index.ts';

/** A process as /proc shows it. */
export interface SeenProcess {
  /** Its name: at most 15 bytes. */
  readonly comm: string;
  /** Its command line; empty where it was not asked for. */
  readonly argv: readonly string[];
}

type Wanted = Pick<VrrpTrackProcess, 'process' | 'fullCommand' | 'paramMatch'>;

/** Whether the command line must be read: with full_command, and wherever there are parameters to compare. */
export function comparesCommandLine({ process, fullCommand }: Wanted): boolean {
  return fullCommand || process.length > 1;
}

/**
 * As keepalived 2.2.7 was seen to compare: without parameters and full_command the name alone, else the program as it was called
 * and the parameters, which are to be equal unless param_match says otherwise.
 */
export function matches(wanted: Wanted, { comm, argv }: SeenProcess): boolean {
  const { process, paramMatch } = wanted;
  const [program = '', ...parameters] = process;
  if (!comparesCommandLine(wanted)) return comm === program;
  if (argv[0] !== program) return false;
  const given = argv.slice(1);
  switch (paramMatch ?? (parameters.length > 0 ? 'exact' : 'partial')) {
    case 'exact':
      return given.length === parameters.length && parameters.every((text, i) => given[i] === text);
    case 'partial':
      return parameters.every((text, i) => given[i] === text);
    case 'initial': {
      const last = parameters.length - 1;
      return parameters.every((text, i) => (i === last ? given[i]?.startsWith(text) === true : given[i] === text));
    }
  }
}
