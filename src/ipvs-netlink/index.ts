export { IpvsClient, type IpvsInfo, type IpvsTimeouts, type IpvsTableEntryInUse } from './client.ts';
export type { SyncDaemon } from './sync-daemon.ts';
