import { libc } from './libc.ts';
import { addressFamily, messageFlag, socketType } from './socket-abi.ts';

/** Tells the service manager (sd_notify(3)): lines of NAME=value. Never waits, never fails: nobody may be there. */
export type TellServiceManager = (...lines: readonly string[]) => void;

/** struct sockaddr_un (linux/un.h). */
const addressBytes = 110;

/** `path`: of $NOTIFY_SOCKET; one that begins with @ is in the abstract namespace. Undefined: nobody wants to know. */
export function serviceManager(
  path: string | undefined = process.env['NOTIFY_SOCKET'],
): TellServiceManager | undefined {
  if (path === undefined || !/^[@/]./.test(path)) return undefined;
  const name = Buffer.from(path);
  if (name.length > addressBytes - 3) return undefined;
  if (path.startsWith('@')) name[0] = 0;
  const address = Buffer.alloc(addressBytes);
  address.writeUInt16LE(addressFamily.unix, 0);
  address.set(name, 2);
  // The abstract namespace counts zeros at the end too.
  const length = 2 + name.length + (path.startsWith('@') ? 0 : 1);
  return (...lines) => {
    const c = libc();
    const fd = c.socket(addressFamily.unix, socketType.datagram | socketType.nonBlocking | socketType.closeOnExec, 0);
    if (fd < 0) return;
    const bytes = Buffer.from(lines.map((line) => `${line.replace(/\n/g, ' ')}\n`).join(''));
    if (c.connect(fd, address, length) === 0)
      c.send(fd, bytes, bytes.length, messageFlag.dontWait | messageFlag.noSignal);
    c.close(fd);
  };
}

/** How often the service manager wants to hear that we live; undefined: it does not ask us. */
export function watchdogMs(
  env: Readonly<Record<string, string | undefined>> = process.env,
  pid: number = process.pid,
): number | undefined {
  const { WATCHDOG_USEC: micros = '', WATCHDOG_PID: whom } = env;
  if (!/^[1-9]\d{0,14}$/.test(micros) || (whom !== undefined && whom !== String(pid))) return undefined;
  return Number(micros) / 1000;
}

/** Of CLOCK_MONOTONIC, as RELOADING=1 wants it. */
export function monotonicMicros(): bigint {
  return process.hrtime.bigint() / 1000n;
}
