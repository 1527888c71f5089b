export { IpvsClient, type IpvsInfo, type IpvsTimeouts, type IpvsTableEntryInUse, type SyncDaemon } from './client.ts';
export { serviceText, destinationText } from './text.ts';
export { serviceFlag } from './attributes.ts';
