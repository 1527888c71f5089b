import { closeSync, constants, fchmodSync, fchownSync, fstatSync, openSync, unlinkSync, writeSync } from 'node:fs';

/** Makes a FIFO, as mkfifo(3); throws an error with a `code` otherwise. */
export type MakeFifo = (path: string, mode: number) => void;

/** Who may read and write a FIFO. */
export interface FifoAccess {
  readonly mode: number;
  /** Absent: it is ours. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

export interface FifoOptions {
  readonly path: string;
  readonly makeFifo: MakeFifo;
  /** Of one that is made here. */
  readonly access: FifoAccess;
  readonly log: (level: 'info' | 'warning' | 'error', text: string) => void;
}

/** Lines kept while nobody reads; a pipe of the kernel holds about 2000 more. */
const pendingMax = 1024;
const retryMs = 200;

/**
 * The writing end of a notify FIFO. It is opened for reading too, so that it opens without a reader and outlives readers.
 * A write never waits: what the pipe does not take now is kept, the oldest lines give way.
 */
export class FifoWriter {
  readonly #options: FifoOptions;
  readonly #fd: number;
  readonly #created: boolean;
  #pending: string[] = [];
  #lost = 0;
  #retry: NodeJS.Timeout | undefined;

  private constructor(options: FifoOptions, fd: number, created: boolean) {
    this.#options = options;
    this.#fd = fd;
    this.#created = created;
  }

  /** Undefined, and a line in the log, where there is something else at the path or it cannot be made. */
  static open(options: FifoOptions): FifoWriter | undefined {
    const { path, makeFifo, access, log } = options;
    let created = false;
    try {
      makeFifo(path, 0o600);
      created = true;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') {
        log('error', `notify FIFO ${path} cannot be made (${errorCode(error)}): no events are written to it`);
        return undefined;
      }
    }
    let fd: number | undefined;
    try {
      fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOFOLLOW);
      if (fstatSync(fd).isFIFO()) {
        if (created) permit(fd, access);
        return new FifoWriter(options, fd, created);
      }
      closeSync(fd);
      log('error', `notify FIFO ${path} is not a FIFO: remove what is there; no events are written to it`);
    } catch (error) {
      const why = errorCode(error) === 'ELOOP' ? 'is a symbolic link' : `cannot be opened (${errorCode(error)})`;
      log('error', `notify FIFO ${path} ${why}: no events are written to it`);
    }
    return undefined;
  }

  get path(): string {
    return this.#options.path;
  }

  /** A whole line with its newline, shorter than PIPE_BUF, so that lines of several writers do not mix. */
  write(line: string): void {
    this.#pending.push(line);
    if (this.#pending.length > pendingMax) {
      this.#pending.shift();
      this.#lost += 1;
      if (this.#lost === 1) {
        this.#options.log('warning', `notify FIFO ${this.path} is full and nobody reads it: its oldest lines are lost`);
      }
    }
    this.#flush();
  }

  #flush(): void {
    for (let line = this.#pending[0]; line !== undefined; line = this.#pending[0]) {
      try {
        writeSync(this.#fd, line);
      } catch (error) {
        if (errorCode(error) === 'EAGAIN') {
          this.#retryLater();
          return;
        }
        this.#options.log(
          'error',
          `notify FIFO ${this.path} cannot be written (${errorCode(error)}): lost ${line.trim()}`,
        );
      }
      this.#pending.shift();
    }
    if (this.#lost === 0) return;
    this.#options.log('warning', `notify FIFO ${this.path} is read again; ${String(this.#lost)} lines were lost`);
    this.#lost = 0;
  }

  #retryLater(): void {
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      this.#flush();
    }, retryMs).unref();
  }

  /** Closes it, and removes it if it was made here. */
  close(): void {
    clearTimeout(this.#retry);
    this.#flush();
    clearTimeout(this.#retry);
    closeSync(this.#fd);
    if (!this.#created) return;
    try {
      unlinkSync(this.path);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT')
        this.#options.log('warning', `notify FIFO ${this.path} cannot be removed (${errorCode(error)})`);
    }
  }
}

/** Whatever the umask is. */
function permit(fd: number, { mode, owner }: FifoAccess): void {
  fchmodSync(fd, mode);
  if (owner !== undefined) fchownSync(fd, owner.uid, owner.gid);
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
