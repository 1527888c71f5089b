import type { ChangeRule, PeerRule } from '../../rule.ts';
import { addressMoved } from './address-moved.ts';
import { peerPriority } from './peer-priority.ts';

/** Mistakes that show beside another director's configuration. */
export const peerRules: readonly PeerRule[] = [peerPriority];

/** What a change does that a person should know before the reload. */
export const changeRules: readonly ChangeRule[] = [addressMoved];
