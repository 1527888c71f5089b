import type { Rule } from '../../rule.ts';
import { checksOf, nameOfServer } from './objects.ts';

/** Without SNI a server that has several certificates does not know at the handshake which site is meant. */
export const sslWithoutSni: Rule = {
  id: 'ssl-without-sni',
  severity: 'info',
  title: 'a TLS check that does not name the site in the handshake',
  *check(director) {
    for (const { server, check } of checksOf(director)) {
      if (check.type !== 'SSL_GET' || check.enableSni) continue;
      const url = check.urls.find(({ virtualhost, sniName }) => virtualhost !== undefined && sniName === undefined);
      const name =
        url?.virtualhost ?? (check.urls.some(({ sniName }) => sniName !== undefined) ? undefined : check.virtualhost);
      if (name === undefined) continue;
      yield {
        at: director.header(check),
        message: `SSL_GET of ${nameOfServer(server)} asks for ${name}, but does not send this name in the TLS handshake`,
        hint: "add 'enable_sni': servers with several sites refuse the request else, or answer for the first site",
      };
    }
  },
};
