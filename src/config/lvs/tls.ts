import { defined } from '../defined.ts';
import type { TlsSettings } from '../model/checkers.ts';
import type { Reading } from '../read.ts';

/** What the extensions of the blocks around a check say so far. */
export type GivenTls = Partial<TlsSettings>;

const versions = ['1.0', '1.1', '1.2', '1.3'] as const;

/** The lines of one block go before those around it. Where it has none, they are those around it. */
export function nearerTls(extensions: Reading | undefined, around: GivenTls | undefined): GivenTls | undefined {
  if (extensions === undefined || extensions.entries.length === 0) return around;
  const certFile = extensions.text('tls_cert_file');
  const keyFile = extensions.text('tls_key_file');
  return {
    ...around,
    // A certificate without a key of its own has it in the same file, and not in one that is named further out.
    ...(certFile === undefined ? {} : { certFile, keyFile: certFile }),
    ...defined({
      keyFile,
      verify: extensions.setting('tls_verify'),
      caFile: extensions.text('tls_ca_file'),
      serverName: extensions.text('tls_server_name'),
      minVersion: versions.find((version) => version === extensions.text('tls_min_version')),
      expiryDays: extensions.number('tls_expiry_days'),
    }),
  };
}

/** To name who must have signed, or for whom, is to ask for it. */
export function tlsSettings(given: GivenTls): TlsSettings {
  return { ...given, verify: given.verify ?? (given.caFile !== undefined || given.serverName !== undefined) };
}
