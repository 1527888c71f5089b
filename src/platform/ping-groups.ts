import type { Result } from '../core/index.ts';
import { openEnds, type SocketEnds, type SocketFailure } from './socket-ends.ts';
import { readSysctl, writeSysctl } from './sysctl.ts';

const groupRange = ['net', 'ipv4', 'ping_group_range'];

/**
 * A ping socket. The kernel asks only at its opening whether our group may (net.ipv4.ping_group_range, for both families), and by
 * default nobody may: the range is then widened for that moment.
 */
export function openPingEnds(ends: SocketEnds): Result<number, SocketFailure> {
  const opened = openEnds('ping', ends);
  if (opened.ok || opened.error.code !== 'EACCES') return opened;
  const before = readSysctl(groupRange);
  const wider = before.ok ? widened(before.value, process.getegid?.() ?? 0) : undefined;
  if (!before.ok || wider === undefined || !writeSysctl(groupRange, wider).ok) return opened;
  try {
    return openEnds('ping', ends);
  } finally {
    writeSysctl(groupRange, before.value);
  }
}

/** `1 0` is the empty range. */
export function widened(range: string, group: number): string | undefined {
  const [low, high] = range.split(/\s+/).map(Number);
  if (low === undefined || high === undefined || Number.isNaN(low + high)) return undefined;
  if (low > high) return `${String(group)} ${String(group)}`;
  return `${String(Math.min(low, group))} ${String(Math.max(high, group))}`;
}
