import { Dice } from './dice.ts';
import { otherWire, ownSlots, wire, type Instance } from './instance.ts';
import { block, numbers, tracked, trackList } from './pieces.ts';

/** A random configuration as pieces of text that a reload can change one by one. */

export interface Group {
  readonly name: string;
  readonly members: readonly string[];
  readonly lines: string;
}

export interface Plan {
  /** Decides what the peers must agree on, for each number. */
  readonly seed: number;
  /** Whether there is a second director on the links, always keepalived: then what both must agree on never changes. */
  readonly peer: boolean;
  readonly instances: readonly Instance[];
  readonly groups: readonly Group[];
  readonly globals: string;
  /** Blocks of the objects that are tracked, by name. */
  readonly objects: ReadonlyMap<string, string>;
  readonly statics: string;
}

function scriptBlock(dice: Dice, k: number): string {
  const lines = [
    `script "/usr/bin/test ! -e FOLDER/flag${String(k)}"`,
    'interval 1',
    dice.maybe(0.4, () => `weight ${String(dice.number(-60, 60))}`),
    dice.maybe(0.3, () => 'fall 2'),
    dice.maybe(0.3, () => 'rise 2'),
  ];
  return block(`vrrp_script s${String(k)}`, lines);
}

function fileBlock(dice: Dice, k: number): string {
  const weight = dice.maybe(
    0.5,
    () => `weight ${String(dice.pick([-2, -1, 0, 1, 2]))}${dice.maybe(0.2, () => ' reverse')}`,
  );
  return block(`vrrp_track_file f${String(k)}`, [`file FOLDER/value${String(k)}`, weight]);
}

function globalsOf(dice: Dice): string {
  return [
    dice.maybe(0.2, () => 'vrrp_notify_priority_changes true'),
    dice.maybe(0.2, () => 'vrrp_higher_prio_send_advert true'),
    dice.maybe(0.1, () => 'vrrp_startup_delay 2'),
    dice.maybe(0.1, () => 'vrrp_lower_prio_no_advert true'),
    dice.maybe(0.1, () => 'dynamic_interfaces'),
    dice.maybe(0.1, () => 'vrrp_skip_check_adv_addr'),
    dice.maybe(0.1, () => 'vrrp_version 3'),
  ].join('\n');
}

function staticsOf(dice: Dice): string {
  const dev = (): string => `t${String(dice.number(0, tracked.interfaces - 1))}`;
  const lines = (kind: string, entries: readonly string[]): string => block(kind, entries);
  return [
    dice.maybe(0.3, () =>
      lines(
        'static_ipaddress',
        dice.some(['10.6.0.1/24', '10.6.1.1/32', 'fd06::1/64'], 0.6).map((one) => `${one} dev ${dev()}`),
      ),
    ),
    dice.maybe(0.3, () =>
      lines(
        'static_routes',
        dice.some(['172.30.0.0/24', '172.30.1.0/24'], 0.7).map((one) => `${one} dev ${dev()}`),
      ),
    ),
    dice.maybe(0.3, () =>
      lines(
        'static_rules',
        dice
          .some(['172.31.0.0/24', '172.31.1.0/24'], 0.7)
          .map((one, k) => `from ${one} table 200 priority ${String(900 + k)}`),
      ),
    ),
  ].join('');
}

function groupLines(dice: Dice): string {
  return [
    dice.maybe(0.3, () => 'sync_group_tracking_weight\n'),
    dice.maybe(0.2, () => 'global_tracking\n'),
    dice.maybe(0.3, () => 'notify FOLDER/notify.sh\n'),
    dice.maybe(0.2, () => 'notify_master "FOLDER/notify.sh GROUP-master"\n'),
    dice.maybe(0.2, () => 'notify_backup "FOLDER/notify.sh GROUP-backup"\n'),
    dice.maybe(0.2, () => 'notify_fault "FOLDER/notify.sh GROUP-fault"\n'),
    dice.maybe(0.2, () => 'notify_priority_changes true\n'),
    dice.maybe(0.3, () => trackList(dice, 'script', tracked.scripts, 0.3)),
    dice.maybe(0.3, () => trackList(dice, 'file', tracked.files, 0.3)),
    dice.maybe(0.2, () => trackList(dice, 'interface', tracked.interfaces, 0.3)),
  ].join('');
}

