import type { CheckResult } from './schedule.ts';
import type { SocketFailure } from './sockets.ts';

/** A check that runs. `cancel` ends it without an outcome. */
export interface RunningCheck<T> {
  readonly outcome: Promise<T>;
  readonly cancel: () => void;
}

/** A socket that failed, as the result of its check. */
export function socketFailed(failure: SocketFailure): CheckResult {
  return { ok: false, reason: errorText(failure), ...(failure.here ? { unjudged: true } : {}) };
}

/** What a failed socket operation means to an operator: `connection refused`, `no route to host`, … */
export function errorText(error: {
  readonly code?: string;
  readonly reason?: string;
  readonly message?: string;
}): string {
  const known = errorTexts.get(error.code ?? '');
  if (known !== undefined) return known;
  // The messages of OpenSSL name its source files and end with a line break.
  if (error.reason !== undefined) return `TLS failed: ${error.reason}`;
  return (error.message ?? error.code ?? 'it failed').trim().replaceAll(/\s+/g, ' ');
}

const errorTexts: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'connection refused'],
  ['ECONNRESET', 'connection reset by the server'],
  ['EHOSTUNREACH', 'no route to host'],
  ['ENETUNREACH', 'network is unreachable'],
  ['ETIMEDOUT', 'connection timed out'],
  ['EPIPE', 'the server closed the connection'],
  // Of this host:
  ['EACCES', 'it is not permitted; PING_CHECK needs the group of this process in net.ipv4.ping_group_range'],
  ['EADDRINUSE', 'the bind_port is in use'],
  ['EADDRNOTAVAIL', 'the bindto address is not on this host, or no port is left'],
  ['EINVAL', 'the addresses do not fit: a link-local address needs bind_if'],
  ['EMFILE', 'no descriptors are left: raise the limit on open files'],
  ['ENFILE', 'no descriptors are left on this host: raise fs.file-max'],
  ['ENODEV', 'the interface of bind_if does not exist'],
  ['EPERM', 'it is not permitted: fwmark and bind_if need CAP_NET_ADMIN, a firewall of this host may forbid the rest'],
]);
