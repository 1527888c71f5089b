import type { Rule } from '../../rule.ts';
import { nameOfService } from './objects.ts';

/** omega runs at the end what would run if the servers went down: scripts, FIFO lines, mail. */
export const omegaWithoutReaction: Rule = {
  id: 'omega-without-reaction',
  severity: 'info',
  title: "'omega' where nothing is to be told at the end",
  *check(director) {
    const { global, lvs } = director.config;
    if (global.notifyFifo !== undefined || global.lvsNotifyFifo !== undefined) return;
    const mails = global.smtpServer !== undefined && global.notificationEmail.length > 0;
    for (const service of lvs.virtualServers) {
      if (!service.omega || service.quorumDown !== undefined || mails) continue;
      if (service.realServers.some(({ notifyDown }) => notifyDown !== undefined)) continue;
      yield {
        at: director.at(service, 'omega'),
        message: `'omega' of ${nameOfService(service)} has nothing to do: there is no quorum_down, notify_down, FIFO or mail`,
        hint: 'give the script that is to run at the end, or leave omega out',
      };
    }
  },
};
