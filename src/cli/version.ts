import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';

/** The version in the package's own description. */
export function readVersion(root: string): string {
  const description = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
  return description.version;
}

export function versionText(root: string): string {
  const node = `Node ${process.versions.node}`;
  return `Watchkeeper v${readVersion(root)}\n\nEqual to keepalived 2.4.3 (with -t --target 2.2.7: to that)\nRunning on Linux ${release()}, ${node}\n`;
}
