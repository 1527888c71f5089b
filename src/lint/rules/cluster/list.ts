import type { ChangeRule, PeerRule } from '../../rule.ts';
import { addressMoved } from './address-moved.ts';
import { addressesChanged } from './addresses-changed.ts';
import { advertsChanged } from './adverts-changed.ts';
import { groupMemberAdded } from './group-member-added.ts';
import { instanceRecreated } from './instance-recreated.ts';
import { instanceRemoved } from './instance-removed.ts';
import { peerAddresses } from './peer-addresses.ts';
import { peerAdvertInterval } from './peer-advert-interval.ts';
import { peerAuthentication } from './peer-authentication.ts';
import { peerChecksum } from './peer-checksum.ts';
import { peerDownTimer } from './peer-down-timer.ts';
import { peerGroupPriorities } from './peer-group-priorities.ts';
import { peerInstanceMissing } from './peer-instance-missing.ts';
import { peerNopreempt } from './peer-nopreempt.ts';
import { peerPriority } from './peer-priority.ts';
import { peerRouterId } from './peer-router-id.ts';
import { peerState } from './peer-state.ts';
import { peerRoutes } from './peer-routes.ts';
import { peerSyncDaemon } from './peer-sync-daemon.ts';
import { peerSyncGroup } from './peer-sync-group.ts';
import { peerTracking } from './peer-tracking.ts';
import { peerUnicast } from './peer-unicast.ts';
import { peerVersion } from './peer-version.ts';
import { peerVirtualServer } from './peer-virtual-server.ts';
import { peerVrid } from './peer-vrid.ts';
import { peerWeightGap } from './peer-weight-gap.ts';
import { restartNeeded } from './restart-needed.ts';

/** Mistakes that show beside another director's configuration. */
export const peerRules: readonly PeerRule[] = [
  peerAddresses,
  peerAdvertInterval,
  peerAuthentication,
  peerChecksum,
  peerDownTimer,
  peerGroupPriorities,
  peerInstanceMissing,
  peerNopreempt,
  peerPriority,
  peerRouterId,
  peerRoutes,
  peerState,
  peerSyncDaemon,
  peerSyncGroup,
  peerTracking,
  peerUnicast,
  peerVersion,
  peerVirtualServer,
  peerVrid,
  peerWeightGap,
];

/** What a change does that a person should know before the reload. */
export const changeRules: readonly ChangeRule[] = [
  addressMoved,
  addressesChanged,
  advertsChanged,
  groupMemberAdded,
  instanceRecreated,
  instanceRemoved,
  restartNeeded,
];
