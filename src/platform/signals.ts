import { koffi } from './libc.ts';

/** The signals that the daemon acts on; the last three are real-time signals: SIGRTMIN + 2 (36), SIGRTMIN + 3 (37) and SIGRTMAX - 1 (63). */
export type DaemonSignal = 'XCPU' | 'HUP' | 'TERM' | 'INT' | 'USR1' | 'USR2' | 'RTMIN+2' | 'RTMIN+3' | 'RTMAX-1';

/** Numbers as `kill -l` gives them on x64 and arm64 with glibc or musl's range 34/35 to 64. */
export const signalNumbers: Readonly<Record<DaemonSignal, number>> = {
  HUP: 1,
  INT: 2,
  USR1: 10,
  USR2: 12,
  TERM: 15,
  XCPU: 24,
  'RTMIN+2': 36,
  'RTMIN+3': 37,
  'RTMAX-1': 63,
};

const byName: Partial<Record<DaemonSignal, NodeJS.Signals>> = {
  HUP: 'SIGHUP',
  TERM: 'SIGTERM',
  XCPU: 'SIGXCPU',
  INT: 'SIGINT',
  USR1: 'SIGUSR1',
  USR2: 'SIGUSR2',
};

/**
 * Calls `handler` on the event loop for each of the signals; the returned function restores their default actions.
 * Waiting for a signal does not keep the process alive.
 */
export function onSignals(signals: readonly DaemonSignal[], handler: (signal: DaemonSignal) => void): () => void {
  const stops = signals.map((signal) => {
    const name = byName[signal];
    const handle = (): void => {
      handler(signal);
    };
    if (name === undefined) return watchRealTime(signalNumbers[signal], handle);
    process.on(name, handle);
    return () => {
      process.off(name, handle);
    };
  });
  return () => {
    for (const stop of stops) stop();
  };
}

/** uv.h: uv_handle_type. */
const uvSignal = 16;

/**
 * Node has no names for real-time signals, but the libuv in it watches any number; it calls back on the event loop,
 * never in the context of the signal.
 */
function watchRealTime(number: number, handle: () => void): () => void {
  const native = koffi();
  const library = native.load(null);
  const callbackType = native.pointer(native.proto('void (void *handle, int number)'));
  const init = library.func('int uv_signal_init(void *loop, void *handle)') as unknown as (
    loop: unknown,
    handle: bigint,
  ) => number;
  const loop = library.func('void *uv_default_loop()') as unknown as () => unknown;
  const size = library.func('size_t uv_handle_size(int type)') as unknown as (type: number) => number;
  const start = library.func('uv_signal_start', 'int', ['void *', callbackType, 'int']) as unknown as (
    handle: bigint,
    callback: bigint,
    number: number,
  ) => number;
  const stop = library.func('int uv_signal_stop(void *handle)') as unknown as (handle: bigint) => number;
  const unref = library.func('void uv_unref(void *handle)') as unknown as (handle: bigint) => void;

  // The handle stays allocated: libuv keeps it in the loop's list for as long as the process lives.
  const memory = native.address(native.alloc('uint8_t', size(uvSignal)));
  const callback = native.register(handle, callbackType);
  init(loop(), memory);
  start(memory, callback, number);
  unref(memory);
  return () => {
    stop(memory);
  };
}
