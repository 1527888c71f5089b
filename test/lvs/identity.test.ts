import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Checker, HttpGet } from '../../src/config/index.ts';
import { checkerId } from '../../src/lvs/index.ts';
import { miscCheck, realServer, tcpCheck, virtualServer } from './configs.ts';

const elsewhere = { file: 'k.conf', line: 7, column: 3, endLine: 7, endColumn: 9 };

const url = { span: elsewhere, path: '/', statusCodes: [], regexNoMatch: false, regexOptions: [], tlsCompliant: false };
const http: HttpGet = {
  ...tcpCheck(),
  type: 'HTTP_GET',
  urls: [url],
  httpProtocol: '1.0',
  enableSni: false,
  fastRecovery: false,
  tlsCompliant: false,
};

describe('the id of a checker', () => {
  const id = (checker: Checker, port = 80): string =>
    checkerId(virtualServer(), realServer('192.168.170.25', { port }), checker);
  const same: readonly (readonly [string, Checker, Checker])[] = [
    ['on another line', tcpCheck(), tcpCheck({ span: elsewhere })],
    ['whose url is on another line', http, { ...http, urls: [{ ...url, span: { ...elsewhere, line: 9 } }] }],
  ];
  for (const [name, a, b] of same) {
    test(`stays for one ${name}`, () => {
      assert.equal(id(a), id(b));
    });
  }
  const different: readonly (readonly [string, Checker, Checker])[] = [
    ['with another timeout', tcpCheck(), tcpCheck({ connectTimeoutMs: 3001 })],
    ['of another kind', tcpCheck(), { ...tcpCheck(), type: 'PING_CHECK' }],
    ['with another url', http, { ...http, urls: [{ ...url, path: '/a' }] }],
    ['with another program', miscCheck(), miscCheck({ miscPath: { argv: ['/d'] } })],
  ];
  for (const [name, a, b] of different) {
    test(`is another one for one ${name}`, () => {
      assert.notEqual(id(a), id(b));
    });
  }

  test('is another one at another server', () => {
    assert.notEqual(id(tcpCheck()), id(tcpCheck(), 81));
  });

  test('tells settings apart that differ in one number, a hundred thousand times', () => {
    const ids = new Set(Array.from({ length: 100_000 }, (_, n) => id(tcpCheck({ connectTimeoutMs: n }))));
    assert.equal(ids.size, 100_000);
  });
});
