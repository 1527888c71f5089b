import { readFileSync } from 'node:fs';

/** The bytes of a captured Ethernet frame of test/wire/vrrp. */
export function frame(name: string): Uint8Array {
  const text = readFileSync(new URL(`../wire/vrrp/${name}.hex`, import.meta.url), 'utf8');
  const hex = text.replace(/^#.*$/gm, '').replace(/\s/g, '');
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
