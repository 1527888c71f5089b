import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { VrrpInstance } from '../../src/config/index.ts';
import { encodeAdvert, vrrpView, type Advert, type InterfaceFacts, type VrrpEffect } from '../../src/vrrp/index.ts';
import type { VrrpStats } from '../../src/vrrp/index.ts';
import { address, engineConfig, group, instance, ip, script, span, track, trackFile } from './configuration.ts';
import { Director } from './director.ts';

const eth0: InterfaceFacts = { ifname: 'eth0', ifindex: 2, up: true, addresses: [ip('192.0.2.10')] };
const eth1: InterfaceFacts = { ifname: 'eth1', ifindex: 3, up: true, addresses: [ip('198.51.100.10')] };
const vip = ip('192.0.2.100');
const peer = ip('192.0.2.20');

function director(change: Partial<VrrpInstance> = {}): Director {
  return new Director(engineConfig([instance('VI_1', change)]), [eth0, eth1]);
}

interface From extends Partial<Advert> {
  readonly source?: string;
  readonly destination?: string;
  readonly ttl?: number;
  readonly ifname?: string;
}

function hear(to: Director, nowMs: number, from: From = {}): readonly VrrpEffect[] {
  const { source = peer, destination = '224.0.0.18', ttl = 255, ifname = 'eth0', ...change } = from;
  const route = { source: ip(source), destination: ip(destination) };
  const advert = { version: 2, virtualRouterId: 51, priority: 100, advertIntMs: 1000, addresses: [vip] } as const;
  const payload = encodeAdvert({ ...advert, ...change }, route);
  return to.step({ type: 'packet', ifname, ...route, ttl, payload }, nowMs);
}

/** A director that has been MASTER since some time before 10 s. */
function aMaster(change: Partial<VrrpInstance> = {}): Director {
  const made = director(change);
  made.start(0);
  made.run(9999);
  assert.equal(made.stateOf('VI_1'), 'MASTER');
  return made;
}

function aBackup(change: Partial<VrrpInstance> = {}): Director {
  const made = director(change);
  made.start(0);
  assert.equal(made.stateOf('VI_1'), 'BACKUP');
  return made;
}

/** When the instance became MASTER, hearing nothing more. */
function masterAfter(made: Director, fromMs: number): number | undefined {
  made.run(fromMs + 60_000);
  return made.trace.find(({ atMs, effect }) => atMs >= fromMs && effect.type === 'notify' && effect.state === 'MASTER')
    ?.atMs;
}

function stats(made: Director): VrrpStats {
  const [first] = made.state.instances;
  assert.ok(first !== undefined);
  return first.stats;
}

function adverts(effects: readonly VrrpEffect[]): readonly number[] {
  return effects.flatMap((effect) => (effect.type === 'send-advert' ? [effect.pdu[2] ?? -1] : []));
}

test('vrrp_delay_after_boot counts from the boot, and the later of both delays ends the wait', () => {
  for (const [sinceBootMs, delayAfterBootMs, startupDelayMs, masterMs] of [
    [3000, 10_000, 0, 7000],
    [30_000, 10_000, 0, 0],
    [3000, 10_000, 9000, 9000],
  ] as const) {
    const config = engineConfig([instance('VI_1')], {}, { delayAfterBootMs, startupDelayMs });
    const made = new Director(config, [eth0]);
    made.step({ type: 'start', interfaces: [eth0], sinceBootMs }, 0);
    assert.equal(masterAfter(made, 0), masterMs + 3609.375);
  }
});

describe('the first wait', () => {
  const rows: readonly [string, Partial<VrrpInstance>, number][] = [
    ['version 2: three intervals and (256 - priority) / 256 s (RFC 3768 section 6.1)', { priority: 100 }, 3609.375],
    [
      'version 3: the skew counts in intervals (RFC 9568 section 6.1)',
      { version: 3, priority: 150, advertIntMs: 500 },
      1707.03125,
    ],
    ['state MASTER changes nothing of it', { state: 'MASTER', priority: 100 }, 3609.375],
    ['nor with another interval', { state: 'MASTER', priority: 100, advertIntMs: 3000 }, 9609.375],
    ['down_timer_adverts 5', { downTimerAdverts: 5, priority: 100 }, 5609.375],
    ['the owner of the addresses does not wait (RFC 9568 section 6.4.1)', { priority: 255 }, 0],
    ['startup_delay comes before it, also for the owner', { priority: 255, startupDelayMs: 4000 }, 7003.90625],
  ];
  for (const [name, change, afterMs] of rows) {
    test(name, () => {
      const made = director(change);
      made.start(0);
      assert.equal(masterAfter(made, 0), afterMs);
    });
  }
});

