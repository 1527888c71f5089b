import { hostname } from 'node:os';
import type { Config, VrrpConfig } from '../config/index.ts';
import { lvsAlert, Mailer, mailSettings, Notifier, smtpDelivery, vrrpAlert, type VrrpNotice } from '../notify/index.ts';
import { makeFifo, monotonicMs, readSecret, wallClockMs } from '../platform/index.ts';
import type { DaemonOptions } from './daemon-options.ts';
import type { FromCheckers, FromVrrp, Log } from './messages.ts';
import { notifyRunner } from './script-runner.ts';
import { allFifos } from './settings.ts';

/** Something that people are told of. */
export type News =
  Extract<FromVrrp, { type: 'notify-vrrp' }> | Extract<FromCheckers, { type: 'notify-lvs' | 'mail-lvs' }>;

/** Tells people what happened: by notify scripts, FIFOs and mail. */
export class Announcer {
  readonly #config: () => Config;
  readonly #options: DaemonOptions;
  readonly #notifier: Notifier;
  readonly #mailer: Mailer;

  /** Readers of FIFOs come with `renew`: after the startup script. */
  constructor(log: Log, options: DaemonOptions, vrrp: VrrpConfig, config: () => Config) {
    this.#config = config;
    this.#options = options;
    this.#mailer = new Mailer({ deliver: smtpDelivery(readSecret), log, wallClockMs }, undefined);
    const runner = notifyRunner(() => config().global);
    this.#notifier = new Notifier({ runner, makeFifo, log, nowMs: monotonicMs }, { vrrp, fifos: [] });
  }

  /** Goes by the configuration as it is now. */
  renew(): void {
    const config = this.#config();
    this.#mailer.configure(mailSettings(config.global, hostname()));
    this.#notifier.reload({ vrrp: config.vrrp, fifos: allFifos(config, this.#options) });
  }

  tell(news: News): void {
    switch (news.type) {
      case 'notify-vrrp': {
        const { object, name, state, priority, fifoOnly } = news;
        const notice = { object, name, state, priority };
        this.#notifier.notify({ ...notice, ...(fifoOnly === undefined ? {} : { fifoOnly }) });
        if (fifoOnly !== true) this.#mailVrrp(notice);
        break;
      }
      case 'notify-lvs': {
        const { object, virtualServer, realServer, state, script } = news;
        const [server, command] = [
          realServer === undefined ? {} : { realServer },
          script === undefined ? {} : { script },
        ];
        this.#notifier.notify({ object, virtualServer, state, ...server, ...command });
        break;
      }
      case 'mail-lvs':
        this.#mailer.send(lvsAlert(news.alert, this.#config().global.routerId));
        break;
    }
  }

  /** Scripts and mails have so long to end. */
  async close(waitMs: number): Promise<void> {
    await Promise.all([this.#notifier.close(waitMs), this.#mailer.close(waitMs)]);
  }

  #mailVrrp(notice: VrrpNotice): void {
    const { vrrp, global } = this.#config();
    const objects = notice.object === 'GROUP' ? vrrp.syncGroups : vrrp.instances;
    if (objects.find(({ name }) => name === notice.name)?.smtpAlert !== true) return;
    const alert = vrrpAlert(notice, global);
    if (alert !== undefined) this.#mailer.send(alert);
  }
}
