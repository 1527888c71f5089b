import { existsSync, readFileSync } from 'node:fs';
import type { SecureContext, SecureContextOptions } from 'node:tls';
import type { SslContext, TlsSettings } from '../config/index.ts';
import { err, ok, type Result } from '../core/index.ts';
import { requireTls } from './require-tls.ts';

/** A file that a context is made of, and who names it. */
interface PemFile {
  readonly option: 'cert' | 'key' | 'ca';
  readonly path: string;
  readonly namedBy: string;
}

/** Where distributions keep the authorities that a host trusts. Where there is none, those that Node.js brings are. */
const trustStores = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
];

/**
 * What TLS connections of one configuration begin with: the certificate and key that the SSL block or an extension names. Made once for
 * all checks that ask for the same, since to make it costs more than a check; files are read at the first check, and a file that cannot
 * be used is tried again by the next.
 */
export class TlsContexts {
  readonly #ssl: SslContext;
  readonly #made = new Map<string, SecureContext>();

  constructor(ssl: SslContext | undefined) {
    this.#ssl = ssl ?? {};
  }

  /** The error says which file it is and what is wrong with it, in words that follow the server's name. */
  get(settings?: TlsSettings): Result<SecureContext> {
    const { verify, caFile, certFile, keyFile, minVersion } = settings ?? {};
    const key = JSON.stringify([verify, caFile, certFile, keyFile, minVersion]);
    const known = this.#made.get(key);
    if (known !== undefined) return ok(known);
    const made = make(this.#files(settings), this.#ssl.password, settings);
    if (made.ok) this.#made.set(key, made.value);
    return made;
  }

  #files(settings: TlsSettings | undefined): readonly PemFile[] {
    const { certificate, key, ca } = this.#ssl;
    const { verify = false, caFile, certFile, keyFile } = settings ?? {};
    const trusted = verify && ca === undefined ? trustStores.find((path) => existsSync(path)) : ca;
    // The reference's certificate does not go with a key of ours, nor the other way round.
    const own = certFile !== undefined || keyFile !== undefined;
    const file = (option: PemFile['option'], path: string | undefined, namedBy: string): readonly PemFile[] =>
      path === undefined ? [] : [{ option, path, namedBy }];
    return [
      ...(own ? file('cert', certFile, 'tls_cert_file') : file('cert', certificate, 'the SSL block')),
      ...(own ? file('key', keyFile, 'tls_key_file') : file('key', key, 'the SSL block')),
      ...(caFile === undefined ? file('ca', trusted, 'the SSL block') : file('ca', caFile, 'tls_ca_file')),
    ];
  }
}

function make(
  files: readonly PemFile[],
  password: string | undefined,
  settings: TlsSettings | undefined,
): Result<SecureContext> {
  const options: SecureContextOptions = {
    ...strength(settings),
    ...(password === undefined ? {} : { passphrase: password }),
  };
  for (const { option, path, namedBy } of files) {
    try {
      options[option] = readFileSync(path);
    } catch (error) {
      return err(`the file '${path}' of ${namedBy} cannot be read: ${problemText(error)}`);
    }
  }
  try {
    return ok(requireTls().createSecureContext(options));
  } catch (error) {
    const paths = files.map(({ path }) => path).join(', ');
    const named = files.find(({ namedBy }) => namedBy !== 'the SSL block')?.namedBy ?? 'the SSL block';
    return err(`the files of ${named} (${paths}) cannot be used: ${problemText(error)}`);
  }
}

/**
 * The reference takes any version and cipher, and a health check must not fail where it used to succeed. Who verifies asks for more:
 * versions from 1.2 on, unless another is named.
 */
function strength(settings: TlsSettings | undefined): SecureContextOptions {
  const { verify = false, minVersion } = settings ?? {};
  const least = minVersion ?? (verify ? '1.2' : '1.0');
  const old = least === '1.0' || least === '1.1';
  return {
    minVersion: least === '1.0' ? 'TLSv1' : `TLSv${least}`,
    // What old versions need, and weak certificates.
    ...(old || !verify ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
  };
}

function problemText(error: unknown): string {
  const { code, reason, message } = error as Error & { readonly code?: string; readonly reason?: string };
  return code === 'ENOENT' ? 'it does not exist' : (reason ?? code ?? message);
}