describe('becoming and being MASTER', () => {
  test('the order is advert, addresses, gratuitous ARP by rounds, notification', () => {
    const made = director({ priority: 255, virtualIpaddressExcluded: [address('192.0.2.101')], garpMasterRepeat: 2 });
    const kinds = made.start(0).filter(({ type }) => type !== 'log');
    assert.deepEqual(
      kinds.map((effect) => (effect.type === 'announce' ? effect.address : effect.type)),
      ['send-advert', 'add-addresses', vip, '192.0.2.101', vip, '192.0.2.101', 'notify'],
    );
  });

  test('adverts follow at the interval, gratuitous ARP again after the delay and then at the refresh', () => {
    const made = director({
      priority: 255,
      garpMasterRefreshMs: 60_000,
      garpMasterRefreshRepeat: 1,
      garpMasterRepeat: 2,
    });
    made.start(0);
    made.run(120_000);
    const at = (type: string): readonly number[] =>
      made.trace.filter(({ effect }) => effect.type === type).map(({ atMs }) => atMs);
    assert.deepEqual(at('send-advert').slice(0, 4), [0, 1000, 2000, 3000]);
    assert.equal(at('send-advert').length, 121);
    assert.deepEqual(at('announce'), [0, 0, 5000, 5000, 60_000, 120_000]);
  });

  test('excluded addresses are set and not advertised', () => {
    const made = director({ priority: 255, virtualIpaddressExcluded: [address('192.0.2.101')] });
    const [advert] = made.start(0).filter((effect) => effect.type === 'send-advert');
    assert.equal(advert?.pdu[3], 1);
    assert.equal(made.holds('eth0', ip('192.0.2.101')), true);
  });

  test('unicast adverts go to each peer with unicast_ttl', () => {
    const peers = ['192.0.2.20', '192.0.2.30'].map((text) => ({
      span: instance('x').span,
      address: ip(text),
      minTtl: 1,
      maxTtl: 255,
    }));
    const sent = director({ priority: 255, unicastPeer: peers, unicastTtl: 64 }).start(0);
    assert.deepEqual(
      sent.flatMap((effect) => (effect.type === 'send-advert' ? [`${effect.destination} ${String(effect.ttl)}`] : [])),
      ['192.0.2.20 64', '192.0.2.30 64'],
    );
  });
});

describe('a BACKUP that hears an advert (RFC 9568 section 6.4.2)', () => {
  const rows: readonly [string, Partial<VrrpInstance>, From, number][] = [
    ['of higher priority: waits anew', {}, { priority: 150 }, 3000 + 3609.375],
    ['of equal priority: waits anew', {}, { priority: 100 }, 3000 + 3609.375],
    ['of lower priority: its own time runs on', {}, { priority: 50 }, 3609.375],
    ['of lower priority with nopreempt: waits anew', { nopreempt: true }, { priority: 50 }, 3000 + 3609.375],
    ['of lower priority with preempt_delay: waits anew', { preemptDelayMs: 10_000 }, { priority: 50 }, 3000 + 3609.375],
    ['of priority 0: waits the skew only', {}, { priority: 0 }, 3000 + 609.375],
  ];
  for (const [name, change, from, masterAtMs] of rows) {
    test(name, () => {
      const made = aBackup(change);
      hear(made, 3000, from);
      assert.equal(masterAfter(made, 0), masterAtMs);
    });
  }

  test('version 3: it waits as long as the interval of the master asks for', () => {
    const made = aBackup({ version: 3, advertIntMs: 1000 });
    hear(made, 1000, { version: 3, advertIntMs: 2000, priority: 150 });
    assert.equal(masterAfter(made, 0), 1000 + 3 * 2000 + (156 / 256) * 2000);
  });

  test('preempt_delay ends although a lower priority master goes on', () => {
    const made = aBackup({ preemptDelayMs: 5000 });
    for (let ms = 1000; ms <= 30_000; ms += 1000) {
      made.run(ms);
      if (made.stateOf('VI_1') === 'BACKUP') hear(made, ms, { priority: 50 });
    }
    // The delay began at 1 s and was over at 6 s; at 5 s the master was heard last.
    assert.equal(masterAfter(made, 0), 5000 + 3609.375);
  });
});

