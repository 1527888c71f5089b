import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compact, expand } from '../../src/daemon/compact.ts';
import { checkersSettings } from '../../src/daemon/settings.ts';
import { loadText } from '../config/load-text.ts';

/** What travels is JSON. */
function overTheChannel<T>(value: T): T {
  return expand(JSON.parse(JSON.stringify(compact(value))) as ReturnType<typeof compact<T>>);
}

/** No key of ours is `__proto__`. */
const ownKeys = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('__proto__'));

test('plain data arrives as it is', () => {
  fc.assert(
    fc.property(ownKeys, (value) => {
      assert.deepEqual(
        overTheChannel(value),
        JSON.parse(JSON.stringify(value, (key, item: unknown) => (key === 'span' ? undefined : item))),
      );
    }),
  );
});

test('a key without a value is absent, and the keys of the others are not mixed up', () => {
  const data = [{ a: 1, b: undefined, c: 3 }, { a: 1, c: 3 }, { c: 3, a: 1 }, {}, { a: -1, c: [] }, [-1], [0, 1]];
  assert.deepEqual(overTheChannel(data), [
    { a: 1, c: 3 },
    { a: 1, c: 3 },
    { c: 3, a: 1 },
    {},
    { a: -1, c: [] },
    [-1],
    [0, 1],
  ]);
});

test('the settings of a thousand servers arrive without places in the file, in less than a third of the bytes', () => {
  const server = (n: number): string =>
    ` real_server 10.0.${String(n >> 8)}.${String(n & 255)} 80 {\n  TCP_CHECK {\n   connect_timeout 3\n  }\n }\n`;
  const servers = Array.from({ length: 1000 }, (_, n) => server(n)).join('');
  const settings = checkersSettings(
    loadText(`virtual_server 10.1.0.1 80 {\n lb_algo rr\n lb_kind NAT\n protocol TCP\n${servers}}\n`).config,
  );
  const plain = JSON.stringify(settings);
  assert.deepEqual(
    overTheChannel(settings),
    JSON.parse(plain, (key, item: unknown) => (key === 'span' ? undefined : item)),
  );
  assert.ok(JSON.stringify(compact(settings)).length < plain.length / 3);
});
