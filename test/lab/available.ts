import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ipvsKind, projectRoot, type LabKind } from './machine.ts';

/** Why a lab cannot be opened here; undefined: it can. Tests skip with this reason. */
export function whyNoLab(kind: LabKind | 'with IPVS'): string | undefined {
  const guest = kind === 'guest' || (kind === 'with IPVS' && ipvsKind() === 'guest');
  if (process.getuid?.() !== 0) return 'it takes root to make network namespaces';
  if (!existsSync(join(projectRoot, 'dist', 'bin', 'watchkeeper.cjs')))
    return "the daemon is not built: 'npm run build'";
  const forIpvs = kind === 'namespaces' ? [] : ['ipvsadm', 'openssl', 'genhash'];
  const programs = ['ip', 'unshare', 'setpriv', 'keepalived', ...forIpvs, ...(guest ? ['linux.uml'] : [])];
  const missing = programs.filter(
    (program) => spawnSync('sh', ['-c', `PATH=$PATH:/usr/sbin:/sbin command -v ${program}`]).status !== 0,
  );
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`;
  const made = spawnSync('unshare', ['--mount', '--net', '--pid', '--fork', 'true'], { encoding: 'utf8' });
  return made.status === 0 ? undefined : `namespaces cannot be made: ${made.stderr.trim()}`;
}
