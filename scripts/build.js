// Builds dist/: the library (one file per module, with types) and one bundle per program, since a director starts three
// processes and reading one file is much cheaper than reading hundreds.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
const tsc = spawnSync('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' });
if (tsc.status !== 0) process.exit(tsc.status ?? 1);

await build({
  entryPoints: {
    watchkeeper: 'src/cli/main.ts',
    genhash: 'src/cli/genhash-main.ts',
    vrrp: 'src/daemon/vrrp-main.ts',
    checkers: 'src/daemon/checkers-main.ts',
  },
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
  legalComments: 'none',
  logLevel: 'warning',
});
