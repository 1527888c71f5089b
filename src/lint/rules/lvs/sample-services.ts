import type { VirtualServer } from '../../../config/index.ts';
import { spanOf } from '../../director.ts';
import type { Rule } from '../../rule.ts';
import { checksOf, nameOfServer, nameOfService } from './objects.ts';

/** What the keepalived.conf that packages install holds as an example. */
const services: ReadonlySet<string> = new Set(['192.168.200.100 443', '10.10.10.2 1358', '10.10.10.3 1358']);
const sampleDigests: ReadonlySet<string> = new Set([
  '640205b7b0fc66c1ea91c463fac6334d',
  '640205b7b0fc66c1ea91c463fac6334c',
  'ff20ad2481f97b1754ef3e12ecd3a9cc',
  '9b3a0c85a887a256d6939da88aabd8cd',
]);

export const sampleServices: Rule = {
  id: 'sample-services',
  severity: 'warning',
  title: 'services or digests of the sample configuration',
  *check(director) {
    const samples = new Set<object>();
    for (const service of director.config.lvs.virtualServers) {
      if (!isSampleService(service)) continue;
      samples.add(service);
      yield {
        at: director.header(service),
        message: `${nameOfService(service)} is from the sample configuration that keepalived installs`,
        hint: 'remove the block',
      };
    }
    for (const { service, server, check } of checksOf(director)) {
      if (samples.has(service) || (check.type !== 'HTTP_GET' && check.type !== 'SSL_GET')) continue;
      for (const url of check.urls) {
        const line = director.line(url, 'digest');
        if (url.digest === undefined || line === undefined || !sampleDigests.has(url.digest)) continue;
        yield {
          at: spanOf(line),
          message: `the digest of '${url.path}' of ${nameOfServer(server)} is that of keepalived's sample configuration`,
          hint: "compute your own page's: 'genhash -s ADDRESS -p PORT -u PATH'",
        };
      }
    }
  },
};

/** Whether a service is one of those in the sample. */
export function isSampleService({ key }: VirtualServer): boolean {
  return key.kind === 'address' && services.has(`${key.address} ${String(key.port)}`);
}
