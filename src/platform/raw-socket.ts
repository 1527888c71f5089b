import { err, ok, type Result } from '../core/index.ts';
import { libc } from './libc.ts';
import { int32, socketType } from './socket-abi.ts';
import { socketError, type SocketError } from './socket-error.ts';

export interface SocketOption {
  /** What setting it does, for the error. */
  readonly does: string;
  readonly level: number;
  readonly name: number;
  readonly value: Uint8Array | number;
}

/** Opens a non-blocking socket that no child inherits; the first option that cannot be set closes it again. */
export function openSocket(
  what: string,
  kind: { readonly family: number; readonly type: number; readonly protocol: number },
  options: readonly SocketOption[],
): Result<number, SocketError> {
  const c = libc();
  const fd = c.socket(kind.family, kind.type | socketType.nonBlocking | socketType.closeOnExec, kind.protocol);
  if (fd < 0) return err(socketError(what, 'open', c.errno()));
  for (const { does, level, name, value } of options) {
    const bytes = typeof value === 'number' ? int32(value) : value;
    if (c.setsockopt(fd, level, name, bytes, bytes.length) === 0) continue;
    const errno = c.errno();
    c.close(fd);
    return err(socketError(what, does, errno));
  }
  return ok(fd);
}
