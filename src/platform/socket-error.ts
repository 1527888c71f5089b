/** What went wrong with a socket: `what` names the object ("vrrp receiver on eth0"), `errno` is a name such as ENODEV. */
export interface SocketError {
  readonly what: string;
  readonly operation: string;
  readonly errno: string;
  readonly text: string;
}

const advice: Readonly<Record<string, string>> = {
  EPERM: 'the capability CAP_NET_RAW is needed',
  ENODEV: 'the interface does not exist any more',
  ENETDOWN: 'the interface is down',
  ENETUNREACH: 'there is no route to the destination',
  EADDRNOTAVAIL: 'the source address is not (yet) usable on the interface',
  ENOBUFS: 'the transmit queue is full',
};

export function socketError(what: string, operation: string, errno: string): SocketError {
  const why = advice[errno];
  return { what, operation, errno, text: `${what}: ${operation}: ${errno}${why === undefined ? '' : ` (${why})`}` };
}
