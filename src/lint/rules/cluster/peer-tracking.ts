import type { VrrpInstance, VrrpSyncGroup } from '../../../config/index.ts';
import { pairsOf } from '../../peers.ts';
import type { Director } from '../../director.ts';
import type { PeerRule } from '../../rule.ts';
import { listed, without } from './words.ts';

/** One director that does not look at something takes over when that fails, and stays MASTER. */
export const peerTracking: PeerRule = {
  id: 'peer-tracking',
  severity: 'info',
  title: 'two directors track different scripts',
  *compare(director, peer) {
    const [here, there] = [trackedBy(director), trackedBy(peer)];
    for (const { mine, theirs } of pairsOf(director, peer)) {
      const [own, other] = [here(mine), there(theirs)];
      const [onlyHere, onlyThere] = [without(own, other), without(other, own)];
      if (onlyHere.length + onlyThere.length === 0) continue;
      yield {
        at: director.at(mine, 'track_script'),
        message: `vrrp_instance ${mine.name} tracks ${onlyHere.length > 0 ? `${listed(onlyHere)}, which the other director does not` : `not ${listed(onlyThere)}, as the other director does`}`,
        hint: 'track the same on both: otherwise one stays MASTER where the other would give up',
        related: [
          { span: peer.at(theirs, 'track_script'), message: `vrrp_instance ${theirs.name} of the other director` },
        ],
      };
    }
  },
};

function trackedBy({ config }: Director): (instance: VrrpInstance) => readonly string[] {
  const groupOf = new Map<string, VrrpSyncGroup>(
    config.vrrp.syncGroups.flatMap((group) => group.group.map((name) => [name, group] as const)),
  );
  return (instance) =>
    [instance, groupOf.get(instance.name)].flatMap((one) => one?.trackScript.map(({ name }) => name) ?? []);
}
