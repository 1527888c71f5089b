import { createHash } from 'node:crypto';
import type { Architecture } from './runtime.ts';

export interface ControlInput {
  readonly version: string;
  readonly architecture: Architecture;
  readonly depends: readonly string[];
  /** Whole KiB, as du counts them. */
  readonly installedKib: number;
  readonly maintainer: string;
}

/** The release of keepalived that this stands for, for packages that ask for one: with Debian's epoch. */
const provided = '1:2.4.3';

/** The control file (deb-control(5)). */
export function controlText({ version, architecture, depends, installedKib, maintainer }: ControlInput): string {
  const fields: readonly (readonly [string, string])[] = [
    ['Package', 'watchkeeper'],
    ['Version', version],
    ['Architecture', architecture],
    ['Maintainer', maintainer],
    ['Installed-Size', String(installedKib)],
    // Regexes of checks are matched by libpcre2, which is loaded when a configuration has one.
    ['Depends', [...depends, 'libpcre2-8-0'].join(', ')],
    ['Recommends', 'ipvsadm, kmod'],
    ['Suggests', 'iproute2'],
    ['Provides', `keepalived (= ${provided})`],
    ['Conflicts', 'keepalived'],
    ['Replaces', 'keepalived'],
    ['Section', 'admin'],
    ['Priority', 'optional'],
    ['Description', description.join('\n ')],
  ];
  return `${fields.map(([name, value]) => `${name}: ${value}`).join('\n')}\n`;
}

const description = [
  'drop-in replacement for keepalived: IPVS, health checks and VRRP',
  'Watchkeeper reads an existing keepalived.conf, programs the IPVS table of',
  'the kernel, checks the real servers, runs VRRP with sync groups and moves',
  'the virtual addresses. One director may run keepalived and the other',
  'Watchkeeper.',
  '.',
  'It also finds mistakes in configurations (lint), shows what a start would',
  'change (plan), runs the checks once (check) and plays VRRP between',
  'directors with faults (simulate).',
];

/** The changelog in Debian's form (deb-changelog(5)), from the newest part of CHANGELOG.md: its first-level items. */
export function changelogText(markdown: string, version: string, maintainer: string, epochSecs: number): string {
  const newest = markdown.split(/^## /m)[1] ?? '';
  const items = [...newest.matchAll(/^- (.+(?:\n {2}.+)*)/gm)].map(([, text = '']) => text.replaceAll(/\s+/g, ' '));
  const lines = (items.length === 0 ? ['New release.'] : items).flatMap((item) => wrapped(item, 74));
  const date = new Date(epochSecs * 1000).toUTCString().replace('GMT', '+0000');
  return `watchkeeper (${version}) unstable; urgency=medium\n\n${lines.join('\n')}\n\n -- ${maintainer}  ${date}\n`;
}

function wrapped(item: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '  *';
  for (const word of item.split(' ')) {
    if (line.length + 1 + word.length > width) {
      lines.push(line);
      line = '   ';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

/** The md5sums file: one line for each file that is no link. */
export function md5sumsText(files: readonly (readonly [path: string, bytes: Buffer])[]): string {
  return files.map(([name, bytes]) => `${createHash('md5').update(bytes).digest('hex')}  ${name}\n`).join('');
}
