import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { manPages } from '../man-pages.ts';
import { completionScript } from './completion.ts';
import { zshCompletionScript } from './zsh-completion.ts';
import type { Entry } from './entries.ts';
import { npmArchitecture, type Architecture } from './runtime.ts';

export const home = 'usr/lib/watchkeeper';
const share = 'usr/share/doc/watchkeeper';

/** Where the parts that depend on the architecture are. */
export interface Parts {
  readonly project: string;
  readonly architecture: Architecture;
  readonly node: string;
  readonly koffiNative: string;
}

/** What runs: the programs, the bundles, the native parts, the Node they run on; and the pages of `lint --explain`. */
export function runtimeEntries({ project, architecture, node, koffiNative }: Parts): readonly Entry[] {
  const arch = npmArchitecture[architecture];
  const modules = path.join(project, 'node_modules');
  const npm = (name: string, files: readonly string[], from = path.join(modules, name)): readonly Entry[] =>
    files.map((file) => ({ path: `${home}/node_modules/${name}/${file}`, mode: 0o644, from: path.join(from, file) }));
  const description = JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8')) as Record<string, unknown>;
  const { name, version, license, type } = description;
  const files = (folder: string, ending: string): readonly Entry[] =>
    readdirSync(path.join(project, folder))
      .filter((file) => file.endsWith(ending))
      .sort()
      .map((file) => ({ path: `${home}/${folder}/${file}`, mode: 0o644, from: path.join(project, folder, file) }));
  return [
    {
      path: `${home}/package.json`,
      mode: 0o644,
      content: `${JSON.stringify({ name, version, license, type }, undefined, 2)}\n`,
    },
    { path: `${home}/bin/node`, mode: 0o755, from: node },
    // They are started by the Node beside them, whatever Node is in the PATH: they name none.
    ...['bin/watchkeeper', 'bin/genhash'].map((file): Entry => {
      const text = readFileSync(path.join(project, file), 'utf8');
      return { path: `${home}/${file}`, mode: 0o644, content: text.replace(/^#!.*\n/, '') };
    }),
    { path: `${home}/bin/keepalived`, link: 'watchkeeper' },
    ...files('dist/bin', '.cjs'),
    ...files('docs/rules', '.md'),
    ...npm('koffi', ['package.json', 'index.cjs', 'src/koffi/index.cjs', 'src/koffi/src/static.cjs']),
    ...npm(`@koromix/koffi-linux-${arch}`, ['package.json', 'index.js', `linux_${arch}/koffi.node`], koffiNative),
    ...npm('netlink', ['package.json', 'dist/raw.js', `prebuilds/linux-${arch}/node.napi.node`]),
    ...npm('node-gyp-build', ['package.json', 'index.js', 'node-gyp-build.js']),
  ];
}

/** What the system sees of it: commands, the unit. */
export function systemEntries(project: string): readonly Entry[] {
  const packaging = (file: string): string => path.join(project, 'packaging', file);
  return [
    { path: 'usr/sbin/watchkeeper', mode: 0o755, from: packaging('watchkeeper') },
    { path: 'usr/sbin/keepalived', link: 'watchkeeper' },
    { path: 'usr/bin/genhash', mode: 0o755, from: packaging('genhash') },
    { path: 'lib/systemd/system/keepalived.service', mode: 0o644, from: packaging('keepalived.service') },
    { path: `${home}/stop`, mode: 0o755, from: packaging('stop') },
    { path: `${home}/keepalived.service`, mode: 0o644, from: packaging('keepalived.service') },
    { path: 'lib/systemd/system/watchkeeper.service', link: 'keepalived.service' },
    { path: 'usr/share/lintian/overrides/watchkeeper', mode: 0o644, from: packaging('lintian-overrides') },
    { path: `${share}/README.Debian`, mode: 0o644, from: packaging('README.Debian') },
  ];
}

export function documentEntries(copyright: string, changelog: string): readonly Entry[] {
  return [
    { path: `${share}/copyright`, mode: 0o644, content: copyright },
    { path: `${share}/changelog.gz`, mode: 0o644, content: compressed(changelog) },
  ];
}

/** Manual pages and what completes command lines. */
export function generatedEntries(version: string): readonly Entry[] {
  const completions = 'usr/share/bash-completion/completions';
  const pages = [...manPages(version)].map(([name, text]): Entry => {
    const file = `usr/share/man/man${name.slice(-1)}/${name}.gz`;
    return { path: file, mode: 0o644, content: compressed(text) };
  });
  return [
    ...pages,
    { path: 'usr/share/man/man8/watchkeeper.8.gz', link: 'keepalived.8.gz' },
    { path: `${completions}/watchkeeper`, mode: 0o644, content: completionScript() },
    { path: `${completions}/keepalived`, link: 'watchkeeper' },
    { path: `${completions}/genhash`, link: 'watchkeeper' },
    { path: 'usr/share/zsh/vendor-completions/_watchkeeper', mode: 0o644, content: zshCompletionScript() },
  ];
}

/** As `gzip -9n`: the same bytes for the same text. */
export function compressed(text: string): Buffer {
  return gzipSync(text, { level: 9 });
}
