import { connect, type Socket } from 'node:net';
import type { CheckConnection } from '../config/index.ts';

/** A check that runs. `cancel` ends it without an outcome. */
export interface RunningCheck<T> {
  readonly outcome: Promise<T>;
  readonly cancel: () => void;
}

/** Opens the TCP connection of a check, from where its configuration says. */
export function openConnection(to: CheckConnection): Socket {
  return connect({
    host: to.connectIp,
    port: to.connectPort,
    ...(to.bindto === undefined ? {} : { localAddress: to.bindto }),
    ...(to.bindPort === undefined ? {} : { localPort: to.bindPort }),
  });
}

/** What a failed socket operation means to an operator: `connection refused`, `no route to host`, … */
export function errorText(error: Error & { readonly code?: string; readonly reason?: string }): string {
  const known = errorTexts.get(error.code ?? '');
  if (known !== undefined) return known;
  // The messages of OpenSSL name its source files and end with a line break.
  if (error.reason !== undefined) return `TLS failed: ${error.reason}`;
  return error.message.trim().replaceAll(/\s+/g, ' ');
}

const errorTexts: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'connection refused'],
  ['ECONNRESET', 'connection reset by the server'],
  ['EHOSTUNREACH', 'no route to host'],
  ['ENETUNREACH', 'network is unreachable'],
  ['ETIMEDOUT', 'connection timed out'],
  ['EADDRNOTAVAIL', 'the bindto address is not on this host'],
  ['EADDRINUSE', 'the bind_port is in use'],
  ['EMFILE', 'no descriptors are left: raise the limit on open files'],
  ['EPIPE', 'the server closed the connection'],
]);
