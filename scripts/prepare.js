// npm runs this after it has installed packages here (also for a pre-commit hook, which installs the project from its repository). Without
// the development packages there is nothing to build with: a published package brings its dist/ along.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (existsSync('node_modules/esbuild') && existsSync('src')) {
  const { status } = spawnSync(process.execPath, ['scripts/build.js'], { stdio: ['ignore', 2, 2] });
  process.exit(status ?? 1);
}