describe('a MASTER that hears an advert (RFC 9568 section 6.4.3)', () => {
  const rows: readonly [string, Partial<VrrpInstance>, From, 'MASTER' | 'BACKUP', readonly number[]][] = [
    ['of higher priority yields and says nothing', {}, { priority: 101 }, 'BACKUP', []],
    [
      'of higher priority with higher_prio_send_advert says one advert first',
      { higherPrioSendAdvert: true },
      { priority: 101 },
      'BACKUP',
      [100],
    ],
    ['of equal priority from a higher address yields', {}, { priority: 100 }, 'BACKUP', []],
    [
      'of equal priority from a lower address stays and answers',
      {},
      { priority: 100, source: '192.0.2.9' },
      'MASTER',
      [100],
    ],
    [
      'of equal priority from an address that is higher as a number only',
      {},
      { priority: 100, source: '192.0.2.9' },
      'MASTER',
      [100],
    ],
    ['of lower priority stays and answers', {}, { priority: 99 }, 'MASTER', [100]],
    ['of lower priority with lower_prio_no_advert stays', { lowerPrioNoAdvert: true }, { priority: 99 }, 'MASTER', []],
    ['of priority 0 stays and answers', {}, { priority: 0 }, 'MASTER', [100]],
    [
      'with owner_ignore_adverts, of another owner, stays',
      { priority: 255, ownerIgnoreAdverts: true },
      { priority: 255 },
      'MASTER',
      [],
    ],
  ];
  for (const [name, change, from, state, sent] of rows) {
    test(name, () => {
      const made = aMaster(change);
      const effects = hear(made, 10_000, from);
      assert.equal(made.stateOf('VI_1'), state);
      assert.deepEqual(adverts(effects), sent);
      assert.equal(made.holds('eth0', vip), state === 'MASTER');
    });
  }

  test('of another owner from a higher address: it yields and goes on with 254', () => {
    const made = aMaster({ priority: 255 });
    hear(made, 10_000, { priority: 255 });
    assert.equal(made.stateOf('VI_1'), 'BACKUP');
    masterAfter(made, 10_001);
    assert.equal(vrrpView(made.state, 60_000).instances[0]?.effectivePriority, 254);
  });

  test('of a rival is counted, logged and notified once, whatever addresses it claims, and again when it comes back', () => {
    const made = aMaster({ garpLowerPrioRepeat: 1 });
    for (let k = 0; k < 50; k++) {
      made.run(10_000 + k * 100);
      hear(made, 10_000 + k * 100, { priority: 50, source: `192.0.2.${String(30 + k)}` });
    }
    const told = (): number => made.notifications(10_000).filter((line) => line.includes('RX_LOWER_PRI')).length;
    const logged = (): number => made.logs(10_000).filter((line) => line.includes('lower priority')).length;
    assert.deepEqual([told(), logged(), stats(made).rival_master], [1, 1, 1]);
    assert.equal(vrrpView(made.state, 15_000).instances[0]?.splitBrain, true);
    made.run(30_000);
    assert.equal(vrrpView(made.state, 30_000).instances[0]?.splitBrain, false);
    hear(made, 30_000, { priority: 50 });
    assert.deepEqual([told(), logged(), stats(made).rival_master], [2, 2, 2]);
  });
});

