import { Socket } from 'node:net';
import { err, ok, type Result } from '../core/index.ts';
import { libc } from './libc.ts';
import { watchSocket, type Watch } from './readiness.ts';
import { level, messageFlag, option } from './socket-abi.ts';
import { openEnds, type SocketEnds, type SocketFailure } from './socket-ends.ts';

/** An established connection; it must be closed, taken as a stream that is then the owner, or asked, which closes it at the end. */
export interface TcpConnection {
  readonly stream: () => Socket;
  /** Sends a request and tells what comes back, never before it returns; the returned function closes, and nothing is told then. */
  readonly ask: (request: string, answer: Answer) => () => void;
  readonly close: () => void;
}

export interface Answer {
  /** The bytes are the listener's. */
  readonly onData: (bytes: Buffer) => void;
  /** The server has ended it. */
  readonly onEnd: () => void;
  readonly onError: (failure: SocketFailure) => void;
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
  if (!opened.ok)
    return saidLater(() => {
      done(opened);
    });
  const fd = opened.value;
  let waiting = true;
  const connected = (readable: boolean): void => {
    waiting = false;
    const code = pendingError(fd);
    if (code === undefined) {
      done(ok(connectionOf(fd, watch, readable)));
      return;
    }
    closeWatched(fd, watch);
    done(err({ code, here: false }));
  };
  const watched = watchSocket(fd, connected);
  if (typeof watched === 'string') {
    libc().close(fd);
    return saidLater(() => {
      done(err({ code: watched, here: true }));
    });
  }
  const watch = watched;
  return () => {
    if (waiting) closeWatched(fd, watch);
    waiting = false;
  };
}

/** The returned function prevents it. */
function saidLater(say: () => void): () => void {
  let given = false;
  queueMicrotask(() => {
    if (!given) say();
  });
  return () => {
    given = true;
  };
}

function closeWatched(fd: number, watch: Watch): void {
  watch.forget();
  libc().close(fd);
}

/** `readable`: the server has spoken already, or ended it. */
function connectionOf(fd: number, watch: Watch, readable: boolean): TcpConnection {
  let open = true;
  let spoken = readable;
  watch.tell((more) => {
    spoken ||= more;
  });
  const give = (): void => {
    if (!open) throw new Error('a connection is used after it was closed or taken');
    open = false;
  };
  return {
    stream: () => {
      give();
      watch.remove();
      return new Socket({ fd, readable: true, writable: true });
    },
    ask: (request, answer) => {
      give();
      return ask(fd, watch, Buffer.from(request), answer, spoken);
    },
    close: () => {
      if (!open) return;
      give();
      closeWatched(fd, watch);
    },
  };
}

const received = Buffer.allocUnsafeSlow(65_536);
/** A server that pours does not hold up the others. */
const readsAtOnce = 4;

function ask(fd: number, watch: Watch, request: Buffer, answer: Answer, readable: boolean): () => void {
  const c = libc();
  let open = true;
  let unsent = request;
  let later: NodeJS.Immediate | undefined;
  const close = (): void => {
    if (!open) return;
    open = false;
    clearImmediate(later);
    closeWatched(fd, watch);
  };
  const fail = (code: string): void => {
    close();
    answer.onError({ code, here: false });
  };
  /** Answers the errno's name where it failed. */
  const send = (): string | undefined => {
    const sent = c.send(fd, unsent, unsent.length, messageFlag.dontWait | messageFlag.noSignal);
    if (sent >= 0) unsent = unsent.subarray(sent);
    const code = sent >= 0 ? undefined : c.errno();
    return code === 'EAGAIN' ? undefined : code;
  };
  const receive = (): void => {
    later = undefined;
    for (let i = 0; i < readsAtOnce && open; i++) {
      const count = c.recvfrom(fd, received, received.length, messageFlag.dontWait, null, null);
      if (count > 0) answer.onData(Buffer.from(received.subarray(0, count)));
      else if (count === 0) {
        close();
        answer.onEnd();
      } else {
        const code = c.errno();
        if (code !== 'EAGAIN') fail(code);
        return;
      }
    }
    // It is told only once that there is more.
    if (open) later = setImmediate(receive);
  };
  watch.tell((more) => {
    const code = unsent.length === 0 ? undefined : send();
    if (code !== undefined) fail(code);
    else if (more && later === undefined) receive();
  });
  const failure = send();
  // What a server said before it was asked, or before it refused to be, is an answer as well.
  if (readable) later = setImmediate(receive);
  else if (failure !== undefined)
    later = setImmediate(() => {
      fail(failure);
    });
  return close;
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
