import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { patience } from './patience.ts';

const here = dirname(fileURLToPath(import.meta.url));
/** The checkout: what runs in the lab is run from it. */
export const projectRoot = dirname(dirname(here));

/** Bytes of text that are sent in one message to the lab; two at a time are no trouble. */
const longestMessage = 4096;

export interface RunResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Line {
  readonly text: string;
  /** Milliseconds of the lab's own clock. */
  readonly atMs: number;
}

/** A process in the lab that runs on. */
export interface LabProcess {
  readonly lines: readonly Line[];
  /** Resolves with the first line that fits, also one that was there before; rejects after `withinMs` times `patience`. */
  readonly waitFor: (pattern: RegExp, withinMs: number, after?: number) => Promise<Line>;
  readonly onLine: (listener: (line: Line) => void) => void;
  /** Signals its whole process group. */
  readonly signal: (signal: string) => void;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

interface AgentMessage {
  readonly id?: number;
  readonly type: 'ready' | 'end' | 'line' | 'started' | 'exit';
  readonly code?: number | null;
  readonly signal?: string | null;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly text?: string;
  readonly atMs?: number;
}

export type LabKind = 'namespaces' | 'guest';

/** Nothing is loaded into the kernel of this machine for the sake of a test. */
export function ipvsKind(): LabKind {
  return existsSync('/proc/net/ip_vs') ? 'namespaces' : 'guest';
}

/** A place with network namespaces of its own, driven from here: fresh namespaces of this kernel, or a guest kernel. */
export class Machine {
  readonly kind: LabKind;
  readonly #input: Writable;
  readonly #handlers = new Map<number, (message: AgentMessage) => void>();
  readonly #close: () => void;
  #next = 1;
  #ready: (() => void) | undefined;
  #gone: ((error: Error) => void) | undefined;

  private constructor(kind: LabKind, input: Writable, output: Readable, close: () => void) {
    this.kind = kind;
    this.#input = input;
    this.#close = close;
    createInterface({ input: output }).on('line', (line) => {
      const start = line.indexOf('{');
      if (start === -1) return;
      let message: AgentMessage;
      try {
        message = JSON.parse(line.slice(start)) as AgentMessage;
      } catch {
        return;
      }
      if (message.type === 'ready') this.#ready?.();
      else this.#handlers.get(message.id ?? 0)?.(message);
    });
    output.on('close', () => {
      this.#gone?.(new Error('the lab ended'));
    });
  }

