import type { NotifyScripts, ScriptCommand, VrrpConfig } from '../config/index.ts';

/** What happened, in the words that scripts and FIFO readers know. */

export interface VrrpNotice {
  readonly object: 'INSTANCE' | 'GROUP';
  readonly name: string;
  readonly state:
    'MASTER' | 'BACKUP' | 'FAULT' | 'STOP' | 'DELETED' | 'MASTER_RX_LOWER_PRI' | 'MASTER_PRIORITY' | 'BACKUP_PRIORITY';
  /** The effective priority; 0 for groups. */
  readonly priority: number;
  /** No script runs: nothing has changed. */
  readonly fifoOnly?: true;
}

export interface LvsNotice {
  readonly object: 'VS' | 'RS';
  readonly virtualServer: string;
  /** Of an RS event. */
  readonly realServer?: string;
  readonly state: 'UP' | 'DOWN';
  readonly script?: ScriptCommand;
}

export type Notice = VrrpNotice | LvsNotice;

export function isVrrpNotice(notice: Notice): notice is VrrpNotice {
  return notice.object === 'INSTANCE' || notice.object === 'GROUP';
}

/** Events with the same key are delivered one after the other. */
export function objectKey(notice: Notice): string {
  if (isVrrpNotice(notice)) return `${notice.object} ${notice.name}`;
  return notice.realServer === undefined
    ? `VS ${notice.virtualServer}`
    : `RS ${notice.realServer} of VS ${notice.virtualServer}`;
}

/** The line for a FIFO, with its newline (keepalived.conf(5), vrrp_notify_fifo and lvs_notify_fifo). */
export function fifoLine(notice: Notice): string {
  if (isVrrpNotice(notice)) {
    return `${notice.object} "${notice.name}" ${notice.state} ${String(notice.priority)}\n`;
  }
  const { object, realServer, virtualServer, state } = notice;
  return realServer === undefined
    ? `${object} ${virtualServer} ${state}\n`
    : `${object} ${realServer} ${virtualServer} ${state}\n`;
}

const ownScript = {
  MASTER: 'notifyMaster',
  BACKUP: 'notifyBackup',
  FAULT: 'notifyFault',
  STOP: 'notifyStop',
  DELETED: 'notifyDeleted',
  MASTER_RX_LOWER_PRI: 'notifyMasterRxLowerPri',
} as const satisfies Partial<Record<VrrpNotice['state'], keyof NotifyScripts>>;

/**
 * The commands that an event asks for, in the order in which they are started: the state's own script as it is configured,
 * then `notify` with four more arguments. A change of priority and a lower priority master are not states: no `notify`.
 */
export function scriptsFor(notice: Notice, configs: readonly VrrpConfig[]): readonly ScriptCommand[] {
  if (!isVrrpNotice(notice)) return notice.script === undefined ? [] : [notice.script];
  const { object, name, state, priority } = notice;
  if (notice.fifoOnly === true || state === 'MASTER_PRIORITY' || state === 'BACKUP_PRIORITY') return [];
  const scripts = scriptsOf(object, name, configs);
  if (scripts === undefined) return [];
  const own = scripts[ownScript[state]];
  const commands = own === undefined ? [] : [own];
  const { notify } = scripts;
  if (notify === undefined || state === 'MASTER_RX_LOWER_PRI') return commands;
  return [...commands, { ...notify, argv: [...notify.argv, object, name, state, String(priority)] }];
}

function scriptsOf(
  object: VrrpNotice['object'],
  name: string,
  configs: readonly VrrpConfig[],
): NotifyScripts | undefined {
  for (const { instances, syncGroups } of configs) {
    const found = (object === 'GROUP' ? syncGroups : instances).find((candidate) => candidate.name === name);
    if (found !== undefined) return found;
  }
  return undefined;
}
