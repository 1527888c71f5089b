import { defined } from '../defined.ts';
import type { GlobalDefs, NotifyFifo } from '../model/global-defs.ts';
import type { Reading } from '../read.ts';

/** Of each the first line counts. */
export function readFifos(reading: Reading): Pick<GlobalDefs, 'notifyFifo' | 'vrrpNotifyFifo' | 'lvsNotifyFifo'> {
  return defined({
    notifyFifo: fifo(reading, 'notify_fifo'),
    vrrpNotifyFifo: fifo(reading, 'vrrp_notify_fifo'),
    lvsNotifyFifo: fifo(reading, 'lvs_notify_fifo'),
  });
}

function fifo(reading: Reading, keyword: string): NotifyFifo | undefined {
  const [path, user, group] = reading.first(keyword)?.statement.args.map(({ text }) => text) ?? [];
  const script = reading.firstCommand(`${keyword}_script`);
  return path === undefined ? undefined : { path, ...defined({ user, group, script }) };
}
