import { fromLines, globals, instance, type VerdictCase } from './case.ts';

const processes = `
0 process nginx
5 
2 process
0 process nginx -g x
0 process "/usr/sbin/nginx -g"
5 process nginx ; process apache
0 process nginx ; param_match
0 process nginx ; param_match initial
0 process nginx ; param_match partial
5 process nginx ; param_match exact
5 process nginx ; param_match x
0 process nginx ; weight 5
5 process nginx ; weight
5 process nginx ; weight 300
0 process nginx ; weight 254
0 process nginx ; weight -254
0 process nginx ; weight 5 reverse
5 process nginx ; weight 5 noreverse
5 process nginx ; weight 5 x
5 process nginx ; quorum 0
0 process nginx ; quorum 3
2 process nginx ; quorum
5 process nginx ; quorum 70000
0 process nginx ; quorum_max 2
0 process nginx ; quorum_max 0
5 process nginx ; quorum 3 ; quorum_max 2
0 process nginx ; delay 2
5 process nginx ; delay 0
5 process nginx ; delay 4000
0 process nginx ; terminate_delay 0.5
5 process nginx ; fork_delay x
0 process nginx ; fork_delay 1
0 process nginx ; full_command
0 process nginx ; delay 1 ; fork_delay 2
`;

const scripts = `
0 interval 2
5 interval 0.5
5 interval x
5 interval 5000
5 timeout 0
0 timeout 3
5 timeout 0.5
5 weight 254
5 weight -254
0 weight 253
0 weight 5 reverse
5 weight 5 foo
5 weight 5 noreverse
5 rise 0
0 rise 2
5 fall 0
5 fall x
2 user
0 user root
5 user nobody9
0 user root root
0 init_fail
0 script "/bin/false"
2 interval
2 timeout
2 weight
2 rise
`;

const files = `
0 file /tmp/f
5 file
5 file /tmp/f ; file /tmp/g
5 file /tmp/f ; weight
0 file /tmp/f ; weight 254
5 file /tmp/f ; weight 255
0 file /tmp/f ; weight 5 reverse
5 file /tmp/f ; weight 5 foo
0 file /tmp/f ; init_file
0 file /tmp/f ; init_file 5
0 file /tmp/f ; init_file 5 overwrite
0 file /tmp/f ; init_file overwrite
5 file /tmp/f ; init_file x
0 file /tmp/f ; init_file overwrite 5
0 file relative
5 file /tmp/f ; init_file 5 x
5 file /tmp/f ; init_file 99999999999
5 file /tmp/f ; init_file 300
0 file "/tmp/f g"
0 file /tmp/f g
`;

const bfd = `
5 
5 neighbor_ip x
0 neighbor_ip 10.0.0.9
0 neighbour_ip 10.0.0.9
0 neighbor_ip 10.0.0.9 ; neighbor_ip 10.0.0.8
0 neighbor_ip 10.0.0.9 ; source_ip 10.0.0.5
5 neighbor_ip 10.0.0.9 ; source_ip x
5 neighbor_ip 10.0.0.9 ; source_ip fd00::1
2 neighbor_ip 10.0.0.9 ; source_ip
0 neighbor_ip 10.0.0.9 ; min_rx 10
5 neighbor_ip 10.0.0.9 ; min_rx 0
5 neighbor_ip 10.0.0.9 ; min_rx 0.5
0 neighbor_ip 10.0.0.9 ; min_rx 20000
5 neighbor_ip 10.0.0.9 ; min_rx 5000000
5 neighbor_ip 10.0.0.9 ; min_rx x
0 neighbor_ip 10.0.0.9 ; min_rx 10.5
5 neighbor_ip 10.0.0.9 ; min_tx 1.2345
5 neighbor_ip 10.0.0.9 ; idle_tx 500
0 neighbor_ip 10.0.0.9 ; idle_tx 1000
0 neighbor_ip 10.0.0.9 ; idle_tx 20000
5 neighbor_ip 10.0.0.9 ; multiplier 0
0 neighbor_ip 10.0.0.9 ; multiplier 5
5 neighbor_ip 10.0.0.9 ; multiplier 256
0 neighbor_ip 10.0.0.9 ; passive
5 neighbor_ip 10.0.0.9 ; ttl 0
0 neighbor_ip 10.0.0.9 ; ttl 3
5 neighbor_ip 10.0.0.9 ; ttl 256
0 neighbor_ip 10.0.0.9 ; hoplimit 3
0 neighbor_ip 10.0.0.9 ; max_hops -1
5 neighbor_ip 10.0.0.9 ; max_hops -2
0 neighbor_ip 10.0.0.9 ; max_hops 5
5 neighbor_ip 10.0.0.9 ; ttl 3 ; max_hops 5
5 neighbor_ip 10.0.0.9 ; max_hops 256
0 neighbor_ip 10.0.0.9 ; weight 5
5 neighbor_ip 10.0.0.9 ; weight 254
0 neighbor_ip 10.0.0.9 ; weight 5 reverse
5 neighbor_ip 10.0.0.9 ; weight 5 foo
0 neighbor_ip 10.0.0.9 ; vrrp
0 neighbor_ip 10.0.0.9 ; checker
0 neighbor_ip 10.0.0.9 ; vrrp ; checker
2 neighbor_ip 10.0.0.9 ; min_rx
2 neighbor_ip 10.0.0.9 ; weight
2 neighbor_ip 10.0.0.9 ; multiplier
0 neighbor_ip 10.0.0.9 ; source_ip 10.0.0.9
5 neighbor_ip 10.0.0.9 ; weight 5 noreverse
`;

