import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { err, ok, type Result } from '../../src/core/index.ts';
import { isPortable } from './depends.ts';
import { readElf } from './elf.ts';

export type Architecture = 'amd64' | 'arm64';

/** npm's names of them. */
export const npmArchitecture = { amd64: 'x64', arm64: 'arm64' } as const;
export const elfMachine = { amd64: 'x86-64', arm64: 'aarch64' } as const;

/** Node as npm has it, for where the Node that runs this cannot be taken. Changed together, and only on purpose. */
const pinnedNode = {
  version: '20.20.2',
  integrity: {
    amd64: 'sha512-PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==',
    arm64: 'sha512-LCXJnNTFiyGuYBw2gZSI5OBFMbkjAPt8sqD/NKrWoE2QmDgSubTqFng6GaNJ9EJ8HpxBMGcWWpbbcs4Vo+CnGg==',
  },
} as const;

export interface NodeRuntime {
  readonly program: string;
  readonly license: string;
  readonly version: string;
}

/** The Node that runs this, where it is for that architecture and runs on any director; else npm's. */
export function nodeRuntime(architecture: Architecture, folder: string): Result<NodeRuntime> {
  const own = ownNode(architecture);
  if (own !== undefined) return ok(own);
  const name = `node-linux-${npmArchitecture[architecture]}`;
  const fetched = fetchPackage(name, pinnedNode.version, pinnedNode.integrity[architecture], folder);
  if (!fetched.ok) return fetched;
  const inside = (file: string): string => path.join(fetched.value, file);
  return ok({ program: inside('bin/node'), license: inside('LICENSE'), version: pinnedNode.version });
}

function ownNode(architecture: Architecture): NodeRuntime | undefined {
  if (process.arch !== npmArchitecture[architecture]) return undefined;
  const facts = readElf(readFileSync(process.execPath));
  if (!facts.ok || !isPortable(facts.value)) return undefined;
  const prefix = path.dirname(path.dirname(process.execPath));
  const license = ['LICENSE', 'share/doc/nodejs/LICENSE', 'share/doc/node/LICENSE']
    .map((file) => path.join(prefix, file))
    .find((file) => existsSync(file) && readFileSync(file, 'utf8').startsWith('Node.js is licensed'));
  return license === undefined ? undefined : { program: process.execPath, license, version: process.versions.node };
}

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly version: string; readonly integrity: string } | undefined>>;
}

/** The folder with koffi's native part for that architecture: the installed one, or npm's of the version in the lock file. */
export function koffiNative(architecture: Architecture, project: string, folder: string): Result<string> {
  const name = `@koromix/koffi-linux-${npmArchitecture[architecture]}`;
  const installed = path.join(project, 'node_modules', name);
  if (existsSync(installed)) return ok(installed);
  const lock = JSON.parse(readFileSync(path.join(project, 'package-lock.json'), 'utf8')) as LockFile;
  const locked = lock.packages[`node_modules/${name}`];
  if (locked === undefined) return err(`${name} is not in package-lock.json`);
  return fetchPackage(name, locked.version, locked.integrity, folder);
}

/** Downloads a package through npm and unpacks it; only the one whose bytes have this digest. */
function fetchPackage(name: string, version: string, integrity: string, folder: string): Result<string> {
  const target = path.join(folder, name.replace('/', '-'));
  mkdirSync(target, { recursive: true });
  const packed = spawnSync('npm', ['pack', `${name}@${version}`, '--json', '--silent', '--pack-destination', target], {
    encoding: 'utf8',
    cwd: target,
  });
  if (packed.status !== 0) return err(`npm cannot fetch ${name} ${version}: ${packed.stderr.trim()}`);
  const [described] = JSON.parse(packed.stdout) as readonly { readonly filename: string }[];
  const file = path.join(target, path.basename((described?.filename ?? '').replace('@', '').replace('/', '-')));
  const digest = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
  if (digest !== integrity) return err(`${name} ${version} is not what it should be: ${digest}, not ${integrity}`);
  const unpacked = spawnSync('tar', ['-xzf', file, '-C', target], { encoding: 'utf8' });
  return unpacked.status === 0
    ? ok(path.join(target, 'package'))
    : err(`${file} cannot be unpacked: ${unpacked.stderr.trim()}`);
}
