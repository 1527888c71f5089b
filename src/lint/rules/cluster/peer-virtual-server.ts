import type { PeerRule } from '../../rule.ts';
import { differencesOf, nameOf, servicesOf } from './services.ts';
import { listed } from './words.ts';

/** After a takeover the service is another one, or there is none. */
export const peerVirtualServer: PeerRule = {
  id: 'peer-virtual-server',
  severity: 'warning',
  title: 'two directors serve differently',
  *compare(director, peer) {
    const [here, there] = [servicesOf(director.config), servicesOf(peer.config)];
    // A director that serves nothing is one of VRRP only.
    if (here.size === 0 || there.size === 0) return;
    for (const [name, mine] of here) {
      const theirs = there.get(name);
      const at = director.header(mine);
      if (theirs === undefined) {
        yield {
          at,
          message: `the other director has no virtual_server ${name}`,
          hint: 'it is gone while that one is MASTER: define it there too',
        };
        continue;
      }
      const differences = differencesOf(mine, theirs);
      if (differences.length === 0) continue;
      yield {
        at,
        message: `virtual_server ${name} differs from the other director's: ${listed(differences)}`,
        hint: 'clients get another service after a takeover: give both the same',
        related: [{ span: peer.header(theirs), message: `virtual_server ${nameOf(theirs)} of the other director` }],
      };
    }
    for (const [name, theirs] of there) {
      if (here.has(name)) continue;
      yield {
        at: peer.header(theirs),
        message: `only the other director has virtual_server ${name}`,
        hint: 'it is gone while this one is MASTER: define it here too',
      };
    }
  },
};
