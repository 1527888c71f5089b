import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { err, ok, type Result } from '../core/index.ts';
import { openNetlink, type JoinableTransport, type ReceiveBuffer } from './netlink-transport.ts';
import { insideNetworkNamespace } from './process.ts';
import { errorCode } from './system-error.ts';

const connectorProtocol = 11;
const processGroup = 1;

/** What /proc says of a process: its name (comm) and its command line. */
export interface ProcessFacts {
  readonly comm: string;
  readonly argv: readonly string[];
}

/** Longer command lines are cut; a piece of what follows shows that there is more. */
const commandLine = Buffer.alloc(65_536);

/** Undefined where it is gone, or dead and only not yet waited for. `withCommandLine`: else `argv` is empty. */
export function processFacts(pid: number, withCommandLine: boolean): ProcessFacts | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    const end = stat.lastIndexOf(')');
    if (/^[ZX]/.test(stat.slice(end + 2))) return undefined;
    const comm = stat.slice(stat.indexOf('(') + 1, end);
    return { comm, argv: withCommandLine ? argumentsOf(pid) : [] };
  } catch {
    return undefined;
  }
}

function argumentsOf(pid: number): readonly string[] {
  const fd = openSync(`/proc/${String(pid)}/cmdline`, 'r');
  try {
    const length = readSync(fd, commandLine, 0, commandLine.length, 0);
    const words = commandLine.toString('utf8', 0, length).split('\0');
    return words.at(-1) === '' ? words.slice(0, -1) : words;
  } finally {
    closeSync(fd);
  }
}

/** All processes that run now. */
export function allProcesses(withCommandLine: boolean): readonly (ProcessFacts & { readonly pid: number })[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const facts = processFacts(Number(name), withCommandLine);
    return facts === undefined ? [] : [{ pid: Number(name), ...facts }];
  });
}

/** A socket on which the kernel tells of processes. It does so only in the first network namespace, where that of process 1 is taken for it. */
export function openProcessConnector(buffer?: ReceiveBuffer): Result<JoinableTransport> {
  const open = (): JoinableTransport => openNetlink(connectorProtocol, [processGroup], buffer);
  try {
    return inOwnNamespace() ? ok(open()) : insideNetworkNamespace('/proc/1/ns/net', open);
  } catch (error) {
    return err(errorCode(error));
  }
}

function inOwnNamespace(): boolean {
  try {
    return readlinkSync('/proc/self/ns/net') === readlinkSync('/proc/1/ns/net');
  } catch {
    return true;
  }
}