function groupsOf(dice: Dice, instances: readonly Instance[]): readonly Group[] {
  const free = [...instances];
  const groups: Group[] = [];
  while (free.length > 1 && dice.chance(0.7) && groups.length < 4) {
    const members = Array.from(
      { length: dice.number(2, 3) },
      () => free.splice(dice.number(0, free.length - 1), 1)[0]?.name,
    );
    groups.push({
      name: `G${String(groups.length)}`,
      members: members.filter((name) => name !== undefined),
      lines: groupLines(dice),
    });
  }
  return groups.filter(({ members }) => members.length > 1);
}

export function newPlan(seed: number, count: number, peer: boolean): Plan {
  const dice = new Dice(seed);
  const instances = numbers(count).map((k) => newInstance(dice, new Dice(wireSeed(seed, k)), k));
  return {
    seed,
    peer,
    instances,
    groups: groupsOf(dice, instances),
    globals: globalsOf(dice),
    objects: new Map([
      ...numbers(tracked.scripts).map((k) => [`s${String(k)}`, scriptBlock(dice, k)] as const),
      ...numbers(tracked.files).map((k) => [`f${String(k)}`, fileBlock(dice, k)] as const),
    ]),
    statics: staticsOf(dice),
  };
}

const wireSeed = (seed: number, k: number): number => seed * 1009 + k;

function newInstance(dice: Dice, wireDice: Dice, k: number): Instance {
  const bare = { name: `I${String(k)}`, number: k, slots: {} };
  const agreed = { ...bare, ...wire(wireDice, k) };
  const own = Object.entries(ownSlots).map(([name, make]) => [
    name,
    make(name === 'addresses' ? wireDice : dice, agreed),
  ]);
  return { ...agreed, slots: { ...agreed.slots, ...(Object.fromEntries(own) as Record<string, string>) } };
}

function editedInstance(dice: Dice, plan: Plan, instance: Instance): Instance {
  if (!dice.chance(0.4)) return instance;
  // Of other addresses than its own keepalived believes no advert.
  const editable = Object.entries(ownSlots).filter(([name]) => !plan.peer || name !== 'addresses');
  const changed = dice.some(editable, 0.25).map(([name, make]) => [name, make(dice, instance)]);
  const slots = { ...instance.slots, ...(Object.fromEntries(changed) as Record<string, string>) };
  return { ...instance, slots: { ...slots, ...(plan.peer || !dice.chance(0.15) ? {} : otherWire(dice, instance)) } };
}

/** What somebody edits before a reload. */
export function edited(dice: Dice, plan: Plan, count: number): Plan {
  let instances = plan.instances.filter(() => !dice.chance(0.1));
  for (let k = 0; k < count; k++) {
    if (instances.some(({ number }) => number === k) || !dice.chance(0.3)) continue;
    instances = [...instances, newInstance(dice, new Dice(wireSeed(plan.seed, k)), k)];
  }
  instances = instances.map((instance) => editedInstance(dice, plan, instance));
  const names = new Set(instances.map(({ name }) => name));
  const kept = plan.groups.map((group) => ({ ...group, members: group.members.filter((name) => names.has(name)) }));
  const groups = dice.chance(0.2)
    ? groupsOf(dice, instances)
    : joined(dice, kept, instances).map((group) => (dice.chance(0.2) ? { ...group, lines: groupLines(dice) } : group));
  const objects = new Map([...plan.objects].filter(() => !dice.chance(0.05)));
  for (let k = 0; k < tracked.scripts; k++) if (dice.chance(0.1)) objects.set(`s${String(k)}`, scriptBlock(dice, k));
  for (let k = 0; k < tracked.files; k++) if (dice.chance(0.1)) objects.set(`f${String(k)}`, fileBlock(dice, k));
  return {
    ...plan,
    instances,
    groups: groups.filter(({ members }) => members.length > 1),
    globals: dice.chance(0.1) ? globalsOf(dice) : plan.globals,
    objects,
    statics: dice.chance(0.3) ? staticsOf(dice) : plan.statics,
  };
}

