import type { VrrpInstance } from '../../../config/index.ts';
import type { Director } from '../../director.ts';

export interface Change {
  readonly now: VrrpInstance;
  readonly before: VrrpInstance;
}

/** The instances that the running configuration has by the same name. */
export function sameNamed(director: Director, previous: Director): readonly Change[] {
  const before = new Map(previous.config.vrrp.instances.map((instance) => [instance.name, instance]));
  return director.config.vrrp.instances.flatMap((now): readonly Change[] => {
    const then = before.get(now.name);
    return then === undefined ? [] : [{ now, before: then }];
  });
}

/** Whether a reload takes both for one instance, which keeps its state; a new one begins as BACKUP. */
export function isSameRouter({ now, before }: Change): boolean {
  return (
    now.virtualRouterId === before.virtualRouterId && now.family === before.family && now.interface === before.interface
  );
}
