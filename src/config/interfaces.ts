import type { SourceSpan } from '../core/index.ts';
import type { Findings } from './read.ts';

export interface NamedInterface {
  readonly name: string | undefined;
  readonly span: SourceSpan;
}

/** Reports the interfaces that the host does not have; nothing where it is not known what it has, or where they may come later. */
export function checkInterfaces(findings: Findings, object: string, wanted: readonly NamedInterface[]): void {
  const { interfaces } = findings.host;
  if (interfaces === undefined || findings.interfacesMayCome) return;
  for (const named of wanted) {
    const { name } = named;
    if (name === undefined || interfaces.has(name)) continue;
    findings.error(
      'no-such-interface',
      named.span,
      `interface ${name} of ${object} does not exist`,
      `there are ${[...interfaces].slice(0, 8).join(', ')}; one that comes later needs 'dynamic_interfaces' in global_defs`,
      'interface',
    );
  }
}
