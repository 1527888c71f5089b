import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { KernelWork } from '../../src/daemon/kernel-work.ts';

/** Work whose kernel answers when a test says so; `done` tells what was begun and what was answered. */
class Rig {
  readonly work = new KernelWork();
  readonly done: string[] = [];
  readonly #waiting = new Map<string, () => void>();

  readonly asking = (what: string) => (): Promise<void> => {
    this.done.push(what);
    return new Promise((resolve) => {
      this.#waiting.set(what, resolve);
    });
  };

  readonly saying = (what: string) => (): void => {
    this.done.push(what);
  };

  async answer(...whats: readonly string[]): Promise<void> {
    for (const what of whats) this.#waiting.get(what)?.();
    await this.turn();
  }

  turn(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }
}

describe('what is asked of the kernel', () => {
  test('does not wait for the answers to what was asked before; what follows an answer does', async () => {
    const rig = new Rig();
    const { work, done, asking, saying } = rig;
    for (const instance of ['1', '2', '3']) {
      work.ask(asking(`add ${instance}`));
      work.announce(saying(`announce ${instance}`));
      work.tell(saying(`notify ${instance}`));
    }
    await rig.turn();
    assert.deepEqual(done.splice(0), ['add 1', 'add 2', 'add 3']);
    // The kernel answers in order; should it not, what follows is in order all the same.
    await rig.answer('add 2');
    assert.deepEqual(done.splice(0), []);
    await rig.answer('add 1');
    assert.deepEqual(done.splice(0), ['announce 1', 'notify 1', 'announce 2', 'notify 2']);
    await rig.answer('add 3');
    assert.deepEqual(done.splice(0), ['announce 3', 'notify 3']);
  });

  test('what is taken back is not announced afterwards', async () => {
    const rig = new Rig();
    const { work, done, asking, saying } = rig;
    work.ask(asking('add'));
    work.announce(saying('announce'));
    work.takeBack(asking('remove'));
    work.ask(asking('add again'));
    await rig.turn();
    assert.deepEqual(done.splice(0), ['add']);
    await rig.answer('add');
    assert.deepEqual(done.splice(0), ['announce', 'remove', 'add again']);
  });

  test('much is taken back at once', async () => {
    const rig = new Rig();
    const { work, done, asking, saying } = rig;
    for (const instance of ['1', '2']) {
      work.takeBack(asking(`remove ${instance}`));
      work.tell(saying(`notify ${instance}`));
    }
    await rig.turn();
    assert.deepEqual(done.splice(0), ['remove 1', 'remove 2']);
    await rig.answer('remove 1', 'remove 2');
    assert.deepEqual(done, ['notify 1', 'notify 2']);
  });
});

test('other work waits for everything before it, and everything after it for that', async () => {
  const rig = new Rig();
  const { work, done, asking, saying } = rig;
  work.ask(asking('add'));
  work.tell(saying('notify'));
  work.after(asking('route'));
  work.ask(asking('add 2'));
  work.tell(saying('notify 2'));
  await rig.turn();
  await rig.answer('add');
  assert.deepEqual(done.splice(0), ['add', 'notify', 'route']);
  await rig.answer('route');
  assert.deepEqual(done.splice(0), ['add 2']);
  await rig.answer('add 2');
  assert.deepEqual(done, ['notify 2']);
  await work.done;
});
