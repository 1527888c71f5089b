import type { VrrpAuthentication } from '../model/vrrp.ts';
import { readBlock, type Findings, type Reading } from '../read.ts';

interface AuthenticationContext {
  readonly version: 2 | 3;
  readonly strict: boolean;
  readonly state: 'MASTER' | 'BACKUP';
}

/** The authentication of RFC 2338; several blocks are read as one. */
export function readAuthentication(
  findings: Findings,
  object: string,
  reading: Reading,
  { version, strict, state }: AuthenticationContext,
): VrrpAuthentication | undefined {
  const entry = reading.entry('authentication');
  if (entry === undefined) return undefined;
  const block = readBlock(
    findings,
    'vrrp_instance/authentication',
    `${object} authentication`,
    reading.lines('authentication'),
  );
  const { span } = entry.statement.keyword;
  const authPass = block.text('auth_pass');
  const authType = block.text('auth_type') ?? (authPass === undefined ? undefined : 'PASS');
  if (authType === undefined) return undefined;
  if (version === 3) {
    findings.warning(
      'auth-in-v3',
      span,
      `authentication in ${object} is ignored`,
      'VRRP version 3 has none (RFC 9568): remove the block',
    );
    return undefined;
  }
  if (strict) {
    findings.warning(
      'auth-in-strict-mode',
      span,
      `authentication in ${object} is ignored`,
      'strict mode follows RFC 3768 and 9568, which have none: remove the block, or vrrp_strict',
    );
    return undefined;
  }
  if (authType === 'AH') {
    if (state === 'MASTER')
      findings.warning(
        'auth-ah-master',
        span,
        `'state MASTER' does not go with auth_type AH in ${object}`,
        "write 'state BACKUP'",
      );
  }
  const at = block.entry('auth_pass')?.statement.args[0]?.span ?? span;
  if (authPass === undefined || authPass === '') {
    findings.error(
      'missing-keyword',
      span,
      `authentication in ${object} has no auth_pass`,
      "add 'auth_pass TEXT', at most 8 characters",
    );
    return undefined;
  }
  if (authPass.length > 8)
    findings.warning(
      'auth-pass-too-long',
      at,
      `auth_pass in ${object} is longer than 8 characters`,
      'only the first 8 are used',
    );
  return { authType: authType === 'AH' ? 'AH' : 'PASS', authPass: authPass.slice(0, 8) };
}
