import type { SmtpAccess } from '../config/index.ts';
import { err, ok, type Result } from '../core/index.ts';

/** Reads a file of at most `longest` bytes; `exposed`: others than its owner may read it. The error does not tell its content. */
export type ReadSecret = (
  path: string,
  longest: number,
) => Result<{ readonly bytes: Uint8Array; readonly exposed: boolean }>;

/** What nodemailer is told of TLS and of the login. */
export interface Access {
  readonly secure: boolean;
  readonly ignoreTLS: boolean;
  readonly requireTLS: boolean;
  readonly tls: {
    readonly rejectUnauthorized: boolean;
    readonly minVersion: 'TLSv1.2';
    readonly ca?: Buffer;
    readonly servername?: string;
  };
  readonly auth?: { readonly user: string; readonly pass: string };
}

const longestPassword = 1024;
const longestAuthorities = 4 * 1024 * 1024;
const plain: SmtpAccess = { tls: 'off', verify: true };

/** Files are read anew for each mail: a password may be changed. */
export function openAccess(access: SmtpAccess = plain, read: ReadSecret): Result<Access> {
  const { tls, verify, caFile, serverName, login } = access;
  const ca = caFile === undefined ? undefined : read(caFile, longestAuthorities);
  if (ca?.ok === false) return err(`smtp_tls_ca_file: ${ca.error}`);
  const pass = login === undefined ? undefined : readPassword(login.passwordFile, read);
  if (pass?.ok === false) return err(`smtp_password_file: ${pass.error}`);
  return ok({
    secure: tls === 'on',
    ignoreTLS: tls === 'off',
    requireTLS: tls === 'starttls',
    tls: {
      rejectUnauthorized: verify,
      minVersion: 'TLSv1.2',
      ...(ca === undefined ? {} : { ca: Buffer.from(ca.value.bytes) }),
      ...(serverName === undefined ? {} : { servername: serverName }),
    },
    ...(login === undefined || pass === undefined ? {} : { auth: { user: login.user, pass: pass.value } }),
  });
}

/** The first line of the file. */
function readPassword(path: string, read: ReadSecret): Result<string> {
  const secret = read(path, longestPassword);
  if (!secret.ok) return secret;
  if (secret.value.exposed) return err(`others may read ${path}: chmod 0600 it`);
  const [password = ''] = Buffer.from(secret.value.bytes).toString('utf8').split(/\r?\n/, 1);
  return password === '' ? err(`${path} is empty`) : ok(password);
}

/** A server that was told the password can say it in its answer. */
export function withoutPassword(text: string, { auth }: Access): string {
  if (auth === undefined) return text;
  const { user, pass } = auth;
  const encoded = [pass, `\0${user}\0${pass}`].map((secret) => Buffer.from(secret).toString('base64'));
  return [...encoded, pass].reduce((left, secret) => left.replaceAll(secret, '********'), text);
}
