import { createRequire } from 'node:module';
import type Tls from 'node:tls';

const require = createRequire(import.meta.url);

/** TLS is loaded only by configurations that use it: it takes 20 ms and some memory. In a bundle the build replaces import.meta.url. */
export function requireTls(): typeof Tls {
  return require('node:tls') as typeof Tls;
}
