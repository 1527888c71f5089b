export { type Result, ok, err } from './result.ts';
export {
  type SourceSpan,
  type Severity,
  type Diagnostic,
  formatDiagnostic,
  printable,
  shortened,
} from './diagnostic.ts';
export {
  type IpAddress,
  type IpFamily,
  parseIp,
  ipFamily,
  ipToBytes,
  ipFromBytes,
  isLinkLocal,
  compareIp,
} from './ip-address.ts';
export { ByteReader, TruncatedError } from './byte-reader.ts';
export { ByteWriter } from './byte-writer.ts';
export { internetChecksum } from './internet-checksum.ts';
export { keyFamily } from './ipvs.ts';
export type {
  IpvsProtocol,
  IpvsServiceKey,
  IpvsService,
  IpvsForwarding,
  IpvsTunnel,
  IpvsDestination,
  IpvsTableEntry,
  IpvsOperation,
  IpvsSyncDaemon,
  IpvsSyncOperation,
} from './ipvs.ts';
