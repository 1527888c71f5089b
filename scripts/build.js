// Builds dist/: the library (one file per module, with types) and one bundle per program, since a director starts three
// processes and reading one file is much cheaper than reading hundreds.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
const tsc = spawnSync('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' });
if (tsc.status !== 0) process.exit(tsc.status ?? 1);

// The command line loads each command when it is asked for: each is a bundle of its own, so that a short answer starts fast.
const commands = [...readFileSync('src/cli/main.ts', 'utf8').matchAll(/import\('(\.[^']+)\.ts'\)/g)].map(
  ([, path]) => path,
);
const bundleOf = (path) => `cli-${path.replace(/^\.+\//, '').replace(/\/index$/, '')}`;
const commandBundles = {
  name: 'command-bundles',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ kind, path }) =>
      kind === 'dynamic-import' && commands.includes(path.replace(/\.ts$/, ''))
        ? { path: `./${bundleOf(path.replace(/\.ts$/, ''))}.cjs`, external: true }
        : undefined,
    );
  },
};

await build({
  entryPoints: {
    watchkeeper: 'src/cli/main.ts',
    genhash: 'src/cli/genhash-main.ts',
    vrrp: 'src/daemon/vrrp-main.ts',
    checkers: 'src/daemon/checkers-main.ts',
    bfd: 'src/daemon/bfd-main.ts',
    ...Object.fromEntries(commands.map((path) => [bundleOf(path), join('src/cli', `${path}.ts`)])),
  },
  plugins: [commandBundles],
  outdir: 'dist/bin',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // They find their prebuilt native parts beside their own files.
  external: ['koffi', 'netlink'],
  // CommonJS has no import.meta, by which lazily loaded packages are found.
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  define: { 'import.meta.url': 'importMetaUrl' },
  // import() would go through the loader of ES modules, which costs more than it brings.
  supported: { 'dynamic-import': false },
  legalComments: 'none',
  logLevel: 'warning',
});
