import assert from 'node:assert/strict';
import type { HttpGet } from '../../src/config/index.ts';
import { parseIp } from '../../src/core/index.ts';

const address = parseIp('127.0.0.1');
const span = { file: 'test.conf', line: 1, column: 1, endLine: 1, endColumn: 2 };

/** Of a web server: any page that is there. */
export const anyPage = {
  span,
  path: '/',
  statusCodes: [[200, 299]],
  regexNoMatch: false,
  regexOptions: [],
  tlsCompliant: false,
} as const;

/** An SSL_GET of one page of a server on loopback, which is asked once; with a digest where one is given. */
export function sslGet(port: number, connectTimeoutMs: number, digest?: string): HttpGet {
  assert.ok(address.ok);
  return {
    type: 'SSL_GET',
    span,
    delayLoopMs: 1000,
    warmupMs: 0,
    retry: 0,
    delayBeforeRetryMs: 0,
    alpha: false,
    logAllFailures: false,
    connectIp: address.value,
    connectPort: port,
    connectTimeoutMs,
    urls: [digest === undefined ? anyPage : { ...anyPage, digest }],
    httpProtocol: '1.0',
    enableSni: false,
    fastRecovery: false,
    tlsCompliant: false,
  };
}
