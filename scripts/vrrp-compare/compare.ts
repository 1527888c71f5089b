import type { Seen } from './world.ts';

/** What two programs were seen to do in a phase, and where it is not the same. */
export function differencesOf(theirs: Seen, ours: Seen, words: 'states' | 'priorities'): readonly string[] {
  // Of an instance that is removed keepalived runs notify, and not notify_fault.
  const gone = (line: string): boolean => {
    const [name = ''] = line.split('-fault');
    return name !== line && /^I\d+$/.test(name) && !theirs.instances.has(name);
  };
  const lists = (['called', 'addresses', 'routes', 'rules'] as const).flatMap((what) => [
    ...missing(theirs[what], ours[what]).map((line) => `${what}: only keepalived: ${line}`),
    ...missing(ours[what], theirs[what])
      .filter((line) => !gone(line))
      .map((line) => `${what}: only watchkeeper: ${line}`),
  ]);
  const objects = new Set([...theirs.told.keys(), ...ours.told.keys()]);
  const told = [...objects].flatMap((object) => {
    const lines = [theirs.told.get(object) ?? [], ours.told.get(object) ?? []] as const;
    // While its state changes, and in FAULT, the priorities on the way depend on the order in which one hears.
    const moves = lines.flat().some((line) => !line.includes('_PRIORITY')) || inFault(theirs, object);
    const [one = '', other = ''] = lines.map((list) => steady(list, moves ? 'states' : words));
    // At the start of a group keepalived tells of the FAULT of the member alone that has the cause, and later of a second cause as well.
    const withFault = (word: string): string => (word === '' ? 'FAULT' : `${word}, FAULT`);
    const again =
      inFault(theirs, object) && inFault(ours, object) && (other === withFault(one) || one === withFault(other));
    // A group that a reload makes of masters keepalived does not tell of.
    const joined = object.startsWith('GROUP') && one === '' && other === 'MASTER';
    return one === other || again || joined ? [] : [`told: ${object}: keepalived ${one}; watchkeeper ${other}`];
  });
  const names = new Set([...theirs.instances.keys(), ...ours.instances.keys()]);
  const fields = [...names].flatMap((name) => {
    const [one, other] = [theirs.instances.get(name), ours.instances.get(name)];
    if (one === undefined || other === undefined)
      return [`dump: ${name}: only ${one === undefined ? 'watchkeeper' : 'keepalived'} has it`];
    return [...new Set([...Object.keys(one), ...Object.keys(other)])]
      .filter((field) => !byChance.has(field))
      .filter((field) => shown(one[field]) !== shown(other[field]))
      .map((field) => `dump: ${name}: ${field}: keepalived ${shown(one[field])}; watchkeeper ${shown(other[field])}`);
  });
  return [...told, ...fields, ...lists];
}

/** What is not after a restart as it was before. */
export function restarted(before: Seen, after: Seen): readonly string[] {
  const names = [...before.instances.keys()];
  const lists = (['addresses', 'routes', 'rules'] as const).flatMap((what) => [
    ...missing(before[what], after[what]).map((line) => `${what}: no longer: ${line}`),
    ...missing(after[what], before[what]).map((line) => `${what}: new: ${line}`),
  ]);
  const fields = names.flatMap((name) =>
    ['state', 'effective_priority'].flatMap((field) => {
      const [one, other] = [before.instances.get(name)?.[field], after.instances.get(name)?.[field]];
      return one === other ? [] : [`${name}: ${field}: ${shown(one)}, then ${shown(other)}`];
    }),
  );
  return [...fields, ...lists];
}

/** Beside what is by chance: keepalived leaves out entries of track lists that have no effect. */
const byChance: ReadonlySet<string> = new Set([
  'last_transition',
  'auth_data',
  'wantstate',
  'master_priority',
  'track_ifp',
  'track_script',
]);

/** Without words in the text of an entry that tell nothing of what it is. */
function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.replaceAll(/ no_track| proto 18| \[installed ifindex \d+\]| nftable_set|@e\d+/g, '');
}

function inFault({ instances }: Seen, object: string): boolean {
  return instances.get(object.split('"')[1] ?? '')?.['state'] === 3;
}

/** Without what a last advert of a yielding master causes; of several changes of priority the last. */
function steady(lines: readonly string[], words: 'states' | 'priorities'): string {
  const kept = lines.filter(
    (line) => !line.startsWith('MASTER_RX_LOWER_PRI') && (words === 'priorities' || !line.includes('_PRIORITY')),
  );
  return words === 'priorities' ? (kept.at(-1) ?? '') : kept.map((line) => line.split(' ')[0] ?? '').join(', ');
}

function missing(from: readonly string[], other: readonly string[]): readonly string[] {
  const left = [...other];
  return from.filter((line) => {
    const at = left.indexOf(line);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}
