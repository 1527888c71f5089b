import type { IpvsOperation, IpvsTableEntry } from '../core/index.ts';
import { serviceId } from './identity.ts';
import { formatPlan } from './plan-text.ts';
import { plan } from './plan.ts';

/** What somebody else did to entries of ours, as the operations that undo it. */
export interface Drift {
  readonly operations: readonly IpvsOperation[];
  /** One line: what is undone, each as in a plan (`-` was added, `+` was removed, `~` was changed). */
  readonly text: string;
}

const shownOperations = 4;

/**
 * Compares what the kernel was told of our services with what it holds. Services that it was not told of are somebody else's;
 * in one of ours every server counts, since it takes connections. Undefined: nothing was changed.
 */
export function findDrift(told: readonly IpvsTableEntry[], actual: readonly IpvsTableEntry[]): Drift | undefined {
  const operations = plan(told, actual, new Set(told.map(({ service }) => serviceId(service.key))));
  if (operations.length === 0) return undefined;
  const shown = formatPlan(operations.slice(0, shownOperations), actual).join('; ');
  const more = operations.length - shownOperations;
  return { operations, text: more > 0 ? `${shown}; and ${String(more)} more` : shown };
}
