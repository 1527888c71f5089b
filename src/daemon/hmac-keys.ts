import type { AuthHmacKey, VrrpConfig, VrrpInstance } from '../config/index.ts';
import { err, ok, type Result } from '../core/index.ts';
import type { Secret } from '../platform/index.ts';

/** As hexadecimal digits with their prefix, and a line end. */
const longestFile = 160;
const longestKey = 64;
const shortestKey = 32;

export interface ReadKeys {
  readonly vrrp: VrrpConfig;
  /** Keys that cannot be used, in words; they are left out. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** The configuration with the keys of auth_hmac that are in files; no word tells one. */
export function withKeyFiles(vrrp: VrrpConfig, read: (path: string, longest: number) => Result<Secret>): ReadKeys {
  const errors: string[] = [];
  const warnings: string[] = [];
  const withKeys = (instance: VrrpInstance): VrrpInstance => {
    const { authHmac, name } = instance;
    if (authHmac === undefined || authHmac.keys.every(({ key }) => key.from !== 'file')) return instance;
    const keys = authHmac.keys.flatMap(({ id, key }) => {
      if (key.from !== 'file') return [{ id, key }];
      const what = `key ${String(id)} of auth_hmac of vrrp_instance ${name}`;
      const secret = read(key.path, longestFile);
      const found = secret.ok ? keyIn(secret.value.bytes, key.path) : secret;
      if (!found.ok) {
        errors.push(`${what}: ${found.error}`);
        return [];
      }
      if (secret.ok && secret.value.exposed) warnings.push(`${what}: others may read ${key.path}: chmod 0600 it`);
      return [{ id, key: found.value }];
    });
    return { ...instance, authHmac: { ...authHmac, keys } };
  };
  return { vrrp: { ...vrrp, instances: vrrp.instances.map(withKeys) }, errors, warnings };
}

/** The key itself, or `hex:` and its digits; a line end behind it is not part of it. */
function keyIn(bytes: Uint8Array, path: string): Result<AuthHmacKey> {
  const line = bytes.subarray(0, bytes.length - lineEndBytes(bytes));
  const digits = /^hex:((?:[0-9a-fA-F]{2})+)$/.exec(Buffer.from(line).toString('latin1'))?.[1];
  const hex = (digits ?? Buffer.from(line).toString('hex')).toLowerCase();
  const length = hex.length / 2;
  if (length >= shortestKey && length <= longestKey) return ok({ from: 'hex', hex });
  return err(`${path} holds ${String(length)} bytes, a key has ${String(shortestKey)} to ${String(longestKey)}`);
}

function lineEndBytes(bytes: Uint8Array): number {
  if (bytes.at(-1) !== 0x0a) return 0;
  return bytes.at(-2) === 0x0d ? 2 : 1;
}
