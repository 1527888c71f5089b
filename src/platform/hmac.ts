import { createHmac } from 'node:crypto';

/** HMAC (RFC 2104), whole. */
export function hmac(hash: 'md5' | 'sha256', key: Uint8Array, data: Uint8Array): Uint8Array {
  return createHmac(hash, key).update(data).digest();
}
