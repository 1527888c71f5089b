import { ipFamily, parseIp, type IpFamily } from '../../core/index.ts';
import type { Word } from '../../parser/index.ts';
import { defined } from '../defined.ts';
import type { IpvlanSettings, MacvlanSettings, VmacSettings } from '../model/vrrp.ts';
import type { NumberOrName } from '../model/routes.ts';
import type { Entry, Findings, Reading } from '../read.ts';

interface VmacContext {
  readonly virtualRouterId: number;
  readonly family: IpFamily;
}

/** use_ipvlan where the instance has one, else use_vmac. */
export function readVmac(reading: Reading, context: VmacContext): VmacSettings | undefined {
  const ipvlan = reading.first('use_ipvlan');
  const macvlan = reading.entry('use_vmac');
  const xmitBase = reading.flag('vmac_xmit_base');
  if (ipvlan !== undefined) return readIpvlan(reading, ipvlan, context.family, xmitBase);
  return macvlan === undefined ? undefined : readMacvlan(reading, macvlan, context, xmitBase);
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };

function readMacvlan(reading: Reading, entry: Entry, context: VmacContext, xmitBase: boolean): MacvlanSettings {
  const draft: Draft<MacvlanSettings> = { kind: 'macvlan', netlinkNotifyMsg: false, xmitBase };
  const words = newWords(reading, entry);
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word.text === 'netlink_notify_msg' && hasNewWords(reading)) draft.netlinkNotifyMsg = true;
    else if (word.text.includes(':')) {
      const mac = readMac(reading, word, context.virtualRouterId);
      if (mac !== undefined) draft.mac = mac;
    } else if (word.text === 'group' && hasNewWords(reading)) {
      Object.assign(draft, defined({ group: readGroup(reading, entry, word, words.shift()) }));
    } else takeName(reading, entry, draft, word);
  }
  return draft;
}

function readIpvlan(reading: Reading, entry: Entry, family: IpFamily, xmitBase: boolean): IpvlanSettings {
  const draft: Draft<IpvlanSettings> = { kind: 'ipvlan', mode: 'bridge', xmitBase };
  const words = newWords(reading, entry);
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const { text } = word;
    const address = parseIp(text.replace(/\/\d{1,3}$/, ''));
    if (address.ok) {
      if (ipFamily(address.value) === family) {
        draft.address = address.value;
        const length = /\/(\d{1,3})$/.exec(text)?.[1];
        if (length !== undefined) draft.prefixLength = Math.min(Number(length), family === 'ipv4' ? 32 : 128);
      } else
        refuse(
          reading.findings,
          word,
          `address ${text} of use_ipvlan in ${reading.object} is of another family`,
          'it is ignored',
        );
    } else if (text === 'bridge' || text === 'private' || text === 'vepa') draft.mode = text;
    else if (text === 'group' && hasNewWords(reading)) {
      Object.assign(draft, defined({ group: readGroup(reading, entry, word, words.shift()) }));
    } else takeName(reading, entry, draft, word);
  }
  if (draft.address === undefined && family === 'ipv4')
    reading.findings.error(
      'vmac-setting',
      entry.statement.keyword.span,
      `use_ipvlan in ${reading.object} names no address`,
      'an IPv4 instance needs one of its own there: the instance stays in FAULT',
    );
  return draft;
}

/** `name`, `group` and `netlink_notify_msg` are words of 2.3; before, each would be the interface's name. */
function hasNewWords(reading: Reading): boolean {
  return reading.findings.rules === '2.4.3';
}

function newWords(reading: Reading, { statement }: Entry): Word[] {
  const words = [...statement.args];
  const i = words.findIndex(({ text }) => text === 'name');
  if (i !== -1 && i + 1 < words.length && hasNewWords(reading)) words.splice(i, 1);
  return words;
}

function takeName(
  reading: Reading,
  { keyword }: Entry,
  draft: Draft<MacvlanSettings> | Draft<IpvlanSettings>,
  word: Word,
): void {
  if (draft.ifname !== undefined) {
    refuse(
      reading.findings,
      word,
      `'${word.text}' of ${keyword.name} in ${reading.object} is a second interface name`,
      `${draft.ifname} is used`,
    );
  } else if (word.text.length > 15 || word.text === '' || /[/\s]/.test(word.text)) {
    refuse(
      reading.findings,
      word,
      `interface name '${word.text}' in ${reading.object} is not valid`,
      "a name has at most 15 characters, and no '/'",
    );
  } else {
    draft.ifname = word.text;
  }
}

function readGroup(
  reading: Reading,
  { keyword }: Entry,
  word: Word,
  value: Word | undefined,
): NumberOrName | undefined {
  if (value !== undefined) return /^\d{1,10}$/.test(value.text) ? Number(value.text) : value.text;
  refuse(
    reading.findings,
    word,
    `'group' of ${keyword.name} in ${reading.object} lacks its value`,
    'it takes the number or name of an interface group',
  );
  return undefined;
}

/** Six octets, or the first five: the sixth is then the virtual_router_id. */
function readMac(reading: Reading, word: Word, virtualRouterId: number): string | undefined {
  const octets = word.text.toLowerCase().split(':');
  const wellFormed =
    (octets.length === 5 || octets.length === 6) && octets.every((octet) => /^[0-9a-f]{1,2}$/.test(octet));
  const mac = [...octets, virtualRouterId.toString(16)]
    .slice(0, 6)
    .map((octet) => octet.padStart(2, '0'))
    .join(':');
  const problem = !wellFormed
    ? 'it takes six octets, or the first five'
    : (Number.parseInt(octets[0] ?? '', 16) & 1) !== 0
      ? 'it is a multicast address'
      : /^00:00:5e:00:0[12]:/.test(mac)
        ? 'it is an address of RFC 9568: leave it out, and the right one is used'
        : undefined;
  if (problem === undefined) return mac;
  refuse(
    reading.findings,
    word,
    `hardware address '${word.text}' of use_vmac in ${reading.object} is not valid`,
    `${problem}; it is ignored`,
  );
  return undefined;
}

function refuse(findings: Findings, word: Word, message: string, hint: string): void {
  findings.error('bad-argument', word.span, message, hint);
}
