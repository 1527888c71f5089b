import type { Dice } from './dice.ts';
import { block, tracked, trackList } from './pieces.ts';

/** The pieces of a random vrrp_instance. */

export interface Instance {
  readonly name: string;
  /** Of its link and of all addresses that are its own. */
  readonly number: number;
  readonly family: 'ipv4' | 'ipv6';
  readonly version: 2 | 3;
  readonly unicast: boolean;
  /** Lines of the block, by what they are about. */
  readonly slots: Readonly<Record<string, string>>;
}

type Slot = (dice: Dice, instance: Instance) => string;

const trackedInterface = (dice: Dice): string => `t${String(dice.number(0, tracked.interfaces - 1))}`;

/** What the peers must agree on. */
export function wire(dice: Dice, number: number): Pick<Instance, 'family' | 'version' | 'unicast' | 'slots'> {
  const [family, version] = dice.pick([
    ['ipv4', 2],
    ['ipv4', 2],
    ['ipv4', 3],
    ['ipv6', 3],
  ] as const);
  const unicast = dice.chance(0.25);
  const made = { family, version, unicast };
  const vmac = unicast ? '' : dice.maybe(0.15, () => `use_vmac${dice.maybe(0.3, () => '\n vmac_xmit_base')}`);
  return { ...made, slots: { vmac, ...otherWire(dice, { ...made, number }) } };
}

/** The same virtual router in other words. */
export function otherWire(
  dice: Dice,
  { number, family, version, unicast }: Pick<Instance, 'number' | 'family' | 'version' | 'unicast'>,
): Readonly<Record<string, string>> {
  const net = family === 'ipv4' ? `10.9.${String(number)}.` : `fd00:9:${String(number)}::`;
  const authentication = (): string =>
    block('authentication', [`auth_type ${dice.pick(['PASS', 'AH'])}`, 'auth_pass secret']);
  const peers = (): string =>
    [
      block('unicast_peer', [`${net}2`]),
      family === 'ipv6' || dice.chance(0.5) ? `unicast_src_ip ${net}1\n` : '',
      dice.maybe(0.3, () => 'check_unicast_src\n'),
    ].join('');
  return {
    version: `version ${String(version)}`,
    interval: version === 2 ? 'advert_int 1' : `advert_int ${dice.pick(['0.3', '0.5', '1'])}`,
    auth: version === 3 || dice.chance(0.6) ? '' : authentication(),
    unicast: unicast ? peers() : '',
  };
}

const priority: Slot = (dice) => `priority ${String(dice.chance(0.1) ? 255 : dice.number(20, 250))}`;

const preempt: Slot = (dice) =>
  dice.pick(['', 'nopreempt', `preempt_delay ${String(dice.number(1, 2))}`, 'state MASTER']);

function address(dice: Dice, { number, family }: Instance, j: number): string {
  const k = String(number);
  const dev = (): string => `dev ${trackedInterface(dice)}${dice.maybe(0.4, () => ' no_track')}`;
  if (family === 'ipv6') return `fd00:${k}::${String(100 + j)}/64${dice.maybe(0.2, () => ` ${dev()}`)}`;
  if (dice.chance(0.15)) return `10.7.${k}.${String(100 + j)}/32 ${dev()}`;
  const own = `10.9.${k}.${String(100 + j)}`;
  // keepalived leaves an address with `peer` where it is, and does not see at a reload that only `brd` is new.
  const brd = (number + j) % 3 === 0 ? ` brd 10.9.${k}.255` : '';
  return dice.pick([`${own}/24${brd}`, own, `${own}/24${brd} label e${k}:${String(j)}`, `${own}/32 scope link`]);
}

const addresses: Slot = (dice, instance) => {
  const first = instance.family === 'ipv6' ? [`fe80::${String(instance.number + 1)}:100/64`] : [];
  const count = dice.number(1, 3);
  return block('virtual_ipaddress', [...first, ...Array.from({ length: count }, (_, j) => address(dice, instance, j))]);
};

