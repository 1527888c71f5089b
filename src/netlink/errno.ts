/** Names of the errors that netlink answers carry (asm-generic/errno-base.h, errno.h). */
const names: ReadonlyMap<number, string> = new Map([
  [1, 'EPERM'],
  [2, 'ENOENT'],
  [3, 'ESRCH'],
  [4, 'EINTR'],
  [5, 'EIO'],
  [6, 'ENXIO'],
  [7, 'E2BIG'],
  [9, 'EBADF'],
  [11, 'EAGAIN'],
  [12, 'ENOMEM'],
  [13, 'EACCES'],
  [14, 'EFAULT'],
  [16, 'EBUSY'],
  [17, 'EEXIST'],
  [19, 'ENODEV'],
  [20, 'ENOTDIR'],
  [22, 'EINVAL'],
  [28, 'ENOSPC'],
  [33, 'EDOM'],
  [34, 'ERANGE'],
  [42, 'ENOMSG'],
  [71, 'EPROTO'],
  [75, 'EOVERFLOW'],
  [90, 'EMSGSIZE'],
  [92, 'ENOPROTOOPT'],
  [93, 'EPROTONOSUPPORT'],
  [95, 'EOPNOTSUPP'],
  [97, 'EAFNOSUPPORT'],
  [98, 'EADDRINUSE'],
  [99, 'EADDRNOTAVAIL'],
  [100, 'ENETDOWN'],
  [101, 'ENETUNREACH'],
  [105, 'ENOBUFS'],
  [110, 'ETIMEDOUT'],
  [114, 'EALREADY'],
  [115, 'EINPROGRESS'],
]);

/** `EEXIST` for 17; `errno 4711` for one that is not in the table. */
export function errnoName(errno: number): string {
  return names.get(errno) ?? `errno ${String(errno)}`;
}
