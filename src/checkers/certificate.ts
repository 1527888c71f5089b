import type { PeerCertificate } from 'node:tls';
import type { CheckWarning } from './schedule.ts';

/** What the certificate of a server is good for, in words. All that it holds was written by the server. */

const dayMs = 86_400_000;

/** What is to be told of a certificate that ends within `days`; undefined: nothing. */
export function expiryWarning(
  { valid_to: validTo, fingerprint256 }: Pick<PeerCertificate, 'valid_to' | 'fingerprint256'>,
  days: number,
  nowMs: number,
): CheckWarning | undefined {
  const endMs = Date.parse(validTo);
  if (!(endMs - nowMs <= days * dayMs)) return undefined;
  const date = new Date(endMs).toISOString().slice(0, 10);
  const [past, left] = [endMs <= nowMs, Math.floor(Math.abs(endMs - nowMs) / dayMs)];
  const count = left === 1 ? '1 day' : `${String(left)} days`;
  return {
    about: fingerprint256,
    text: `its certificate ${past ? `ended ${count} ago` : `ends in ${count}`}, on ${date}`,
  };
}

/** Why a certificate was refused, where that is what the error is about. */
export function refusal(error: Error & { readonly code?: string }, expected: string): string | undefined {
  if (error.code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = namesOf((error as { readonly cert?: PeerCertificate }).cert);
    return `its certificate is for ${names}, not for ${expected}`;
  }
  const text = refusals.get(error.code ?? '');
  return text === undefined ? undefined : `its certificate ${text}`;
}

/** Those of X509_verify_cert_error_string(3) that an operator meets. */
const refusals: ReadonlyMap<string, string> = new Map([
  ['CERT_HAS_EXPIRED', 'has expired'],
  ['CERT_NOT_YET_VALID', 'is not valid yet'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'is signed by itself'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'is signed by an authority that is not trusted'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'is signed by an authority that is not trusted'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'is signed by an authority that is not trusted'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'is signed by an authority that is not trusted'],
  ['CERT_CHAIN_TOO_LONG', 'has too many others between it and its authority'],
  ['PATH_LENGTH_EXCEEDED', 'has too many others between it and its authority'],
  ['CERT_REVOKED', 'was revoked'],
  ['CERT_SIGNATURE_FAILURE', 'has a signature that is wrong'],
  ['CERT_REJECTED', 'was refused'],
  ['INVALID_CA', 'is signed by what is no authority'],
  ['INVALID_PURPOSE', 'is not for servers'],
]);

function namesOf(certificate: PeerCertificate | undefined): string {
  const others = (certificate?.subjectaltname ?? '').split(', ').map((name) => name.replace(/^[\w ]+:/, ''));
  const common = String(certificate?.subject.CN ?? '');
  const names = others.some((name) => name !== '') ? others : common === '' ? [] : [common];
  return names.length === 0 ? 'nobody' : names.slice(0, 3).map(plain).join(', ');
}

/** As much of a name as a line of the log can bear. */
function plain(name: string): string {
  return name.slice(0, 60).replaceAll(/[^\w.*:@-]/g, '?');
}
