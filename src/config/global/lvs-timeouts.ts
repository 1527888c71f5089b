import type { GlobalDefs } from '../model/global-defs.ts';
import type { Reading } from '../read.ts';

/** `lvs_timeouts tcp SECONDS tcpfin SECONDS udp SECONDS`, at least one of them; several lines are read as one. */
export function readTimeouts(reading: Reading): GlobalDefs['lvsTimeouts'] {
  const entries = reading.all('lvs_timeouts');
  const span = entries.at(-1)?.statement.keyword.span;
  if (span === undefined) return undefined;
  const words = entries.flatMap(({ statement }) => statement.args.map((word) => word.text));
  const timeouts: { tcpMs?: number; tcpfinMs?: number; udpMs?: number } = {};
  for (let i = 0; i < words.length; i += 2) {
    const [name, value = ''] = words.slice(i, i + 2);
    const secs = /^\d{1,7}$/.test(value) ? Number(value) : Number.NaN;
    if ((name !== 'tcp' && name !== 'tcpfin' && name !== 'udp') || !(secs >= 0 && secs <= 2_678_400)) {
      reading.findings.error(
        'bad-argument',
        span,
        `'lvs_timeouts ${words.join(' ')}' is not valid`,
        'it takes tcp, tcpfin or udp, each with seconds up to 2678400',
      );
      break;
    }
    timeouts[`${name}Ms`] = secs * 1000;
  }
  return timeouts;
}
