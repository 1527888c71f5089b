import { defined } from '../defined.ts';
import type { GlobalDefs } from '../model/global-defs.ts';
import { Reading, type Entry, type Findings } from '../read.ts';

/** With what the extensions in global_defs say of the mail server. */
export function withSmtpAccess(global: GlobalDefs, findings: Findings, entries: readonly Entry[]): GlobalDefs {
  if (entries.length === 0) return global;
  const reading = new Reading(findings, 'global_defs', entries);
  const login = readLogin(reading);
  const [caFile, serverName] = [reading.text('smtp_tls_ca_file'), reading.text('smtp_tls_server_name')];
  const verify = reading.setting('smtp_tls_verify');
  // To give a password, or to say whom to trust, is to ask for TLS.
  const asked = [login, caFile, serverName, verify].some((given) => given !== undefined);
  const given = (['off', 'starttls', 'on'] as const).find((tls) => tls === reading.text('smtp_tls'));
  const tls = given ?? (asked ? 'starttls' : 'off');
  return { ...global, smtpAccess: { tls, verify: verify ?? true, ...defined({ caFile, serverName, login }) } };
}

function readLogin(reading: Reading): { readonly user: string; readonly passwordFile: string } | undefined {
  const [user, passwordFile] = [reading.text('smtp_user'), reading.text('smtp_password_file')];
  if (user !== undefined && passwordFile !== undefined) return { user, passwordFile };
  const [lone] = reading.entries.filter(({ keyword }) => ['smtp_user', 'smtp_password_file'].includes(keyword.name));
  if (lone !== undefined)
    reading.findings.error(
      'bad-extension',
      lone.statement.keyword.span,
      `'${lone.keyword.name}' in global_defs has no effect alone`,
      'smtp_user and smtp_password_file belong together',
    );
  return undefined;
}
