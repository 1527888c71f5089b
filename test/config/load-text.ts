import { loadConfig, type LoadedConfig, type LoadOptions } from '../../src/config/index.ts';

/** A configuration that is one text; what it does not say is as on a host with eth0, eth1, root and all programs. */
export function loadText(text: string, options: Partial<LoadOptions> = {}): LoadedConfig {
  const bytes = new TextEncoder().encode(text);
  return loadConfig({
    file: '/a.conf',
    files: {
      read: (path) =>
        path === '/a.conf'
          ? { ok: true, value: bytes }
          : { ok: false, error: { kind: 'missing', text: 'does not exist' } },
      glob: (pattern) => (pattern === '/a.conf' ? [pattern] : []),
    },
    configId: 'director1',
    hostName: 'director1',
    random: () => 0.5,
    host: {
      interfaces: new Set(['lo', 'eth0', 'eth1']),
      executable: (program) => !program.startsWith('/nowhere'),
      knownUser: (name) => name === 'root',
    },
    ...options,
  });
}

/** The findings as a user reads them, without those of keywords that are not done. */
export function told(loaded: LoadedConfig): readonly string[] {
  return loaded.diagnostics
    .filter(({ code }) => code !== 'keyword-not-done')
    .map(({ severity, message, span, hint }) =>
      [`${String(span?.line ?? 0)}:${String(span?.column ?? 0)} ${severity}: ${message}`, hint ?? []].flat().join('; '),
    );
}
