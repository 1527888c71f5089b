import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

interface Description {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Packages that are only for building: types, and what compiles native parts that are there already. */
const buildOnly = /^(?:@types\/|node-addon-api$)/;

/**
 * Debian's copyright file: our licence, and that of all that is bundled with us. The npm packages are those that the project
 * depends on, with what these depend on; some of them may not be in the bundles.
 */
export function copyrightText(project: string, nodeLicense: string): string {
  const own = readFileSync(path.join(project, 'LICENSE'), 'utf8').trim();
  const groups = new Map<string, string[]>();
  for (const [name, text] of bundledLicenses(project)) groups.set(text, [...(groups.get(text) ?? []), name]);
  const parts = [
    'Watchkeeper (/usr/lib/watchkeeper/bin and dist):',
    own,
    ...[...groups].flatMap(([text, names]) => [
      `${names.join(', ')} (in /usr/lib/watchkeeper/dist and node_modules):`,
      text,
    ]),
    'Node.js (/usr/lib/watchkeeper/bin/node):',
    readFileSync(nodeLicense, 'utf8').trim(),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** `name version` and licence of each package. */
function bundledLicenses(project: string): readonly (readonly [name: string, text: string])[] {
  const seen = new Map<string, string>();
  const visit = (name: string, from: string): void => {
    if (buildOnly.test(name)) return;
    const folder = resolvePackage(name, from, project);
    if (seen.has(folder)) return;
    const { version, license, dependencies = {} } = describe(folder);
    seen.set(folder, '');
    seen.set(folder, `${name} ${version}\0${licenseText(folder, license)}`);
    for (const each of Object.keys(dependencies)) visit(each, folder);
  };
  for (const name of Object.keys(describe(project).dependencies ?? {})) visit(name, project);
  return [...seen.values()].sort().map((each) => {
    const [name = '', text = ''] = each.split('\0');
    return [name, text];
  });
}

function describe(folder: string): Description {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Description;
}

/** As Node resolves it: in the nearest node_modules up from the package that asks. */
function resolvePackage(name: string, from: string, project: string): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'node_modules', name);
    try {
      describe(candidate);
      return candidate;
    } catch (error) {
      if (folder === project) throw error;
    }
  }
}

function licenseText(folder: string, license: string): string {
  const file = readdirSync(folder).find((name) => /^(?:licen[cs]e|copying)/i.test(name));
  if (file === undefined) throw new Error(`${folder} has no licence file`);
  // Debian has these texts once for all packages.
  if (license === 'Apache-2.0') return 'Apache License 2.0: /usr/share/common-licenses/Apache-2.0';
  return readFileSync(path.join(folder, file), 'utf8').replaceAll('\r', '').trim();
}