/** One that is in no group may come into one. */
function joined(dice: Dice, groups: readonly Group[], instances: readonly Instance[]): readonly Group[] {
  const lone = instances.find(({ name }) => !groups.some(({ members }) => members.includes(name)));
  if (lone === undefined || groups.length === 0 || !dice.chance(0.4)) return groups;
  const g = dice.number(0, groups.length - 1);
  return groups.map((group, k) => (k === g ? { ...group, members: [...group.members, lone.name] } : group));
}

/** A line of a track list. */
const trackEntry = /^ *([sft]\d)\b.*\n/gm;

/** The text; a track list names no object that is not there. */
export function planText(plan: Plan, folder: string): string {
  const known = (text: string): string =>
    text.replace(/^ *([sf]\d)\b.*\n/gm, (line, name: string) => (plan.objects.has(name) ? line : ''));
  const instances = plan.instances.map(({ name, number, slots }) =>
    block(`vrrp_instance ${name}`, [
      `interface e${String(number)}`,
      `virtual_router_id ${String(number + 1)}`,
      ...Object.values(slots).map(known),
    ]),
  );
  const groups = plan.groups.map(({ name, members, lines }) => {
    // What a member and its group track keepalived takes for another thing each time: such an instance may stay in FAULT for ever.
    const own = plan.instances.filter((instance) => members.includes(instance.name));
    const theirs = new Set(
      own.flatMap(({ slots }) => [...Object.values(slots).join('\n').matchAll(trackEntry)].map(([, object]) => object)),
    );
    const others = known(lines).replaceAll(trackEntry, (line, object: string) => (theirs.has(object) ? '' : line));
    return block(`vrrp_sync_group ${name}`, [block('group', members), others.replaceAll('GROUP', name)]);
  });
  return [globals(plan.globals), plan.statics, ...plan.objects.values(), ...instances, ...groups]
    .join('')
    .replaceAll('FOLDER', folder);
}

function globals(lines: string): string {
  const always = [
    'script_user root',
    'vrrp_notify_fifo FOLDER/fifo',
    'vrrp_garp_master_delay 0',
    'vrrp_garp_master_repeat 1',
  ];
  return block('global_defs', [...always, lines]);
}

/** Of the other director: as at the start, with nothing tracked. */
export function peerText(plan: Plan, folder: string): string {
  const instances = plan.instances.map(({ name, number, slots }) =>
    block(`vrrp_instance ${name}`, [
      `interface e${String(number)}`,
      `virtual_router_id ${String(number + 1)}`,
      `priority ${String(new Dice(wireSeed(plan.seed, number) + 500).number(60, 190))}`,
      ...[slots['version'], slots['interval'], slots['auth'], slots['vmac'], slots['addresses']].map((text) =>
        (text ?? '').replaceAll(/ dev t\d( no_track)?/g, ''),
      ),
      (slots['unicast'] ?? '').replace(
        /(10\.9\.\d+\.|::)([12])\n/g,
        (_, net: string, host: string) => `${net}${host === '1' ? '2' : '1'}\n`,
      ),
    ]),
  );
  const groups = plan.groups.map(({ name, members }) => block(`vrrp_sync_group ${name}`, [block('group', members)]));
  return [globals(''), ...instances, ...groups].join('').replaceAll('FOLDER', folder);
}