const lists = `
5 track_script weight 254
5 track_interface weight 254
0 track_file weight 254
5 track_bfd weight 254
0 track_process weight 254
5 track_script weight -254
5 track_interface weight -254
0 track_file weight -254
5 track_bfd weight -254
0 track_process weight -254
0 track_script weight 253
0 track_interface weight 253
0 track_file weight 253
0 track_bfd weight 253
0 track_process weight 253
5 track_script weight 255
5 track_interface weight 255
5 track_file weight 255
5 track_bfd weight 255
5 track_process weight 255
0 track_script weight 5 reverse
0 track_interface weight 5 reverse
0 track_file weight 5 reverse
0 track_bfd weight 5 reverse
0 track_process weight 5 reverse
0 track_script weight 5 noreverse
5 track_interface weight 5 noreverse
0 track_file weight 5 noreverse
0 track_bfd weight 5 noreverse
0 track_process weight 5 noreverse
5 track_script weight 5 foo
5 track_interface weight 5 foo
5 track_file weight 5 foo
5 track_bfd weight 5 foo
5 track_process weight 5 foo
5 track_script reverse
5 track_interface reverse
5 track_file reverse
5 track_bfd reverse
5 track_process reverse
5 track_script weight
5 track_interface weight
5 track_file weight
5 track_bfd weight
5 track_process weight
5 track_script foo
5 track_interface foo
5 track_file foo
5 track_bfd foo
5 track_process foo
0 track_script weight 0
0 track_interface weight 0
0 track_file weight 0
0 track_bfd weight 0
0 track_process weight 0
0 track_script weight 0 reverse
0 track_interface weight 0 reverse
0 track_file weight 0 reverse
0 track_bfd weight 0 reverse
0 track_process weight 0 reverse
0 track_script weight 5 reverse x
0 track_interface weight 5 reverse x
0 track_file weight 5 reverse x
0 track_bfd weight 5 reverse x
0 track_process weight 5 reverse x
`;

/** Blocks of what is tracked, and the lists that track it. */
export const trackingVerdicts: readonly VerdictCase[] = [
  ...fromLines('in a vrrp_track_process', processes, (line) => `vrrp_track_process p {\n${line}\n}\n${instance('')}`),
  ...fromLines('in a vrrp_script', scripts, (line) => `${secured(line)}${instance('')}`),
  ...fromLines('in a track_file', files, (line) => `track_file f {\n${line}\n}\n${instance('')}`),
  ...fromLines('in a bfd_instance', bfd, (line) => `bfd_instance b {\n${line}\n}\n${instance('')}`),
  ...fromLines('in an instance', lists, tracked),
];

function secured(line: string): string {
  return `${globals('  enable_script_security\n  script_user root')}vrrp_script s {\n  script "/bin/true"\n${line}\n}\n`;
}

/** `track_script weight 5`: a list with one entry, and what it names. */
function tracked(line: string): string {
  const [list = '', ...words] = line.split(' ');
  const [name = '', definition = ''] =
    {
      track_script: ['s', secured('')],
      track_interface: ['eth1', ''],
      track_file: ['f', 'track_file f {\n  file /tmp/f\n}\n'],
      track_process: ['p', 'vrrp_track_process p {\n  process a\n}\n'],
      track_bfd: ['b', 'bfd_instance b {\n  neighbor_ip 10.0.0.9\n}\n'],
    }[list] ?? [];
  return `${definition}${instance(`  ${list} {\n    ${[name, ...words].join(' ')}\n  }`)}`;
}
