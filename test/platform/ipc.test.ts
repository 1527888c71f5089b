import assert from 'node:assert/strict';
import { readFileSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'node:test';
import { daemonize, spawnPart } from '../../src/platform/index.ts';

const script = fileURLToPath(new URL('part.ts', import.meta.url));
const execArgv = process.execArgv.filter((argument) => argument !== '--test');

interface Message {
  readonly n: number;
}

function part(mode: string) {
  const started = spawnPart<Message, Message>({ script, name: 'part', args: [mode], execArgv });
  assert.ok(started.ok);
  return started.value;
}

describe('a part', () => {
  test('is shown under its name, and has only the standard descriptors of ours', async () => {
    const { pid, channel, exited } = part('echo');
    const answer = new Promise<Message>((resolve) => {
      channel.onMessage(resolve);
    });
    channel.send({ n: 1 });
    await answer;
    assert.equal(readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').split('\0')[0], 'part');
    assert.equal(readlinkSync(`/proc/${String(pid)}/fd/0`), '/dev/null');
    for (const fd of [1, 2]) {
      const own = readlinkSync(`/proc/self/fd/${String(fd)}`);
      assert.equal(readlinkSync(`/proc/${String(pid)}/fd/${String(fd)}`), own);
    }
    channel.close();
    await exited;
  });

  test('answers typed messages and sees when the other side hangs up', async () => {
    const { channel, exited } = part('echo');
    const answer = new Promise<Message>((resolve) => {
      channel.onMessage(resolve);
    });
    assert.equal(channel.send({ n: 41 }), true);
    assert.deepEqual(await answer, { n: 42 });
    channel.close();
    assert.equal(channel.send({ n: 1 }), false);
    assert.deepEqual(await exited, { code: 7 });
  });

  test('takes many messages in a few lists and answers each, in order, and all that were sent before the end', async () => {
    const { channel, exited } = part('echo');
    const count = 5000;
    const answers: number[] = [];
    const all = new Promise<void>((resolve) => {
      channel.onMessage(({ n }) => {
        if (answers.push(n) === count) resolve();
      });
    });
    for (let n = 1; n <= count; n++) assert.equal(channel.send({ n }), true);
    await all;
    assert.deepEqual(
      answers,
      Array.from({ length: count }, (_, i) => i + 2),
    );
    const two = new Promise<number>((resolve) => {
      channel.onMessage(({ n }) => {
        if (n === 3) resolve(n);
      });
    });
    channel.send({ n: 1 });
    channel.send({ n: 2 });
    await channel.drained();
    assert.equal(await two, 3);
    channel.send({ n: 1 });
    channel.send({ n: 0 });
    channel.close();
    assert.deepEqual(await exited, { code: 0 }, 'it heard the last message, and not only that we hung up');
  });

  test('that hangs up itself is seen', async () => {
    const { channel, exited } = part('echo');
    const hungUp = new Promise<void>((resolve) => {
      channel.onHangUp(resolve);
    });
    channel.send({ n: 0 });
    await hungUp;
    assert.equal(channel.send({ n: 1 }), false);
    assert.deepEqual(await exited, { code: 0 });
  });

  test('that is killed is reported with the signal, and one that cannot work with its status', async () => {
    const killed = part('echo');
    killed.kill('SIGKILL');
    assert.deepEqual(await killed.exited, { signal: 'SIGKILL' });
    assert.deepEqual(await part('no such mode').exited, { code: 3 });
  });

  test('that does not read takes a bounded number of messages', async () => {
    const { channel, kill, exited } = part('echo');
    kill('SIGSTOP');
    let sent = 0;
    while (sent < 50_000 && channel.send({ n: 1 })) sent++;
    assert.equal(sent, 10_000);
    kill('SIGKILL');
    await exited;
  });
});

describe('going to the background', () => {
  test('ends when the daemon reports ready; it runs in its own session with nothing of the terminal', async () => {
    const started = await daemonize(script, ['ready'], execArgv);
    assert.ok(started.ok);
    const pid = String(started.value);
    assert.equal(readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[5], pid);
    assert.deepEqual(
      [0, 1, 2].map((fd) => readlinkSync(`/proc/${pid}/fd/${String(fd)}`)),
      ['/dev/null', '/dev/null', '/dev/null'],
    );
    assert.equal(readlinkSync(`/proc/${pid}/cwd`), '/');
    process.kill(started.value, 'SIGTERM');
  });

  test('fails with what the daemon says', async () => {
    assert.deepEqual(await daemonize(script, ['failed'], execArgv), {
      ok: false,
      error: { status: 2, text: 'no configuration' },
    });
  });

  test('fails with its status where it says nothing', async () => {
    assert.deepEqual(await daemonize(script, ['no such mode'], execArgv), {
      ok: false,
      error: { status: 3, text: 'the background process ended at once (status 3)' },
    });
  });
});
