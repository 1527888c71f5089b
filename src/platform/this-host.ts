import process from 'node:process';
import type { FileSource } from '../parser/index.ts';
import { resolveAccount } from './accounts.ts';
import { diskFiles } from './file-source.ts';
import { interfaceNames, isExecutable, shortHostName } from './host.ts';
import { regexProblem } from './pcre2.ts';

/** From where, and as whom, a configuration is read on this host. */
export interface ReadingHere {
  readonly files: FileSource;
  readonly configId: string;
  readonly hostName: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What a configuration of this host is judged by: only in the network namespace that the thread is in now. */
export interface ThisHost {
  readonly interfaces: ReadonlySet<string>;
  readonly executable: (program: string) => boolean;
  readonly regexProblem: typeof regexProblem;
  readonly knownUser: (name: string) => boolean;
}

/** `configId`: what was given for --config-id; the host's name where nothing was. */
export function readingHere(configId?: string): ReadingHere {
  const hostName = shortHostName();
  return { files: diskFiles, configId: configId ?? hostName, hostName, environment: process.env };
}

export function thisHost(): ThisHost {
  return {
    interfaces: interfaceNames(),
    executable: isExecutable,
    regexProblem,
    knownUser: (name) => resolveAccount(name).ok,
  };
}