describe('an advert that is not for it', () => {
  const pass: Partial<VrrpInstance> = { authentication: { authType: 'PASS', authPass: 'secret' } };
  const unicast: Partial<VrrpInstance> = {
    unicastPeer: [{ span: instance('x').span, address: peer, minTtl: 200, maxTtl: 255 }],
    checkUnicastSrc: true,
  };
  const toUs = '192.0.2.10';
  const rows: readonly [string, Partial<VrrpInstance>, From, keyof VrrpStats | undefined][] = [
    ['TTL 254', {}, { ttl: 254 }, 'ip_ttl_err'],
    ['another version', {}, { version: 3 }, 'version_err'],
    ['no password where one is wanted', pass, {}, 'authtype_mismatch'],
    ['a password where none is wanted', {}, { authPass: 'secret' }, 'authtype_mismatch'],
    ['a wrong password', pass, { authPass: 'Secret' }, 'auth_failure'],
    ['another interval in version 2', {}, { advertIntMs: 2000 }, 'advert_interval_err'],
    ['unicast where multicast is configured', {}, { destination: toUs }, undefined],
    ['multicast where unicast is configured', unicast, {}, undefined],
    ['a source that is no peer', unicast, { source: '192.0.2.21', destination: toUs }, undefined],
    ['a peer with a TTL out of its range', unicast, { ttl: 199, destination: toUs }, 'ip_ttl_err'],
    ['another virtual router', {}, { virtualRouterId: 52 }, undefined],
    ['another interface', {}, { ifname: 'eth1' }, undefined],
  ];
  for (const [name, change, from, counter] of rows) {
    test(`${name}: ignored, counted, said once`, () => {
      const made = aBackup(change);
      for (const ms of [1000, 2000, 3000]) hear(made, ms, { priority: 200, ...from });
      assert.equal(stats(made).advert_rcvd, 0);
      if (counter !== undefined) assert.equal(stats(made)[counter], 3);
      const others: string[] = Object.entries(stats(made)).flatMap(([key, n]) =>
        n !== 0 && key !== counter ? [key] : [],
      );
      assert.deepEqual(others, []);
      assert.ok(made.logs(1000).length <= 1);
      assert.equal(masterAfter(made, 0), 3609.375);
    });
  }

  test('other addresses in it are counted and said, and the advert counts all the same', () => {
    const made = aBackup();
    hear(made, 1000, { priority: 200, addresses: [ip('192.0.2.7')] });
    assert.equal(stats(made).addr_list_err, 1);
    assert.equal(masterAfter(made, 0), 1000 + 3609.375);
  });
});

test('skip_check_adv_addr: the addresses of an advert are looked at only when another master sent it than the last one', () => {
  for (const [skipCheckAdvAddr, counted] of [
    [false, [1, 2, 3, 4]],
    [true, [1, 1, 2, 3]],
  ] as const) {
    const made = aBackup({ skipCheckAdvAddr });
    const sources = [peer, peer, '192.0.2.21', peer];
    const errors = sources.map((source, k) => {
      hear(made, 1000 + k, { priority: 200, source, addresses: [ip('192.0.2.7')] });
      return stats(made).addr_list_err;
    });
    assert.deepEqual(errors, counted);
  }
});

describe('dont_track_primary', () => {
  test('a master whose link goes down goes on, and one whose link is down at the start begins', () => {
    const made = aMaster({ dontTrackPrimary: true });
    made.setUp('eth0', false, 10_000);
    assert.equal(made.stateOf('VI_1'), 'MASTER');
    const cold = new Director(engineConfig([instance('VI_1', { dontTrackPrimary: true })]), [{ ...eth0, up: false }]);
    cold.start(0);
    assert.equal(masterAfter(cold, 0), 3609.375);
  });

  test('but not without the interface or an address on it', () => {
    for (const interfaces of [[], [{ ...eth0, addresses: [] }]]) {
      const made = new Director(engineConfig([instance('VI_1', { dontTrackPrimary: true })]), interfaces);
      made.start(0);
      assert.equal(made.stateOf('VI_1'), 'FAULT');
    }
  });
});

