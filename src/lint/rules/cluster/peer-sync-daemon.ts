import type { SourceSpan } from '../../../core/index.ts';
import { spanOf, type Director } from '../../director.ts';
import type { PeerRule } from '../../rule.ts';

/** The kernel's own. */
const defaults: ReadonlyMap<string, string> = new Map([
  ['id', "of the instance's virtual_router_id"],
  ['group', '224.0.0.81'],
  ['port', '8848'],
]);

/** A sync daemon drops what comes with another id, and hears its own group and port only. */
export const peerSyncDaemon: PeerRule = {
  id: 'peer-sync-daemon',
  severity: 'warning',
  title: 'connections are not synchronised between the directors',
  *compare(director, peer) {
    const [mine, theirs] = [daemonOf(director), daemonOf(peer)];
    if (mine !== undefined && theirs !== undefined) {
      const differing = [...defaults.keys()].find((name) => mine.words.get(name) !== theirs.words.get(name));
      if (differing === undefined) return;
      yield {
        at: mine.span,
        message: `lvs_sync_daemon has ${differing} ${mine.words.get(differing) ?? ''}, on the other director ${theirs.words.get(differing) ?? ''}: neither takes the other's connections`,
        hint: `give the same ${differing} on both`,
        related: [{ span: theirs.span, message: 'the other director' }],
        severity: 'error',
      };
      return;
    }
    const only = mine ?? theirs;
    if (only === undefined) return;
    yield {
      at: only.span,
      message: `lvs_sync_daemon is on ${mine === undefined ? 'the other' : 'this'} director only: the one that takes over knows none of the connections`,
      hint: 'give it on both',
    };
  },
};

interface SyncDaemon {
  readonly span: SourceSpan;
  readonly words: ReadonlyMap<string, string>;
}

/** `lvs_sync_daemon INTERFACE [INSTANCE] [id N] [maxlen N] [port N] [ttl N] [group ADDRESS]` */
function daemonOf(director: Director): SyncDaemon | undefined {
  const line = director.linesOf('global_defs', 'lvs_sync_daemon').at(-1)?.statement;
  if (line === undefined) return undefined;
  const words = line.args.map(({ text }) => text);
  const value = (name: string): string | undefined =>
    words.includes(name) ? words[words.indexOf(name) + 1] : undefined;
  return {
    span: spanOf(line),
    words: new Map([...defaults].map(([name, usual]) => [name, value(name) ?? usual])),
  };
}
