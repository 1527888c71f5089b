import { BfdPart } from './bfd-part.ts';
import type { BfdOrder, BfdStart, FromBfd } from './messages.ts';
import { PartProgram } from './part-main.ts';

/** The bfd process. */
new PartProgram<BfdStart, BfdOrder, FromBfd>('Keepalived_bfd', (start, log, tell) => {
  const part = new BfdPart(log, tell, start.instances);
  tell({ type: 'ready' });
  return Promise.resolve({
    handle: (message) => {
      part.handle(message);
    },
    stop: () => part.stop(),
  });
}).run();