describe('FAULT', () => {
  const rows: readonly [string, Partial<VrrpInstance>, readonly InterfaceFacts[], string][] = [
    ['the interface is down', {}, [{ ...eth0, up: false }], 'interface eth0 is down'],
    ['the interface does not exist', {}, [], 'interface eth0 does not exist'],
    ['the interface has no address', {}, [{ ...eth0, addresses: [] }], 'no IPv4 address for interface eth0'],
    ['its only address is the virtual one', {}, [{ ...eth0, addresses: [vip] }], 'no IPv4 address for interface eth0'],
    ['a tracked interface is down', { trackInterface: [track('eth1')] }, [eth0], 'tracked interface eth1 is down'],
    [
      'a file without weight holds something',
      { trackFile: [track('f', { weight: 0 })] },
      [eth0],
      'track_file f holds 1',
    ],
    ['a file weighs -254', { trackFile: [track('f', { weight: -254 })] }, [eth0], 'track_file f holds 1'],
    ['a BFD session is down', { trackBfd: [track('b')] }, [eth0], 'BFD session b is down'],
  ];
  for (const [name, change, interfaces, reason] of rows) {
    test(name, () => {
      const config = engineConfig([instance('VI_1', change)], {}, { trackFiles: [trackFile('f')] });
      const made = new Director(config, interfaces);
      made.step({ type: 'file-value', trackFile: 'f', value: 1 }, 0);
      made.start(0);
      made.run(60_000);
      assert.deepEqual(made.notifications(), ['INSTANCE VI_1 FAULT 100']);
      const [view] = vrrpView(made.state, 60_000).instances;
      assert.ok(
        view?.reasons.some((text) => text.includes(reason)),
        view?.reasons.join(),
      );
      assert.ok(made.logs().some((text) => text.startsWith('(VI_1) Entering FAULT STATE') && text.includes(reason)));
    });
  }

  test('what files hold is known at the start: an owner that is to be in FAULT sends nothing before', () => {
    const owner = instance('VI_1', { priority: 255, trackFile: [track('f', { weight: 0 })] });
    const config = engineConfig([owner], {}, { trackFiles: [trackFile('f')] });
    const made = new Director(config, [eth0]);
    made.step({ type: 'start', interfaces: [eth0], files: { f: 1 } }, 0);
    made.run(5000);
    assert.deepEqual(made.notifications(), ['INSTANCE VI_1 FAULT 255']);
    assert.equal(made.holds('eth0', vip), false);
    made.step({ type: 'reload', config, files: { f: 0 } }, 6000);
    made.run(10_000);
    assert.ok(made.holds('eth0', vip));
  });

  test('a master whose link goes down says priority 0, takes its addresses back, and stands again when it is up', () => {
    const made = aMaster();
    assert.deepEqual(adverts(made.setUp('eth0', false, 10_000)), [0]);
    assert.equal(made.holds('eth0', vip), false);
    made.setUp('eth0', true, 20_000);
    assert.deepEqual(made.notifications(10_000), ['INSTANCE VI_1 FAULT 100', 'INSTANCE VI_1 BACKUP 100']);
    assert.equal(masterAfter(made, 20_000), 20_000 + 3609.375);
  });

  test('adverts are ignored in FAULT', () => {
    const made = aMaster();
    made.setUp('eth0', false, 10_000);
    hear(made, 11_000, { priority: 50 });
    assert.equal(stats(made).advert_rcvd, 0);
  });
});

describe('a virtual address of a master', () => {
  test('removed by somebody else: priority 0, BACKUP, and MASTER again after the skew', () => {
    const made = aMaster();
    assert.deepEqual(adverts(made.setAddress('eth0', vip, false, 10_000)), [0]);
    assert.equal(made.stateOf('VI_1'), 'BACKUP');
    assert.equal(masterAfter(made, 10_000), 10_000 + 609.375);
    assert.equal(made.holds('eth0', vip), true);
  });

  test('removed by somebody else and put back before that is told: likewise', () => {
    const made = aMaster();
    const facts = made.interfaces.get('eth0');
    assert.ok(facts !== undefined);
    assert.deepEqual(adverts(made.step({ type: 'interface', facts, went: [vip] }, 10_000)), [0]);
    assert.equal(made.stateOf('VI_1'), 'BACKUP');
  });

  test('with no_track, removed by somebody else: nothing happens', () => {
    const made = aMaster({ virtualIpaddress: [{ ...address(vip), noTrack: true }] });
    made.setAddress('eth0', vip, false, 10_000);
    assert.equal(made.stateOf('VI_1'), 'MASTER');
  });

  test('replaced by ourselves at a reload, in another form: no surprise', () => {
    const made = aMaster();
    const changed = instance('VI_1', { virtualIpaddress: [address('192.0.2.100/24')] });
    made.step({ type: 'reload', config: engineConfig([changed]) }, 10_000);
    assert.equal(made.stateOf('VI_1'), 'MASTER');
    assert.deepEqual(made.notifications(10_000), []);
    made.setAddress('eth0', vip, false, 20_000);
    assert.equal(made.stateOf('VI_1'), 'BACKUP', 'the next one is a surprise');
  });

  test('left by a former run is removed at start', () => {
    const made = new Director(engineConfig([instance('VI_1')]), [{ ...eth0, addresses: [...eth0.addresses, vip] }]);
    const effects = made.start(0);
    assert.equal(effects.filter(({ type }) => type === 'remove-addresses').length, 1);
    assert.equal(made.holds('eth0', vip), false);
  });

  test('held by a process that died as MASTER is taken up without a notification or a gap', () => {
    const made = new Director(engineConfig([instance('VI_1')]), [{ ...eth0, addresses: [...eth0.addresses, vip] }]);
    const effects = made.start(0, { VI_1: 'MASTER' });
    assert.deepEqual([adverts(effects), made.notifications(), made.stateOf('VI_1')], [[100], [], 'MASTER']);
    assert.equal(
      effects.some(({ type }) => type === 'remove-addresses'),
      false,
    );
  });
});

