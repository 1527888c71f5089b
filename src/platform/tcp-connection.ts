import { Socket } from 'node:net';
import { err, ok, type Result } from '../core/index.ts';
import { libc, whenWritable } from './libc.ts';
import { level, option } from './socket-abi.ts';
import { openEnds, type SocketEnds, type SocketFailure } from './socket-ends.ts';

/** An established connection; it must be closed, or taken as a stream that is then the owner. */
export interface TcpConnection {
  readonly stream: () => Socket;
  readonly close: () => void;
}

/**
 * Connects in the background and says once how it went, never before it returns; the returned function gives up, and nothing is said
 * then. There is no time limit but the kernel's.
 */
export function connectTcp(
  ends: SocketEnds,
  done: (outcome: Result<TcpConnection, SocketFailure>) => void,
): () => void {
  const opened = openEnds('tcp', ends);
  if (!opened.ok) {
    let given = false;
    queueMicrotask(() => {
      if (!given) done(opened);
    });
    return () => {
      given = true;
    };
  }
  const fd = opened.value;
  let waiting = true;
  const stopWaiting = (): boolean => {
    if (!waiting) return false;
    waiting = false;
    stopWatching();
    return true;
  };
  const stopWatching = whenWritable(fd, () => {
    if (!stopWaiting()) return;
    const code = pendingError(fd);
    if (code === undefined) {
      done(ok(connectionOf(fd)));
      return;
    }
    libc().close(fd);
    done(err({ code, here: false }));
  });
  return () => {
    if (stopWaiting()) libc().close(fd);
  };
}

function connectionOf(fd: number): TcpConnection {
  let open = true;
  const give = (): void => {
    if (!open) throw new Error('a connection is used after it was closed or taken');
    open = false;
  };
  return {
    stream: () => {
      give();
      return new Socket({ fd, readable: true, writable: true });
    },
    close: () => {
      if (!open) return;
      give();
      libc().close(fd);
    },
  };
}

const value = Buffer.alloc(4);
const length = Buffer.alloc(4);

function pendingError(fd: number): string | undefined {
  const c = libc();
  length.writeUInt32LE(value.length);
  if (c.getsockopt(fd, level.socket, option.error, value, length) !== 0) return c.errno();
  const errno = value.readInt32LE();
  return errno === 0 ? undefined : c.errnoName(errno);
}
