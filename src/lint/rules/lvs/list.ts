import type { Rule } from '../../rule.ts';
import { allWeightsZero } from './all-weights-zero.ts';
import { alphaWithoutCheck } from './alpha-without-check.ts';
import { bindAddressMissing } from './bind-address-missing.ts';
import { bindToVirtualAddress } from './bind-to-virtual-address.ts';
import { checkGoesElsewhere } from './check-goes-elsewhere.ts';
import { checkPortMismatch } from './check-port-mismatch.ts';
import { checkWithoutPort } from './check-without-port.ts';
import { destinationScheduler } from './destination-scheduler.ts';
import { digestOfEmpty } from './digest-of-empty.ts';
import { digestWithoutBody } from './digest-without-body.ts';
import { directorsAreServers } from './directors-are-servers.ts';
import { dnsCheckOfRoot } from './dns-check-of-root.ts';
import { dnsOneProtocol } from './dns-one-protocol.ts';
import { duplicateUrl } from './duplicate-url.ts';
import { expireNodest } from './expire-nodest.ts';
import { expireQuiescentTemplate } from './expire-quiescent-template.ts';
import { failoverWeights } from './failover-weights.ts';
import { forwardingOff } from './forwarding-off.ts';
import { ftpDataConnections } from './ftp-data-connections.ts';
import { granularityNotAMask } from './granularity-not-a-mask.ts';
import { groupOfOtherFamily } from './group-of-other-family.ts';
import { hashWithoutFallback } from './hash-without-fallback.ts';
import { manyServices } from './many-services.ts';
import { natInOneNetwork } from './nat-in-one-network.ts';
import { natToLoopback } from './nat-to-loopback.ts';
import { omegaWithoutReaction } from './omega-without-reaction.ts';
import { onlyPinged } from './only-pinged.ts';
import { overflowWeight } from './overflow-weight.ts';
import { overlappingServices } from './overlapping-services.ts';
import { pathNotAbsolute } from './path-not-absolute.ts';
import { persistenceTooLong } from './persistence-too-long.ts';
import { persistenceWithHash } from './persistence-with-hash.ts';
import { quorumNeedsAll } from './quorum-needs-all.ts';
import { realServerIsService } from './real-server-is-service.ts';
import { retryWithoutDelay } from './retry-without-delay.ts';
import { sameCheckForAll } from './same-check-for-all.ts';
import { sampleServices } from './sample-services.ts';
import { serverOffLink } from './server-off-link.ts';
import { serverWithoutCheck } from './server-without-check.ts';
import { serviceWithoutAddress } from './service-without-address.ts';
import { slowCheck } from './slow-check.ts';
import { sorryServerIsRealServer } from './sorry-server-is-real-server.ts';
import { sslWithoutSni } from './ssl-without-sni.ts';
import { syncDaemonInstance } from './sync-daemon-instance.ts';
import { syncPersistMode } from './sync-persist-mode.ts';
import { syncThreshold } from './sync-threshold.ts';
import { syncVersion } from './sync-version.ts';
import { thresholdOrder } from './threshold-order.ts';
import { twoRetries } from './two-retries.ts';
import { udpCheckTooShort } from './udp-check-too-short.ts';
import { udpCheckedByTcp } from './udp-checked-by-tcp.ts';
import { unusableServer } from './unusable-server.ts';
import { virtualhostNotAHost } from './virtualhost-not-a-host.ts';
import { virtualhostWithoutUse } from './virtualhost-without-use.ts';
import { weightsIgnored } from './weights-ignored.ts';

/** Mistakes in virtual servers, real servers and their checks. */
export const lvsRules: readonly Rule[] = [
  allWeightsZero,
  alphaWithoutCheck,
  bindAddressMissing,
  bindToVirtualAddress,
  checkGoesElsewhere,
  checkPortMismatch,
  checkWithoutPort,
  destinationScheduler,
  digestOfEmpty,
  digestWithoutBody,
  directorsAreServers,
  dnsCheckOfRoot,
  dnsOneProtocol,
  duplicateUrl,
  expireNodest,
  expireQuiescentTemplate,
  failoverWeights,
  forwardingOff,
  ftpDataConnections,
  granularityNotAMask,
  groupOfOtherFamily,
  hashWithoutFallback,
  manyServices,
  natInOneNetwork,
  natToLoopback,
  omegaWithoutReaction,
  onlyPinged,
  overflowWeight,
  overlappingServices,
  pathNotAbsolute,
  persistenceTooLong,
  persistenceWithHash,
  quorumNeedsAll,
  realServerIsService,
  retryWithoutDelay,
  sameCheckForAll,
  sampleServices,
  serverOffLink,
  serverWithoutCheck,
  serviceWithoutAddress,
  slowCheck,
  sorryServerIsRealServer,
  sslWithoutSni,
  syncDaemonInstance,
  syncPersistMode,
  syncThreshold,
  syncVersion,
  thresholdOrder,
  twoRetries,
  udpCheckTooShort,
  udpCheckedByTcp,
  unusableServer,
  virtualhostNotAHost,
  virtualhostWithoutUse,
  weightsIgnored,
];
