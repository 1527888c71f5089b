import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, openSync, readSync, closeSync, constants, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, mock, test } from 'node:test';
import { Notifier, type ScriptOutcome, type ScriptRunner, type WrittenFifo } from '../../src/notify/index.ts';

/** Programs that read FIFOs: one at a time, started again, told what they missed. */

const folder = mkdtempSync(join(tmpdir(), 'readers-test-'));
after(() => {
  rmSync(folder, { recursive: true });
});

class FakeReaders implements ScriptRunner {
  readonly log: string[] = [];
  readonly exits = new Map<string, (outcome: ScriptOutcome) => void>();
  /** Programs that do not end at SIGTERM. */
  readonly stubborn = new Set<string>();

  start: ScriptRunner['start'] = ({ argv }, onExit) => {
    const name = argv.join(' ').replaceAll(`${folder}/`, '');
    this.log.push(`start ${name}`);
    this.exits.set(name, onExit);
    return {
      kill: (signal) => {
        const exit = this.exits.get(name);
        if (exit === undefined) return;
        this.log.push(`${signal} ${name}`);
        if (signal === 'SIGTERM' && this.stubborn.has(name)) return;
        this.exits.delete(name);
        queueMicrotask(() => {
          exit({ type: 'signal', signal });
        });
      },
    };
  };

  die(name: string, code = 1): void {
    const exit = this.exits.get(name);
    this.exits.delete(name);
    exit?.({ type: 'exit', code });
  }
}

let number = 0;
let path = '';
let now = 0;

function fifo(script?: string, takes: WrittenFifo['takes'] = ['vrrp', 'lvs'], at = path): WrittenFifo {
  return {
    fifo: { path: at, ...(script === undefined ? {} : { script: { argv: [script, 'a'] } }) },
    takes,
    access: { mode: 0o600 },
  };
}

function rig(...fifos: readonly WrittenFifo[]) {
  const readers = new FakeReaders();
  const log = (_: string, text: string): void => {
    readers.log.push(text.replaceAll(`${folder}/`, ''));
  };
  const makeFifo = (at: string, mode: number): void => {
    execFileSync('mkfifo', ['-m', mode.toString(8), at]);
  };
  const notifier = new Notifier({ runner: readers, makeFifo, log, nowMs: () => now }, { fifos });
  return { readers, notifier };
}

/** What is in a FIFO now. */
function contents(at = path): string {
  const fd = openSync(at, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const buffer = Buffer.alloc(65_536);
    return buffer.toString('utf8', 0, readSync(fd, buffer));
  } catch {
    return '';
  } finally {
    closeSync(fd);
  }
}

const vrrp = (name: string, state: 'MASTER' | 'BACKUP' | 'MASTER_PRIORITY') =>
  ({ object: 'INSTANCE', name, state, priority: 100 }) as const;
const lvs = (state: 'UP' | 'DOWN') => ({ object: 'VS', virtualServer: '[192.0.2.1]:tcp:80', state }) as const;

async function settled(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

describe('a reader of a FIFO', () => {
  beforeEach(() => {
    path = join(folder, `fifo${String(number++)}`);
    now = 0;
    mock.timers.reset();
    mock.timers.enable({ apis: ['setTimeout'] });
  });
  after(() => {
    mock.timers.reset();
  });

  test('gets the path as its last argument', async () => {
    const { readers, notifier } = rig(fifo('/reader'));
    await settled();
    assert.deepEqual(readers.log, [`start /reader a fifo${String(number - 1)}`]);
    const closed = notifier.close(0);
    await settled();
    mock.timers.tick(300);
    await closed;
    assert.deepEqual(readers.log.slice(1), [`SIGTERM /reader a fifo${String(number - 1)}`]);
  });

  test('that dies is started again, later each time, and told the states that it missed', async () => {
    const { readers, notifier } = rig(fifo('/reader'));
    await settled();
    const name = `/reader a fifo${String(number - 1)}`;
    notifier.notify(vrrp('A', 'BACKUP'));
    notifier.notify(vrrp('B', 'BACKUP'));
    notifier.notify(vrrp('A', 'MASTER'));
    notifier.notify(vrrp('A', 'MASTER_PRIORITY'));
    notifier.notify(lvs('DOWN'));
    contents();
    readers.die(name, 3);
    assert.match(readers.log.at(-1) ?? '', /ended with status 3; it is started again in 1 s/);
    mock.timers.tick(999);
    assert.equal(readers.exits.size, 0);
    mock.timers.tick(1);
    assert.equal(contents(), 'INSTANCE "B" BACKUP 100\nINSTANCE "A" MASTER 100\nVS [192.0.2.1]:tcp:80 DOWN\n');
    readers.die(name);
    assert.match(readers.log.at(-1) ?? '', /again in 2 s/);
    mock.timers.tick(2000);
    now = 60_000;
    readers.die(name);
    assert.match(readers.log.at(-1) ?? '', /again in 1 s/);
  });

  test('stays over a reload that says the same, and makes room for another before that one starts', async () => {
    const { readers, notifier } = rig(fifo('/reader'));
    await settled();
    const at = `fifo${String(number - 1)}`;
    notifier.notify(vrrp('A', 'MASTER'));
    contents();
    const instances = [{ name: 'A' }];
    const reload = (script?: string): void => {
      notifier.reload({ vrrp: { instances, syncGroups: [] } as never, fifos: [fifo(script)] });
    };
    reload('/reader');
    await settled();
    assert.deepEqual(readers.log, [`start /reader a ${at}`]);
    readers.stubborn.add(`/reader a ${at}`);
    reload('/other');
    await settled();
    assert.deepEqual(readers.log.slice(1), [`SIGTERM /reader a ${at}`]);
    mock.timers.tick(2000);
    await settled();
    assert.deepEqual(readers.log.slice(2), [`SIGKILL /reader a ${at}`, `start /other a ${at}`]);
    assert.equal(contents(), 'INSTANCE "A" MASTER 100\n');
    reload();
    await settled();
    assert.equal(readers.log.at(-1), `SIGTERM /other a ${at}`);
  });

  test('of VRRP is not told of servers, nor one of servers of VRRP', () => {
    const other = join(folder, `other${String(number)}`);
    const { notifier } = rig(fifo(undefined, ['vrrp']), fifo(undefined, ['lvs'], other));
    notifier.notify(vrrp('A', 'MASTER'));
    notifier.notify(lvs('UP'));
    assert.deepEqual([contents(), contents(other)], ['INSTANCE "A" MASTER 100\n', 'VS [192.0.2.1]:tcp:80 UP\n']);
  });
});
