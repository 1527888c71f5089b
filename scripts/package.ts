/**
 * Builds watchkeeper_VERSION_ARCH.deb from the built project (dist/): all that a director needs, Node included.
 *   npm run package [-- --arch amd64|arm64] [--out FOLDER] [--compression xz|none]
 * The same checkout gives the same bytes: times are those of SOURCE_DATE_EPOCH, or else of the last commit.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildDeb, type DebOptions } from './package/build.ts';

const project = path.dirname(import.meta.dirname);

function main(): number {
  const fail = (text: string): number => {
    process.stderr.write(`package: ${text}\n`);
    return 1;
  };
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        arch: { type: 'string', default: process.arch === 'arm64' ? 'arm64' : 'amd64' },
        out: { type: 'string', default: '.' },
        compression: { type: 'string', default: 'xz' },
      },
    }));
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
  const { arch, out, compression } = values;
  if (arch !== 'amd64' && arch !== 'arm64') return fail(`--arch '${arch}' is not known: amd64 or arm64`);
  if (compression !== 'xz' && compression !== 'none')
    return fail(`--compression '${compression}' is not known: xz or none`);
  const scratch = mkdtempSync(path.join(tmpdir(), 'watchkeeper-package-'));
  try {
    mkdirSync(out, { recursive: true });
    const options: DebOptions = { project, scratch, architecture: arch, out, compression, epochSecs: epoch() };
    const built = buildDeb(options);
    if (!built.ok) return fail(built.error);
    process.stdout.write(`${built.value}\n`);
    return 0;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** When the sources were as they are (reproducible-builds.org). */
function epoch(): number {
  const given = process.env['SOURCE_DATE_EPOCH'];
  if (given !== undefined && /^\d{1,12}$/.test(given)) return Number(given);
  const commit = spawnSync('git', ['-C', project, 'log', '-1', '--format=%ct'], { encoding: 'utf8' });
  // A copy without its history has the time of its newest notes.
  return commit.status === 0
    ? Number(commit.stdout)
    : Math.floor(statSync(path.join(project, 'CHANGELOG.md')).mtimeMs / 1000);
}

process.exitCode = main();
