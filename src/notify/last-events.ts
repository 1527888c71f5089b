import { fifoLine, isVrrpNotice, objectKey, type Notice } from './event.ts';

/** Objects of which the last event is kept. */
const most = 100_000;

/** The state that each object last told, for readers that come later. */
export class LastEvents {
  readonly #lines = new Map<string, { readonly vrrp: boolean; readonly line: string }>();

  take(notice: Notice): void {
    const key = objectKey(notice);
    const vrrp = isVrrpNotice(notice);
    if (vrrp && !['MASTER', 'BACKUP', 'FAULT', 'STOP', 'DELETED'].includes(notice.state)) return;
    // What is told last comes last.
    this.#lines.delete(key);
    if (notice.state === 'DELETED') return;
    this.#lines.set(key, { vrrp, line: fifoLine(notice) });
    const [oldest] = this.#lines.keys();
    if (this.#lines.size > most && oldest !== undefined) this.#lines.delete(oldest);
  }

  /** Forgets the objects of VRRP but for these. */
  keepVrrp(keys: ReadonlySet<string>): void {
    for (const [key, { vrrp }] of this.#lines) if (vrrp && !keys.has(key)) this.#lines.delete(key);
  }

  lines(kind: 'vrrp' | 'lvs'): readonly string[] {
    return [...this.#lines.values()].filter(({ vrrp }) => vrrp === (kind === 'vrrp')).map(({ line }) => line);
  }
}
