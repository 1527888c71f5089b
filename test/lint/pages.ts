import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { lint, parseFacts, type Finding } from '../../src/lint/index.ts';
import { parseTarget, textFiles } from '../../src/parser/index.ts';

const folder = path.join(import.meta.dirname, '../../docs/rules');

/** A page of docs/rules: what it says, and its examples. */
export interface RulePage {
  readonly id: string;
  readonly text: string;
  readonly headings: readonly string[];
  readonly bad: Example | undefined;
  readonly good: Example | undefined;
}

/** One example: the main file with all that goes with it. */
export interface Example {
  readonly files: Readonly<Record<string, string>>;
  readonly peers: readonly string[];
  readonly previous?: string;
  readonly facts?: string;
  readonly target?: string;
}

export function rulePages(): readonly RulePage[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name) => readPage(name.slice(0, -3), readFileSync(path.join(folder, name), 'utf8')));
}

function readPage(id: string, text: string): RulePage {
  const sections = new Map(
    text
      .split(/^## /m)
      .slice(1)
      .map((section) => {
        const [heading = ''] = section.split('\n');
        return [heading.trim(), section] as const;
      }),
  );
  return {
    id,
    text,
    headings: [...sections.keys()],
    bad: readExample(sections.get('Bad')),
    good: readExample(sections.get('Good')),
  };
}

/**
 * Fences: `conf [target=V] [file=NAME]` (the first is keepalived.conf), `conf peer` or `conf previous` for another director's or the
 * present configuration, `json facts`.
 */
function readExample(section = ''): Example | undefined {
  const files: Record<string, string> = {};
  const peers: string[] = [];
  const more: { previous?: string; facts?: string; target?: string } = {};
  for (const [, info = '', body = ''] of section.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)) {
    const [language, ...words] = info.split(' ');
    const option = (name: string): string | undefined =>
      words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
    const target = option('target');
    if (target !== undefined) more.target = target;
    if (language === 'json') more.facts = body;
    else if (words.includes('peer')) {
      const name = `/etc/keepalived/peer${String(peers.length + 1)}.conf`;
      peers.push(name);
      files[name] = body;
    } else if (words.includes('previous')) {
      more.previous = '/etc/keepalived/previous.conf';
      files[more.previous] = body;
    } else files[`/etc/keepalived/${option('file') ?? 'keepalived.conf'}`] = body;
  }
  return '/etc/keepalived/keepalived.conf' in files ? { files, peers, ...more } : undefined;
}

export function lintExample({ files, peers, previous, facts, target }: Example): readonly Finding[] {
  const parsedFacts = facts === undefined ? undefined : parseFacts(facts);
  const parsedTarget = target === undefined ? undefined : parseTarget(target);
  if (parsedFacts?.ok === false) throw new Error(parsedFacts.error);
  if (parsedTarget?.ok === false) throw new Error(parsedTarget.error);
  return lint({
    file: '/etc/keepalived/keepalived.conf',
    files: textFiles(files),
    peers,
    ...(previous === undefined ? {} : { previous }),
    ...(parsedFacts === undefined ? {} : { facts: parsedFacts.value }),
    ...(parsedTarget === undefined ? {} : { target: parsedTarget.value }),
  }).findings;
}