describe('tracking with weights', () => {
  const rows: readonly [string, Partial<VrrpInstance>, number][] = [
    ['interface +30, up', { trackInterface: [track('eth1', { weight: 30 })] }, 130],
    ['interface -30, up', { trackInterface: [track('eth1', { weight: -30 })] }, 100],
    ['interface -30, missing', { trackInterface: [track('eth9', { weight: -30 })] }, 70],
    ['file of weight 1 holding 20', { trackFile: [track('f')] }, 120],
    ['file of weight -2 holding 20', { trackFile: [track('f', { weight: -2 })] }, 60],
    ['never above 254', { priority: 250, trackInterface: [track('eth1', { weight: 30 })] }, 254],
    ['never below 1', { priority: 10, trackInterface: [track('eth9', { weight: -30 })] }, 1],
    ['the owner ignores them', { priority: 255, trackInterface: [track('eth9', { weight: -30 })] }, 255],
  ];
  for (const [name, change, priority] of rows) {
    test(name, () => {
      const config = engineConfig([instance('VI_1', change)], {}, { trackFiles: [trackFile('f')] });
      const made = new Director(config, [eth0, eth1]);
      made.start(0);
      made.step({ type: 'file-value', trackFile: 'f', value: 20 }, 0);
      assert.equal(vrrpView(made.state, 0).instances[0]?.effectivePriority, priority);
    });
  }

  test('notify_priority_changes tells each change', () => {
    const made = aMaster({ notifyPriorityChanges: true, trackInterface: [track('eth1', { weight: -30 })] });
    made.setUp('eth1', false, 10_000);
    assert.deepEqual(made.notifications(10_000), ['INSTANCE VI_1 MASTER_PRIORITY 70']);
  });
});

test('a group is told of before its members at the start, and after them where they waited for a script', () => {
  for (const waits of [false, true]) {
    const member = instance('VI_1', waits ? { trackScript: [track('chk')] } : {});
    const config = engineConfig([member], { syncGroups: [group('VG', ['VI_1'])], scripts: [script('chk')] });
    const made = new Director(config, [eth0]);
    made.start(0);
    made.step({ type: 'script-result', script: 'chk', ok: true, reason: '' }, 20);
    const told = ['GROUP VG BACKUP 0', 'INSTANCE VI_1 BACKUP 100'];
    assert.deepEqual(made.notifications(), waits ? told.reverse() : told);
  }
});

