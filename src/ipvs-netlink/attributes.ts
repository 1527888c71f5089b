/** The IP_VS generic-netlink family (linux/ip_vs.h). */

export const familyName = 'IPVS';
export const familyVersion = 1;

export const command = {
  newService: 1,
  setService: 2,
  delService: 3,
  getService: 4,
  newDest: 5,
  setDest: 6,
  delDest: 7,
  getDest: 8,
  newDaemon: 9,
  delDaemon: 10,
  getDaemon: 11,
  setConfig: 12,
  getConfig: 13,
  getInfo: 15,
  zero: 16,
  flush: 17,
} as const;

export const commandAttribute = {
  service: 1,
  dest: 2,
  daemon: 3,
  timeoutTcp: 4,
  timeoutTcpFin: 5,
  timeoutUdp: 6,
} as const;

export const serviceAttribute = {
  addressFamily: 1,
  protocol: 2,
  address: 3,
  port: 4,
  fwmark: 5,
  schedName: 6,
  flags: 7,
  timeout: 8,
  netmask: 9,
  peName: 11,
} as const;

export const destAttribute = {
  address: 1,
  port: 2,
  fwdMethod: 3,
  weight: 4,
  upperThreshold: 5,
  lowerThreshold: 6,
  activeConns: 7,
  inactConns: 8,
  persistConns: 9,
  addressFamily: 11,
  tunType: 13,
  tunPort: 14,
  tunFlags: 15,
} as const;

export const daemonAttribute = {
  state: 1,
  mcastIfn: 2,
  syncId: 3,
  syncMaxlen: 4,
  mcastGroup: 5,
  mcastGroup6: 6,
  mcastPort: 7,
  mcastTtl: 8,
} as const;

export const infoAttribute = { version: 1, connTabSize: 2 } as const;

/** IP_VS_SVC_F_*. HASHED is the kernel's own mark. */
export const serviceFlag = { persistent: 1, hashed: 2, onePacket: 4, sched1: 8, sched2: 16, sched3: 32 } as const;

export const addressFamily = { inet: 2, inet6: 10 } as const;
