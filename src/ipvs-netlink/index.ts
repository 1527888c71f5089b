export { IpvsClient, type IpvsInfo, type IpvsTimeouts, type IpvsTableEntryInUse } from './client.ts';