describe('vrrp_script', () => {
  function scripted(change: Parameters<typeof script>[1] = {}): Director {
    const config = engineConfig([instance('VI_1', { trackScript: [track('chk')] })], {
      scripts: [script('chk', change)],
    });
    const made = new Director(config, [eth0]);
    made.start(0);
    return made;
  }
  const result = (made: Director, ok: boolean, ms: number): void => {
    made.run(ms);
    made.step({ type: 'script-result', script: 'chk', ok, reason: 'exited with status 1' }, ms);
  };

  test('without weight: the instance waits for the first result', () => {
    const made = scripted();
    assert.equal(made.stateOf('VI_1'), 'INIT');
    assert.deepEqual(vrrpView(made.state, 0).instances[0]?.reasons, ['waits for the first result of what it tracks']);
    result(made, true, 500);
    assert.deepEqual(made.notifications(), ['INSTANCE VI_1 BACKUP 100']);
  });

  test('the first failure decides alone; after a success it takes fall failures, and rise successes to come back', () => {
    const made = scripted({ fall: 2, rise: 2 });
    const states = [false, true, true, false, true, false, false, true, true].map((ok, k) => {
      result(made, ok, 500 + 1000 * k);
      return made.stateOf('VI_1');
    });
    assert.deepEqual(states, ['FAULT', 'FAULT', 'BACKUP', 'BACKUP', 'BACKUP', 'BACKUP', 'FAULT', 'FAULT', 'BACKUP']);
  });

  test('it runs at start and at each interval, with its timeout, and is not started while it runs', () => {
    const made = scripted({ intervalMs: 2000, timeoutMs: 9000 });
    made.run(5000);
    const runs = made.trace.filter(({ effect }) => effect.type === 'run-script');
    assert.deepEqual(runs, [{ atMs: 0, effect: { type: 'run-script', script: 'chk', timeoutMs: 9000 } }]);
    assert.equal(made.logs().filter((line) => line.includes('still running')).length, 2);
    result(made, true, 5500);
    made.run(6000);
    assert.equal(made.trace.filter(({ effect }) => effect.type === 'run-script').length, 2);
  });

  test('init_fail: down until rise successes', () => {
    const made = scripted({ initFail: true });
    assert.equal(made.stateOf('VI_1'), 'FAULT');
    result(made, true, 500);
    assert.equal(made.stateOf('VI_1'), 'BACKUP');
  });
});

test('stop: priority 0 from masters, addresses taken back unless they are to stay, STOP for all, and nothing after it', () => {
  for (const keepAddresses of [false, true]) {
    const made = aMaster();
    assert.deepEqual(adverts(made.step({ type: 'stop', keepAddresses }, 10_000)), [0]);
    assert.equal(made.holds('eth0', vip), keepAddresses);
    assert.deepEqual(made.notifications(10_000), ['INSTANCE VI_1 STOP 100']);
    assert.deepEqual([made.deadline, hear(made, 11_000)], [undefined, []]);
  }
});

describe('unicast_fault_no_peer', () => {
  test('without peers it is in FAULT, and no advert goes to the multicast group', () => {
    const made = director({ unicastFaultNoPeer: true });
    made.start(0);
    made.run(20_000);
    assert.equal(made.stateOf('VI_1'), 'FAULT');
    assert.ok(made.trace.every(({ effect }) => effect.type !== 'send-advert'));
    assert.ok(made.logs().some((text) => text.includes('no unicast_peer')));
  });

  test('with peers it does nothing', () => {
    const made = director({ unicastFaultNoPeer: true, unicastPeer: [{ span, address: peer, minTtl: 0, maxTtl: 255 }] });
    made.start(0);
    made.run(20_000);
    assert.equal(made.stateOf('VI_1'), 'MASTER');
  });
});

test('notify_priority_changes of a group tells of its members, as that of a member does', () => {
  for (const [byGroup, told] of [
    [true, ['INSTANCE VI_1 MASTER_PRIORITY 120']],
    [false, []],
  ] as const) {
    const weighted = group('G', ['VI_1'], {
      notifyPriorityChanges: byGroup,
      syncGroupTrackingWeight: true,
      trackFile: [track('f')],
    });
    const made = new Director(
      engineConfig([instance('VI_1')], { syncGroups: [weighted] }, { trackFiles: [trackFile('f')] }),
      [eth0],
    );
    made.start(0);
    made.run(9999);
    made.step({ type: 'file-value', trackFile: 'f', value: 20 }, 10_000);
    assert.deepEqual(made.notifications(10_000), told);
  }
});

test('fifo_write_vrrp_states_on_reload: all states once more, for the FIFOs alone', () => {
  for (const statesOnReload of [true, false]) {
    const made = new Director(engineConfig([instance('VI_1')], { syncGroups: [group('G', ['VI_1'])] }), [eth0]);
    made.start(0);
    made.run(9999);
    const config = { ...made.state.config, statesOnReload };
    const notices = made.step({ type: 'reload', config }, 10_000).filter(({ type }) => type === 'notify');
    const told = (object: 'INSTANCE' | 'GROUP', name: string, priority: number): VrrpEffect => {
      return { type: 'notify', object, name, state: 'MASTER', priority, fifoOnly: true };
    };
    assert.deepEqual(notices, statesOnReload ? [told('INSTANCE', 'VI_1', 100), told('GROUP', 'G', 0)] : []);
  }
});
