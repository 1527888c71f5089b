import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import { err, ok, type Result } from '../core/index.ts';
import { keepInheritedDescriptors } from './descriptors.ts';

/** Typed messages to another process of ours; they travel as JSON. */
export interface PartChannel<In, Out> {
  /** False: the other side is gone or does not read, and the message was not sent. Never waits, never throws. */
  readonly send: (message: Out) => boolean;
  /** Replaces the listener. */
  readonly onMessage: (listener: (message: In) => void) => void;
  /** Called once, when the other side has gone. */
  readonly onHangUp: (listener: () => void) => void;
  /** Resolves when everything that was sent has left this process, or the other side has gone. */
  readonly drained: () => Promise<void>;
  readonly close: () => void;
}

export interface PartExit {
  readonly code?: number;
  /** A name: SIGKILL. */
  readonly signal?: string;
}

export interface PartProcess<In, Out> {
  readonly pid: number;
  readonly channel: PartChannel<In, Out>;
  /** Never rejects. */
  readonly exited: Promise<PartExit>;
  /** Does nothing where the process has ended. */
  readonly kill: (signal: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP') => void;
}

export interface PartOptions {
  /** The module to run. */
  readonly script: string;
  /** argv[0], which ps shows. */
  readonly name: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Options of node itself; those of this process where not given. */
  readonly execArgv?: readonly string[];
}

/** So many messages may wait for a part that does not read. */
const longestQueue = 10_000;

/** Its end of the channel closes with it; a process that inherited it all the same does not hold up the news. */
const lastWordsMs = 1000;

/** Starts a part with standard output and error shared, standard input empty, and a channel; it inherits nothing else. */
export function spawnPart<In, Out>(options: PartOptions): Result<PartProcess<In, Out>> {
  keepInheritedDescriptors();
  let child: ChildProcess;
  // fork() hands argv0 on to spawn(); its declaration does not say so.
  const forkOptions: ForkOptions & { readonly argv0: string } = {
    argv0: options.name,
    serialization: 'json',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...options.env },
    ...(options.execArgv === undefined ? {} : { execArgv: [...options.execArgv] }),
  };
  try {
    child = fork(options.script, options.args ?? [], forkOptions);
  } catch (error) {
    return err(`${options.name} cannot be started: ${String(error)}`);
  }
  const exited = new Promise<PartExit>((resolve) => {
    child.once('exit', (code, signal) => {
      const ended = (): void => {
        resolve(signal === null ? { code: code ?? 0 } : { signal });
      };
      // Its last words may still be in the channel.
      if (!child.connected) ended();
      else {
        child.once('disconnect', ended);
        setTimeout(ended, lastWordsMs).unref();
      }
    });
    child.on('error', () => {
      if (child.pid === undefined) resolve({ code: 1 });
    });
  });
  if (child.pid === undefined) return err(`${options.name} cannot be started: no process could be made`);
  const channel = channelOver<In, Out>(child);
  return ok({
    pid: child.pid,
    channel,
    exited,
    kill: (signal) => {
      child.kill(signal);
    },
  });
}

/** In a part: the channel to the process that started it; undefined where there is none. */
export function parentChannel<In, Out>(): PartChannel<In, Out> | undefined {
  return process.send === undefined ? undefined : channelOver<In, Out>(process);
}

interface Endpoint {
  readonly connected: boolean;
  send?: (message: object, handle: undefined, options: undefined, done: (error: Error | null) => void) => boolean;
  disconnect?: () => void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  once(event: 'disconnect', listener: () => void): unknown;
}

/**
 * The first message of a turn of the event loop leaves at once; those that follow in the same turn leave together at its end, as one list:
 * a rack that dies is told of in thousands of messages, each of which would cost system calls on both sides.
 */
function channelOver<In, Out>(endpoint: ChildProcess | NodeJS.Process): PartChannel<In, Out> {
  const end = endpoint as unknown as Endpoint;
  let queued = 0;
  let listener: (message: In) => void = () => undefined;
  let hangUp: () => void = () => undefined;
  let closed = false;
  let gathered: Out[] | undefined;
  const waiting: (() => void)[] = [];
  const settle = (): void => {
    if (queued === 0 || closed) for (const done of waiting.splice(0)) done();
  };
  const post = (messages: readonly Out[]): void => {
    const [first] = messages;
    if (closed || first === undefined) return;
    end.send?.((messages.length === 1 ? first : messages) as object, undefined, undefined, () => {
      queued -= messages.length;
      settle();
    });
  };
  const postGathered = (): void => {
    const messages = gathered ?? [];
    gathered = undefined;
    post(messages);
  };
  end.on('message', (message) => {
    if (Array.isArray(message)) for (const one of message) listener(one as In);
    else listener(message as In);
  });
  end.once('disconnect', () => {
    if (!closed) hangUp();
    closed = true;
    settle();
  });
  return {
    send: (message) => {
      if (closed || !end.connected || end.send === undefined || queued >= longestQueue) return false;
      queued++;
      if (gathered !== undefined) {
        gathered.push(message);
        return true;
      }
      gathered = [];
      setImmediate(postGathered);
      post([message]);
      return true;
    },
    onMessage: (next) => {
      listener = next;
    },
    onHangUp: (next) => {
      hangUp = next;
    },
    drained: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        settle();
      }),
    close: () => {
      if (closed) return;
      postGathered();
      closed = true;
      // Node 20 fails when a message's own listener disconnects.
      setImmediate(() => {
        if (end.connected) end.disconnect?.();
      });
    },
  };
}
