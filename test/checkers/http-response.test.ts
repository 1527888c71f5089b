import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { HttpResponse } from '../../src/checkers/http-response.ts';

const md5 = (text: string): string => createHash('md5').update(text, 'latin1').digest('hex');

/** The digests in this table were printed by keepalived's own genhash for the same bytes. */
const table: readonly { name: string; reply: string; digest?: string; header?: string }[] = [
  {
    name: 'a length',
    reply: 'HTTP/1.0 200 OK\r\nContent-Length: 6\r\n\r\nhello\n',
    digest: 'b1946ac92492d2347c6235b4d2611184',
  },
  { name: 'no length', reply: 'HTTP/1.1 200 OK\r\n\r\nhello\n', digest: 'b1946ac92492d2347c6235b4d2611184' },
  { name: 'an empty body', reply: 'HTTP/1.1 200 OK\r\n\r\n', digest: 'd41d8cd98f00b204e9800998ecf8427e' },
  {
    name: 'chunks, which are not decoded',
    reply: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello\n\r\n0\r\n\r\n',
    digest: '8aea47faa8ff765544508726bbcd3b9d',
  },
  {
    name: 'a length that cuts the body',
    reply: 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhello\n',
    digest: '46356afe55fa3cea9cbe73ad442cad47',
  },
  {
    name: 'a length beyond the body',
    reply: 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhello\n',
    digest: 'b1946ac92492d2347c6235b4d2611184',
  },
  { name: 'a length without a blank', reply: 'HTTP/1.1 200 OK\r\nContent-Length:3\r\n\r\nhello\n', digest: md5('hel') },
  {
    name: 'a length in lower case, which is not seen',
    reply: 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nhello\n',
    digest: md5('hello\n'),
  },
  {
    name: 'a length at the end of another name, which is',
    reply: 'HTTP/1.1 200 OK\r\nX-Content-Length: 3\r\n\r\nhello\n',
    digest: md5('hel'),
  },
  { name: 'a length with a plus', reply: 'HTTP/1.1 200 OK\r\nContent-Length: +3\r\n\r\nhello\n', digest: md5('hel') },
  {
    name: 'a length with a blank behind it, which is not seen',
    reply: 'HTTP/1.1 200 OK\r\nContent-Length: 3 \r\n\r\nhello\n',
    digest: md5('hello\n'),
  },
  {
    name: 'a length behind a NUL, which is not seen',
    reply: 'HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 3\r\n\r\nhello\n',
    digest: md5('hello\n'),
  },
  {
    name: '20,000 bytes',
    reply: `HTTP/1.1 200 OK\r\n\r\n${'A'.repeat(20_000)}`,
    digest: '0af181fb57f1eefb62b74081bbddb155',
  },
  { name: 'a header of lines without carriage returns', reply: 'HTTP/1.1 200 OK\n\nhello\n', header: 'reading' },
  { name: 'a header of 5,000 bytes', reply: `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(5000)}\r\n\r\n`, header: 'too-long' },
];

describe('replies of web servers', () => {
  for (const { name, reply, digest, header } of table) {
    for (const [how, size] of [
      ['at once', reply.length],
      ['in pieces of 7 bytes', 7],
    ] as const) {
      test(`${name}, ${how}`, () => {
        const response = new HttpResponse();
        for (let i = 0; i < reply.length; i += size) response.push(Buffer.from(reply.slice(i, i + size), 'latin1'));
        assert.equal(response.headerState, header ?? 'complete');
        if (digest !== undefined) assert.equal(response.digest(), digest);
      });
    }
  }

  for (const [line, status] of [
    ['HTTP/1.1 200 OK', 200],
    ['HTTP/1.0 404 Not Found', 404],
    ['HTTP/1.1 200', undefined],
    ['HTTP/1.1 20 OK', undefined],
    ['hello', undefined],
    [`HTTP/1.1 ${'9'.repeat(3000)} OK`, undefined],
  ] as const) {
    test(`status line '${line.slice(0, 30)}'`, () => {
      const response = new HttpResponse();
      response.push(Buffer.from(`${line}\r\n\r\n`));
      assert.equal(response.statusCode, status);
    });
  }
});