  /** Fresh network, mount and process namespaces of this kernel; all of it ends with this process, however that ends. */
  static async namespaces(): Promise<Machine> {
    const child = spawn(
      'unshare',
      [
        '--mount',
        '--net',
        '--pid',
        '--fork',
        '--kill-child',
        '--mount-proc',
        'bash',
        '-c',
        `mount -t tmpfs run /run && mkdir -p /run/tmp && ip link set lo up && export TMPDIR=/run/tmp && exec "$0" "$1"`,
        process.execPath,
        join(here, 'agent.mjs'),
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    return Machine.#opened('namespaces', child, child.stdin, child.stdout, () => child.kill('SIGKILL'));
  }

  /** Where IPVS is: namespaces of this kernel if it has IPVS loaded, else the guest kernel. */
  static withIpvs(): Promise<Machine> {
    return ipvsKind() === 'namespaces' ? Machine.namespaces() : Machine.guest();
  }

  /** A user-mode Linux kernel with IPVS: needs only packages. It dies with this process. */
  static async guest(): Promise<Machine> {
    const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-lab-'));
    const quoted = [
      'mem=1500M',
      'rootfstype=hostfs',
      'rootflags=/',
      'rw',
      `init=${join(here, 'guest-init.sh')}`,
      'con=null',
      'con0=null,fd:1',
      'con1=null',
      'ssl0=fd:3,fd:4',
      'quiet',
      `uml_dir=${folder}`,
      'umid=lab',
      `lab_node=${process.execPath}`,
      `lab_agent=${join(here, 'agent.mjs')}`,
    ];
    // In a pid namespace of its own all of the guest's processes end together, and with this one.
    const wrapper = ['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
    const child = spawn('setpriv', [...wrapper, 'linux.uml', ...quoted], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    const [, , , input, output] = child.stdio as unknown as [unknown, unknown, unknown, Writable, Readable];
    return Machine.#opened('guest', child, input, output, () => {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    });
  }

  static async #opened(
    kind: LabKind,
    child: ChildProcess,
    input: Writable,
    output: Readable,
    close: () => void,
  ): Promise<Machine> {
    const machine = new Machine(kind, input, output, close);
    const end = (): void => {
      close();
    };
    process.once('exit', end);
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`the lab (${kind}) did not start within ${String(10 * patience)} s`));
      }, 10_000 * patience);
      machine.#ready = () => {
        clearTimeout(timer);
        resolve();
      };
      machine.#gone = (error) => {
        clearTimeout(timer);
        reject(error);
      };
      child.once('error', reject);
    });
    return machine;
  }

  /** Runs a shell command to its end. Rejects when it fails, unless `mayFail`. */
  async run(
    ns: string | undefined,
    command: string,
    options: { readonly timeoutMs?: number; readonly mayFail?: boolean } = {},
  ): Promise<RunResult> {
    const message = await this.#ask({
      op: 'run',
      command,
      timeoutMs: (options.timeoutMs ?? 20_000) * patience,
      ...(ns === undefined ? {} : { ns }),
    });
    const result = { code: message.code ?? null, stdout: message.stdout ?? '', stderr: message.stderr ?? '' };
    if (result.code !== 0 && options.mayFail !== true) {
      throw new Error(
        `${ns ?? 'lab'}: '${command}' ended with ${String(result.code ?? message.signal)}: ${result.stderr}${result.stdout}`,
      );
    }
    return result;
  }

  async write(path: string, text: string, mode = 0o644): Promise<void> {
    if (text.length <= longestMessage) {
      await this.#ask({ op: 'write', path, text, mode });
      return;
    }
    // The guest's serial line chokes on much at once; but both kinds of lab see this machine's files.
    const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-lab-file-'));
    try {
      writeFileSync(join(folder, 'file'), text);
      const permissions = mode.toString(8);
      await this.run(
        undefined,
        `mkdir -p ${dirname(path)} && install -m ${permissions} ${join(folder, 'file')} ${path}`,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  spawn(ns: string | undefined, command: string): LabProcess {
    const id = this.#next++;
    const lines: Line[] = [];
    const listeners: ((line: Line) => void)[] = [];
    const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
      this.#handlers.set(id, (message) => {
        if (message.type === 'line') {
          const line = { text: message.text ?? '', atMs: message.atMs ?? 0 };
          lines.push(line);
          for (const listener of listeners) listener(line);
        } else if (message.type === 'exit') {
          this.#handlers.delete(id);
          resolve({ code: message.code ?? null, signal: message.signal ?? null });
        }
      });
    });
    this.#send({ id, op: 'spawn', command, ...(ns === undefined ? {} : { ns }) });
    return {
      lines,
      exited,
      onLine: (listener) => listeners.push(listener),
      signal: (signal) => {
        this.#send({ op: 'signal', target: id, signal });
      },
      waitFor: (pattern, withinMs, after = 0) =>
        new Promise((resolve, reject) => {
          const there = lines.slice(after).find(({ text }) => pattern.test(text));
          if (there !== undefined) {
            resolve(there);
            return;
          }
          const timer = setTimeout(() => {
            reject(
              new Error(
                `no line like ${String(pattern)} within ${String((withinMs * patience) / 1000)} s; the last: ${lines
                  .slice(-5)
                  .map(({ text }) => text)
                  .join(' | ')}`,
              ),
            );
          }, withinMs * patience);
          listeners.push((line) => {
            if (!pattern.test(line.text)) return;
            clearTimeout(timer);
            resolve(line);
          });
        }),
    };
  }

  close(): void {
    this.#gone = undefined;
    this.#close();
  }

  #send(message: object): void {
    this.#input.write(`${JSON.stringify(message)}\n`);
  }

  #ask(message: object): Promise<AgentMessage> {
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#handlers.set(id, (answer) => {
        this.#handlers.delete(id);
        resolve(answer);
      });
      this.#send({ id, ...message });
    });
  }
}
