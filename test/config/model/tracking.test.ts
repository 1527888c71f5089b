import { describe } from 'node:test';
import { instance, modelTests, secured } from './plain.ts';

describe('what is tracked', () => {
  modelTests([
    {
      name: 'a script by itself',
      text: `${secured}vrrp_script s {\n  script "/bin/check 'a b' c"\n}\n`,
      read: ({ vrrp }) => vrrp.scripts,
      expected: [
        {
          name: 's',
          script: { argv: ['/bin/check', 'a b', 'c'] },
          intervalMs: 1000,
          weight: 0,
          reverse: false,
          rise: 1,
          fall: 1,
          initFail: false,
        },
      ],
    },
    {
      name: 'a script with all that it can have',
      text: `${secured}vrrp_script s {\n  script "/bin/check"\n  interval 0.5\n  timeout 2\n  weight -20 reverse\n  rise 2\n  fall 3\n  user root wheel\n  init_fail\n}\n`,
      read: ({ vrrp }) => vrrp.scripts,
      expected: [
        {
          name: 's',
          script: { argv: ['/bin/check'], user: 'root', group: 'wheel' },
          intervalMs: 500,
          timeoutMs: 2000,
          weight: -20,
          reverse: true,
          rise: 2,
          fall: 3,
          initFail: true,
        },
      ],
    },
    {
      name: 'a process by itself',
      text: 'vrrp_track_process p {\n  process nginx\n}\n',
      read: ({ vrrp }) => vrrp.trackProcesses,
      expected: [
        {
          name: 'p',
          process: ['nginx'],
          weight: 0,
          reverse: false,
          quorum: 1,
          forkDelayMs: 0,
          terminateDelayMs: 0,
          fullCommand: false,
        },
      ],
    },
    {
      name: 'a process with all that it can have',
      text: 'vrrp_track_process p {\n  process "/usr/sbin/a b" -g x\n  param_match initial\n  weight 254 reverse\n  quorum 2\n  quorum_max 4\n  delay 1\n  fork_delay 0.5\n}\n',
      read: ({ vrrp }) => vrrp.trackProcesses,
      expected: [
        {
          name: 'p',
          process: ['/usr/sbin/a b', '-g', 'x'],
          paramMatch: 'initial',
          quorumMax: 4,
          weight: 254,
          reverse: true,
          quorum: 2,
          forkDelayMs: 500,
          terminateDelayMs: 1000,
          fullCommand: true,
        },
      ],
    },
    {
      name: 'a process whose parameters are equal, of which none may run',
      text: 'vrrp_track_process p {\n  process a\n  param_match\n  quorum_max 0\n}\n',
      read: ({ vrrp }) => vrrp.trackProcesses.map(({ paramMatch, quorumMax }) => [paramMatch, quorumMax]),
      expected: [['exact', 0]],
    },
    {
      name: 'a file, and one that is made at start',
      text: 'track_file f {\n  file /run/f\n}\ntrack_file g {\n  file /run/g\n  weight -2 reverse\n  init_file 5 overwrite\n}\n',
      read: ({ trackFiles }) => trackFiles,
      expected: [
        { name: 'f', file: '/run/f', weight: 1, reverse: false },
        { name: 'g', file: '/run/g', weight: -2, reverse: true, initFile: { value: 5, overwrite: true } },
      ],
    },
    {
      name: 'a BFD session by itself',
      text: 'bfd_instance b {\n  neighbor_ip fe80::9\n}\n',
      read: ({ bfdInstances }) => bfdInstances,
      expected: [
        {
          name: 'b',
          neighborIp: 'fe80::9',
          minRxMs: 10,
          minTxMs: 10,
          idleTxMs: 1000,
          multiplier: 5,
          passive: false,
          ttl: 64,
          maxHops: 0,
          multihop: false,
          weight: 0,
          reverse: false,
          vrrp: true,
          checker: true,
        },
      ],
    },
    {
      name: 'a BFD session with all that it can have',
      text: 'bfd_instance b {\n  neighbour_ip 10.0.0.9\n  source_ip 10.0.0.5\n  min_rx 3.312\n  min_tx 20\n  idle_tx 2000\n  multiplier 3\n  passive\n  ttl 9\n  max_hops 4\n  multihop\n  weight -5 reverse\n  checker\n}\n',
      read: ({ bfdInstances }) => bfdInstances,
      expected: [
        {
          name: 'b',
          neighborIp: '10.0.0.9',
          sourceIp: '10.0.0.5',
          minRxMs: 3.312,
          minTxMs: 20,
          idleTxMs: 2000,
          multiplier: 3,
          passive: true,
          ttl: 9,
          maxHops: 4,
          multihop: true,
          weight: -5,
          reverse: true,
          vrrp: false,
          checker: true,
        },
      ],
    },
    {
      name: 'the lists of an instance',
      text: `${secured}vrrp_script s {\n  script "/bin/x"\n}\nvrrp_track_process p {\n  process a\n}\nbfd_instance b {\n  neighbor_ip 10.0.0.9\n}\n${instance('  track_script {\n    s weight 5\n  }\n  track_process {\n    p weight -254 reverse\n  }\n  track_bfd {\n    b weight 0 noreverse\n  }\n  track_interface {\n    eth1\n  }')}`,
      read: ({ vrrp }) =>
        vrrp.instances.map(({ trackScript, trackProcess, trackBfd, trackInterface }) => ({
          trackScript,
          trackProcess,
          trackBfd,
          trackInterface,
        })),
      expected: [
        {
          trackScript: [{ name: 's', weight: 5 }],
          trackProcess: [{ name: 'p', weight: -254, reverse: true }],
          trackBfd: [{ name: 'b', weight: 0, reverse: false }],
          trackInterface: [{ name: 'eth1' }],
        },
      ],
    },
    {
      name: 'groups of instances, and of interfaces that share a limit',
      text: `track_group g {\n  group {\n    VI_1\n    VI_2\n  }\n}\ngarp_group {\n  garp_interval 0.5\n  interface eth0\n  interfaces {\n    eth1\n  }\n}\n`,
      read: ({ vrrp }) => [vrrp.trackGroups, vrrp.garpGroups],
      expected: [
        [{ name: 'g', group: ['VI_1', 'VI_2'] }],
        [{ garpIntervalMs: 500, gnaIntervalMs: 0, interfaces: ['eth0', 'eth1'] }],
      ],
    },
    {
      name: 'how links are watched',
      text: 'linkbeat_interfaces {\n  eth0\n  eth1 ETHTOOL\n}\ninterface_up_down_delays {\n  eth0 2\n  eth1 0.5 0.00001\n}\n',
      read: ({ vrrp }) => [vrrp.linkbeatInterfaces, vrrp.interfaceUpDownDelays],
      expected: [
        [{ interface: 'eth0' }, { interface: 'eth1', method: 'ETHTOOL' }],
        [
          { interface: 'eth0', downMs: 2000, upMs: 2000 },
          { interface: 'eth1', downMs: 500, upMs: 0.01 },
        ],
      ],
    },
  ]);
});
