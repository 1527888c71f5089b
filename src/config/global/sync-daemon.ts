import { parseIp } from '../../core/index.ts';
import type { Word } from '../../parser/index.ts';
import type { GlobalDefs, LvsSyncDaemon } from '../model/global-defs.ts';
import type { VrrpInstance } from '../model/vrrp.ts';
import { isMulticast } from '../multicast.ts';
import type { Entry, Reading } from '../read.ts';

/** The older way to say it: an instance's lvs_sync_daemon_interface counts where global_defs say nothing. */
export function withInstancesSyncDaemon(global: GlobalDefs, instances: readonly VrrpInstance[]): GlobalDefs {
  const owner = instances.find(({ lvsSyncDaemonInterface }) => lvsSyncDaemonInterface !== undefined);
  if (global.lvsSyncDaemon !== undefined || owner?.lvsSyncDaemonInterface === undefined) return global;
  return { ...global, lvsSyncDaemon: { interface: owner.lvsSyncDaemonInterface, vrrpInstance: owner.name, id: 0 } };
}

type Draft = { -readonly [K in keyof LvsSyncDaemon]: LvsSyncDaemon[K] };

const ranges = { id: [0, 255], maxlen: [1, 65_507], port: [1, 65_535], ttl: [1, 255] } as const;
const takes =
  'it takes INTERFACE [[inst] INSTANCE] [id 0..255] [maxlen 1..65507] [port 1..65535] [ttl 1..255] [group ADDRESS]';

/** `lvs_sync_daemon INTERFACE …` with the words of today, or the older `INTERFACE INSTANCE ID`. */
export function readSyncDaemon(reading: Reading): LvsSyncDaemon | undefined {
  const entry = reading.first('lvs_sync_daemon');
  const [interfaceWord, ...words] = entry?.statement.args ?? [];
  if (entry === undefined || interfaceWord === undefined) return undefined;
  const daemon: Draft = { interface: interfaceWord.text };
  const known = new Set<string>(['inst', 'group', ...Object.keys(ranges)]);
  const [older, oldId] = words;
  if (older !== undefined && !known.has(older.text)) {
    daemon.vrrpInstance = older.text;
    words.shift();
    if (oldId !== undefined && !known.has(oldId.text)) {
      readOldId(reading, daemon, oldId);
      words.shift();
    }
  }
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const value = words.shift();
    readOption(reading, entry, daemon, word, value);
  }
  return daemon;
}

function readOldId(reading: Reading, daemon: Draft, word: Word): void {
  if (/^\d{1,3}$/.test(word.text) && Number(word.text) <= 255) {
    daemon.id = Number(word.text);
    reading.findings.warning(
      'deprecated-keyword',
      word.span,
      `the id of lvs_sync_daemon in ${reading.object} is written without 'id'`,
      `write 'id ${word.text}'`,
    );
  } else refuse(reading, word, word.text);
}

function readOption(reading: Reading, entry: Entry, daemon: Draft, word: Word, value: Word | undefined): void {
  const name = word.text;
  if (value === undefined) {
    const known = name === 'inst' || name === 'group' || name in ranges;
    reading.findings.error(
      'bad-argument',
      word.span,
      `'${name}' of lvs_sync_daemon in ${reading.object} ${known ? 'lacks its value' : 'is not valid'}`,
      takes,
      name === 'inst' ? 'missing-parameter' : 'general',
    );
    return;
  }
  if (name === 'inst') {
    daemon.vrrpInstance = value.text;
  } else if (name === 'group') {
    const address = parseIp(value.text);
    if (address.ok && isMulticast(address.value)) daemon.group = address.value;
    else refuse(reading, value, `group ${value.text}`);
  } else if (name === 'id' || name === 'maxlen' || name === 'port' || name === 'ttl') {
    const [min, max] = ranges[name];
    const number = /^\d{1,5}$/.test(value.text) ? Number(value.text) : Number.NaN;
    if (number >= min && number <= max) daemon[name] = number;
    else refuse(reading, value, `${name} ${value.text}`);
  } else refuse(reading, entry.statement.args.includes(word) ? word : value, name);
}

function refuse(reading: Reading, word: Word, text: string): void {
  reading.findings.error(
    'bad-argument',
    word.span,
    `'${text}' of lvs_sync_daemon in ${reading.object} is not valid`,
    takes,
  );
}
