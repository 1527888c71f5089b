import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { err, ok, type Result } from '../../src/core/index.ts';
import { documentEntries, generatedEntries, runtimeEntries, systemEntries } from './contents.ts';
import { changelogText, controlText, md5sumsText } from './control.ts';
import { copyrightText } from './copyright.ts';
import { dependsOf } from './depends.ts';
import { isElf, readElf, type ElfFacts } from './elf.ts';
import { writeEntries, type Entry } from './entries.ts';
import { elfMachine, koffiNative, nodeRuntime, type Architecture } from './runtime.ts';

export interface DebOptions {
  readonly project: string;
  /** An empty folder. */
  readonly scratch: string;
  readonly architecture: Architecture;
  readonly out: string;
  readonly compression: 'xz' | 'none';
  /** The time of everything in the package. */
  readonly epochSecs: number;
}

const scripts = ['postinst', 'prerm', 'postrm'];
const defaultMaintainer = 'The Watchkeeper developers <watchkeeper@watchkeeper.invalid>';

/** Builds the package; the path of its file. */
export function buildDeb(options: DebOptions): Result<string> {
  const { project, scratch, architecture, epochSecs } = options;
  if (!existsSync(path.join(project, 'dist/bin/watchkeeper.cjs'))) return err("it is not built yet: 'npm run build'");
  const node = nodeRuntime(architecture, scratch);
  if (!node.ok) return node;
  const native = koffiNative(architecture, project, scratch);
  if (!native.ok) return native;
  const { version } = JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8')) as { version: string };
  const maintainer = process.env['DEBEMAIL'] ?? defaultMaintainer;
  const changelog = changelogText(
    readFileSync(path.join(project, 'CHANGELOG.md'), 'utf8'),
    version,
    maintainer,
    epochSecs,
  );
  const entries = [
    ...runtimeEntries({ project, architecture, node: node.value.program, koffiNative: native.value }),
    ...systemEntries(project),
    ...generatedEntries(version),
    ...documentEntries(copyrightText(project, node.value.license), changelog),
  ];
  const root = path.join(scratch, 'root');
  writeEntries(root, entries, epochSecs);
  strip(root, entries, architecture);
  const files = entries
    .filter((entry) => !('link' in entry))
    .map((entry) => [entry.path, readFileSync(path.join(root, entry.path))] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const depends = dependsOfFiles(files, architecture);
  if (!depends.ok) return depends;
  const installedKib = files.reduce((sum, [, bytes]) => sum + Math.ceil(bytes.length / 1024), 0);
  const control: readonly Entry[] = [
    {
      path: 'DEBIAN/control',
      mode: 0o644,
      content: controlText({ version, architecture, depends: depends.value, installedKib, maintainer }),
    },
    { path: 'DEBIAN/md5sums', mode: 0o644, content: md5sumsText(files) },
    ...scripts.map((name): Entry => ({
      path: `DEBIAN/${name}`,
      mode: 0o755,
      from: path.join(project, 'packaging', name),
    })),
  ];
  writeEntries(root, control, epochSecs);
  return packed(root, path.join(options.out, `watchkeeper_${version}_${architecture}.deb`), options);
}

/** Symbols for debuggers are an eighth of Node. Where no strip for the architecture is installed (binutils-TRIPLET), they stay. */
function strip(root: string, entries: readonly Entry[], architecture: Architecture): void {
  const cross = { amd64: 'x86_64-linux-gnu-strip', arm64: 'aarch64-linux-gnu-strip' }[architecture];
  for (const entry of entries) {
    const file = path.join(root, entry.path);
    if ('from' in entry && isElf(readFileSync(file)))
      [cross, 'strip'].some((program) => spawnSync(program, ['--strip-unneeded', '-p', file]).status === 0);
  }
}

function dependsOfFiles(
  files: readonly (readonly [path: string, bytes: Buffer])[],
  architecture: Architecture,
): Result<readonly string[]> {
  const elves: ElfFacts[] = [];
  for (const [name, bytes] of files) {
    if (!isElf(bytes)) continue;
    const facts = readElf(bytes);
    if (!facts.ok) return err(`${name}: ${facts.error}`);
    if (facts.value.machine !== elfMachine[architecture])
      return err(`${name} is for ${facts.value.machine}, not for ${architecture}`);
    elves.push(facts.value);
  }
  return dependsOf(elves);
}

function packed(root: string, file: string, { compression, epochSecs }: DebOptions): Result<string> {
  const made = spawnSync('dpkg-deb', ['--root-owner-group', `-Z${compression}`, '--build', root, file], {
    encoding: 'utf8',
    env: { ...process.env, SOURCE_DATE_EPOCH: String(epochSecs) },
  });
  if (made.error !== undefined) return err(`dpkg-deb cannot be started: ${made.error.message}`);
  return made.status === 0 ? ok(file) : err(`dpkg-deb: ${made.stderr.trim()}`);
}
