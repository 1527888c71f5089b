import type { Hmac } from '../vrrp/index.ts';

/**
 * FNV-1a over key and data: no machine of a virtual network forges anything, so it is enough that different keys and different
 * packets give different sums.
 */
export const toyHmac: Hmac = (_, key, data) => {
  const sum = new Uint8Array(32);
  const view = new DataView(sum.buffer);
  for (let word = 0; word < 8; word++) {
    let hash = 0x811c9dc5 + word;
    for (const bytes of [key, data]) for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
    view.setUint32(word * 4, hash >>> 0);
  }
  return sum;
};
