export {
  openNetlink,
  netlinkProtocol,
  realAlarm,
  type JoinableTransport,
  type ReceiveBuffer,
} from './netlink-transport.ts';
export { monotonicMs, uptimeMs, wallClockMs, createDeadlineTimer, type DeadlineTimer } from './clock.ts';
export type { SocketError } from './socket-error.ts';
export { openVrrpReceiver, type VrrpReceiver, type VrrpReceiverOptions, type VrrpPacket } from './vrrp-receiver.ts';
export { openVrrpSender, openIcmpv6Sender, type RawSender, type RawPacket } from './raw-sender.ts';
export { openUdpReceiver, type UdpDatagram, type UdpReceiver } from './udp-receiver.ts';
export { openUdpSender, type UdpSender } from './udp-sender.ts';
export { hmac } from './hmac.ts';
export { openLinkSender, type LinkSender } from './link-frames.ts';
export { resolveAccount, type Account } from './accounts.ts';
export { runScript, type ScriptCommand, type ScriptOutcome, type RunningScript } from './scripts.ts';
export { createPidFile, type PidFile, type PidFileError } from './pid-file.ts';
export {
  enterNetworkNamespace,
  insideNetworkNamespace,
  dieWithParent,
  setProcessName,
  programName,
  showProgram,
  partTitle,
  allowCoreDumps,
  raiseOpenFiles,
  hasCapability,
  type Capability,
} from './process.ts';
export {
  daemonize,
  isBackgroundProcess,
  reportToStarter,
  type DaemonReport,
  type DaemonizeFailure,
} from './daemonize.ts';
export { onSignals, signalNumbers, type DaemonSignal } from './signals.ts';
export { openLog, type Log, type LogOptions } from './log.ts';
export type { LogLevel, LogFields } from './log-format.ts';
export {
  spawnPart,
  parentChannel,
  type PartChannel,
  type PartProcess,
  type PartExit,
  type PartOptions,
} from './ipc.ts';
export { keepYoungHeapSmall } from './memory.ts';
export { writeFileSafely } from './files.ts';
export { readSecret, type Secret } from './secret-file.ts';
export { readOwnFile } from './own-file.ts';
export { readSysctl, writeSysctl, interfaceIndex } from './sysctl.ts';
export { diskFiles } from './file-source.ts';
export { shortHostName } from './host.ts';
export { readingHere, thisHost } from './this-host.ts';
export { allProcesses, openProcessConnector, processFacts, type ProcessFacts } from './processes.ts';
export { Scheduler, type Scheduling } from './scheduling.ts';
export { watchLateness } from './late-watch.ts';
export { makeFifo } from './make-fifo.ts';
export { numberInFile } from './number-file.ts';
export { setCorePattern } from './core-pattern.ts';
export { followFile } from './follow-file.ts';
export { makeEmptyFile, makeFolder, readFirstLine, removeFile } from './small-files.ts';
export { TrackFiles, type TrackedFile } from './track-files.ts';
export { hostInterfaces, userNames, directorSysctls, type HostInterface } from './host-facts.ts';
export { programFacts, type ProgramFacts } from './program-facts.ts';
export { replaceFile } from './replace-file.ts';
export { readStandardInput } from './standard-input.ts';
export { endSockets } from './end-sockets.ts';
export { hasRegexLibrary, regexProblem, searchRegex } from './pcre2.ts';
export { iprouteNames, ipProtocolNumber, type IprouteFile } from './iproute-names.ts';
export { serviceManager, watchdogMs, monotonicMicros, type TellServiceManager } from './service-manager.ts';