const excluded: Slot = (dice, instance) =>
  dice.maybe(0.3, () => {
    const other = dice.chance(0.3)
      ? ({ ...instance, family: instance.family === 'ipv4' ? 'ipv6' : 'ipv4' } as const)
      : instance;
    return block(
      'virtual_ipaddress_excluded',
      Array.from({ length: dice.number(1, 2) }, (_, j) => address(dice, other, 20 + j)),
    );
  });

function route(dice: Dice, { number, family }: Instance, j: number): string {
  const k = String(number);
  const track = dice.maybe(0.3, () => ' no_track');
  const table = dice.maybe(0.3, () => ` table ${String(dice.number(100, 102))}`);
  const metric = dice.maybe(0.3, () => ` metric ${String(dice.number(1, 20))}`);
  if (family === 'ipv6') return `fd77:${k}:${String(j)}::/64 via fd00:9:${k}::fe dev e${k}${table}${metric}${track}`;
  const to = `172.16.${k}.${String(16 * j)}/28`;
  return dice.pick([
    `${to} dev e${k}${table}${metric}${track}`,
    `${to} via 10.9.${k}.254 dev e${k}${table}${track}`,
    `${to} dev ${trackedInterface(dice)}${table}${metric}${track}`,
    `blackhole ${to}${table}${metric}${track}`,
    `${to} dev e${k} scope link mtu 1400${track}`,
  ]);
}

const routes: Slot = (dice, instance) =>
  dice.maybe(0.3, () =>
    block(
      'virtual_routes',
      Array.from({ length: dice.number(1, 3) }, (_, j) => route(dice, instance, j)),
    ),
  );

const rules: Slot = (dice, { number, family }) =>
  dice.maybe(0.25, () => {
    const from = family === 'ipv4' ? `172.20.${String(number)}.0/24` : `fd88:${String(number)}::/64`;
    const one = (j: number): string =>
      `from ${from} table ${String(100 + j)} priority ${String(1000 + 10 * number + j)}${dice.maybe(0.3, () => ` iif ${trackedInterface(dice)}`)}${dice.maybe(0.3, () => ' no_track')}`;
    return block(
      'virtual_rules',
      Array.from({ length: dice.number(1, 2) }, (_, j) => one(j)),
    );
  });

const notify: Slot = (dice, { name }) =>
  [
    dice.maybe(0.4, () => 'notify FOLDER/notify.sh'),
    ...['master', 'backup', 'fault', 'stop'].map((state) =>
      dice.maybe(0.25, () => `notify_${state} "FOLDER/notify.sh ${name}-${state}"`),
    ),
    dice.maybe(0.2, () => dice.pick(['notify_deleted', `notify_deleted "FOLDER/notify.sh ${name}-deleted"`])),
    dice.maybe(0.2, () => 'notify_priority_changes true'),
  ].join('\n');

const other: Slot = (dice, { version }) =>
  [
    dice.maybe(0.1, () => 'skip_check_adv_addr true'),
    dice.maybe(0.1, () => 'dont_track_primary'),
    dice.maybe(0.1, () => 'promote_secondaries'),
    dice.maybe(0.1, () => `lower_prio_no_advert ${dice.pick(['true', 'false'])}`),
    dice.maybe(0.1, () => `higher_prio_send_advert ${dice.pick(['true', 'false'])}`),
    dice.maybe(0.1, () => 'track_src_ip'),
    dice.maybe(0.1, () => `garp_master_delay ${String(dice.number(0, 2))}`),
    dice.maybe(0.1, () => `garp_master_refresh ${String(dice.number(1, 3))}`),
    version === 3 ? dice.maybe(0.15, () => dice.pick(['accept', 'no_accept'])) : '',
  ].join('\n');

export const ownSlots: Readonly<Record<string, Slot>> = {
  priority,
  preempt,
  addresses,
  excluded,
  routes,
  rules,
  interfaces: (dice) => dice.maybe(0.25, () => trackList(dice, 'interface', tracked.interfaces, 0.4)),
  scripts: (dice) => dice.maybe(0.3, () => trackList(dice, 'script', tracked.scripts, 0.4)),
  files: (dice) => dice.maybe(0.3, () => trackList(dice, 'file', tracked.files, 0.4)),
  notify,
  other,
};
