import { openPing, openUdp } from './datagram-socket.ts';
import { connectTcp } from './tcp-connection.ts';

/** The sockets that can be bound as keepalived.conf says: what checks go over. */
export const endSockets = { connectTcp, openUdp, openPing } as const;
