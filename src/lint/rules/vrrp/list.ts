import type { Rule } from '../../rule.ts';
import { addressOffSubnet } from './address-off-subnet.ts';
import { broadcastOutsideNetwork } from './broadcast-outside-network.ts';
import { cleartextPassword } from './cleartext-password.ts';
import { debounceTooLong } from './debounce-too-long.ts';
import { duplicateAddress } from './duplicate-address.ts';
import { duplicateUnicastPeer } from './duplicate-unicast-peer.ts';
import { groupDiffers } from './group-differs.ts';
import { groupIncomplete } from './group-incomplete.ts';
import { missingPriority } from './missing-priority.ts';
import { natWithoutGroup } from './nat-without-group.ts';
import { noGarpAfterSplit } from './no-garp-after-split.ts';
import { notifyTwice } from './notify-twice.ts';
import { ownAddress } from './own-address.ts';
import { sourceMissing } from './source-missing.ts';
import { strictBlocksAddress } from './strict-blocks-address.ts';
import { strictFirstAddress } from './strict-first-address.ts';
import { tooManyAddresses } from './too-many-addresses.ts';
import { unicastAddressIsVirtual } from './unicast-address-is-virtual.ts';
import { unicastPeerIsSelf } from './unicast-peer-is-self.ts';
import { unicastSourceUnchecked } from './unicast-source-unchecked.ts';
import { unusableAddress } from './unusable-address.ts';
import { weightBeyondBounds } from './weight-beyond-bounds.ts';
import { weightWithNopreempt } from './weight-with-nopreempt.ts';

/** Mistakes in VRRP instances, sync groups and what they track. */
export const vrrpRules: readonly Rule[] = [
  addressOffSubnet,
  broadcastOutsideNetwork,
  cleartextPassword,
  debounceTooLong,
  duplicateAddress,
  duplicateUnicastPeer,
  groupDiffers,
  groupIncomplete,
  missingPriority,
  natWithoutGroup,
  noGarpAfterSplit,
  notifyTwice,
  ownAddress,
  sourceMissing,
  strictBlocksAddress,
  strictFirstAddress,
  tooManyAddresses,
  unicastAddressIsVirtual,
  unicastPeerIsSelf,
  unicastSourceUnchecked,
  unusableAddress,
  weightBeyondBounds,
  weightWithNopreempt,
];
