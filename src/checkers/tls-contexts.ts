import { readFileSync } from 'node:fs';
import type { SecureContext, SecureContextOptions } from 'node:tls';
import type { SslContext } from '../config/index.ts';
import { err, ok, type Result } from '../core/index.ts';
import { requireTls } from './require-tls.ts';

/**
 * What TLS connections of one configuration begin with: the certificate and key that the SSL block names. Made once, since to make it
 * costs more than a check; files are read at the first check, and a file that cannot be used is tried again by the next.
 */
export class TlsContexts {
  readonly #ssl: SslContext | undefined;
  #made: SecureContext | undefined;

  constructor(ssl: SslContext | undefined) {
    this.#ssl = ssl;
  }

  /** The error says which file it is and what is wrong with it, in words that follow the server's name. */
  get(): Result<SecureContext> {
    if (this.#made !== undefined) return ok(this.#made);
    const { certificate, key, ca, password } = this.#ssl ?? {};
    const options: SecureContextOptions = {
      // The reference takes any version and cipher, and a health check must not fail where it used to succeed.
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT@SECLEVEL=0',
      ...(password === undefined ? {} : { passphrase: password }),
    };
    for (const [option, path] of [
      ['cert', certificate],
      ['key', key],
      ['ca', ca],
    ] as const) {
      if (path === undefined) continue;
      try {
        options[option] = readFileSync(path);
      } catch (error) {
        return err(`the file '${path}' of the SSL block cannot be read: ${problemText(error)}`);
      }
    }
    try {
      this.#made = requireTls().createSecureContext(options);
      return ok(this.#made);
    } catch (error) {
      const files = [certificate, key, ca].filter((path) => path !== undefined).join(', ');
      return err(`the files of the SSL block (${files}) cannot be used: ${problemText(error)}`);
    }
  }
}

function problemText(error: unknown): string {
  const { code, reason, message } = error as Error & { readonly code?: string; readonly reason?: string };
  return code === 'ENOENT' ? 'it does not exist' : (reason ?? code ?? message);
}
