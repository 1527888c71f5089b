import { createRequire } from 'node:module';

/**
 * Loads a package with native parts where it is first used: each costs about 10 ms, which programs that open no sockets
 * need not pay. In a bundle, which is CommonJS, the build replaces import.meta.url.
 */
export const requireLazily: (name: 'koffi' | 'netlink/dist/raw.js') => unknown = createRequire(import.meta.url);
