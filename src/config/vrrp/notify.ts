import { defined } from '../defined.ts';
import type { NotifyScripts } from '../model/values.ts';
import type { Reading } from '../read.ts';

/** Of a script that is given twice the first counts, as the reference has it. */
export function notifyScripts(reading: Reading): NotifyScripts {
  return defined({
    notify: reading.firstCommand('notify'),
    notifyMaster: reading.firstCommand('notify_master'),
    notifyBackup: reading.firstCommand('notify_backup'),
    notifyFault: reading.firstCommand('notify_fault'),
    notifyStop: reading.firstCommand('notify_stop'),
    notifyDeleted: reading.firstCommand('notify_deleted'),
    notifyMasterRxLowerPri: reading.firstCommand('notify_master_rx_lower_pri'),
  });
}
