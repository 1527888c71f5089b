/** The rows of the comparison of notifications of VRRP: what happens, and who is told what. */

export const tellers = ['keepalived', 'watchkeeper'] as const;
export type Teller = (typeof tellers)[number];

/** Says how it was called. */
export const recorder = (folder: string): string => `#!/bin/bash
arguments=$(printf '[%s]' "$@")
names=$(tr '\\0' '\\n' < /proc/$$/environ | sed 's/=.*//' | LC_ALL=C sort | tr '\\n' ' ')
echo "$arguments $(id -un):$(id -gn) $names" >> ${folder}/said
`;

/** What every script has behind its arguments: the account, and the names of its environment, of which none is the daemon's own. */
export const asRoot = ' root:root FOO PATH ';
export const asNobody = ' nobody:nogroup FOO PATH ';

function scripts(folder: string, name: string): string {
  const own = ['master', 'backup', 'fault', 'stop'].map(
    (kind) => `  notify_${kind} "${folder}/rec ${name}-${kind} 'two words'"`,
  );
  return [...own, `  notify "${folder}/rec ${name}-any first"`].join('\n');
}

function instance(name: string, id: number, lines: string): string {
  return `vrrp_instance ${name} {
  interface eth0
  virtual_router_id ${String(id)}
  priority 100
  authentication {
    auth_type PASS
    auth_pass 1111
  }
  virtual_ipaddress {
    10.9.0.${String(id)}
  }
${lines}
}
`;
}

/** The second configuration has only what stays. */
export function notifyingConf(folder: string, removed: boolean): string {
  const lower = `  notify_master_rx_lower_pri "${folder}/rec A-lower" nobody nogroup`;
  const leaving = [
    instance('D1', 51, scripts(folder, 'D1')),
    instance('D2', 52, `${scripts(folder, 'D2')}\n  notify_deleted`),
    instance('D3', 53, `${scripts(folder, 'D3')}\n  notify_deleted "${folder}/rec D3-deleted"`),
  ];
  return `global_defs {
  enable_script_security
  script_user root
  notify_fifo ${folder}/all
  vrrp_notify_fifo ${folder}/vrrp
  fifo_write_vrrp_states_on_reload
}
track_file value {
  file ${folder}/value
  weight 1
}
${instance('A', 41, `${scripts(folder, 'A')}\n${lower}\n  notify_priority_changes yes\n  track_file {\n    value\n  }`)}
${instance('B', 42, '')}
${instance('C', 43, '')}
vrrp_sync_group G {
  group {
    B
    C
  }
${scripts(folder, 'G')}
}
${removed ? '' : leaving.join('')}`;
}

const scripted = ['A', 'G', 'D1', 'D2', 'D3'];
const lines = (state: string, names = ['A', 'B', 'C', 'D1', 'D2', 'D3', 'G']): readonly string[] =>
  names.map((name) => (name === 'G' ? `GROUP "G" ${state} 0` : `INSTANCE "${name}" ${state} 100`));
/** Of a state: its own script as it is configured, and `notify` with four words more. */
const runs = (state: string, names = scripted): readonly string[] =>
  names.flatMap((name) => [
    `[${name}-${state.toLowerCase()}][two words]${asRoot}`,
    `[${name}-any][first]${name === 'G' ? `[GROUP][G][${state}][0]` : `[INSTANCE][${name}][${state}][100]`}${asRoot}`,
  ]);
const ofPriority = (all: readonly string[]): readonly string[] =>
  all.map((line) => line.replace(/("A" \w+ |\[INSTANCE\]\[A\]\[\w+\]\[)100/, '$1105'));

export interface Occasion {
  readonly name: string;
  /** A command in the namespace of the daemon; `signal` goes to it. */
  readonly command?: (folder: string) => string;
  readonly advert?: '--lower' | '--good';
  readonly signal?: 'SIGHUP' | 'SIGTERM';
  readonly fifo: Readonly<Record<Teller, readonly string[]>>;
  readonly scripts: Readonly<Record<Teller, readonly string[]>>;
}

const bothTell = (all: readonly string[]): Readonly<Record<Teller, readonly string[]>> => ({
  keepalived: all,
  watchkeeper: all,
});
/** keepalived tells of a priority that did not change, and of no instance that has not changed. */
const reloaded = {
  keepalived: ['INSTANCE "A" BACKUP_PRIORITY 105', ...lines('MASTER', ['G'])],
  watchkeeper: [...ofPriority(lines('MASTER', ['A', 'B', 'C'])), ...lines('MASTER', ['G'])],
};
const gone = ['INSTANCE "D1" FAULT 100', 'INSTANCE "D2" DELETED 100', 'INSTANCE "D3" DELETED 100'];
const goneScripts = [
  `[D1-any][first][INSTANCE][D1][FAULT][100]${asRoot}`,
  `[D2-any][first][INSTANCE][D2][DELETED][100]${asRoot}`,
  `[D3-any][first][INSTANCE][D3][DELETED][100]${asRoot}`,
  `[D3-deleted]${asRoot}`,
];

/** In the order in which they happen. */
export const occasions: readonly Occasion[] = [
  {
    name: 'start',
    fifo: bothTell([...lines('BACKUP'), ...lines('MASTER')]),
    scripts: bothTell([...runs('BACKUP'), ...runs('MASTER')]),
  },
  {
    name: 'link down',
    command: () => 'ip link set far down',
    fifo: bothTell(lines('FAULT')),
    scripts: bothTell(runs('FAULT')),
  },
  {
    name: 'link up',
    command: () => 'ip link set far up',
    fifo: bothTell([...lines('BACKUP'), ...lines('MASTER')]),
    scripts: bothTell([...runs('BACKUP'), ...runs('MASTER')]),
  },
  {
    name: 'advert of a lower priority',
    advert: '--lower',
    fifo: bothTell(['INSTANCE "A" MASTER_RX_LOWER_PRI 100']),
    scripts: bothTell([`[A-lower]${asNobody}`]),
  },
  {
    name: 'advert of a higher priority',
    advert: '--good',
    fifo: bothTell([...lines('BACKUP', ['A']), ...lines('MASTER', ['A'])]),
    scripts: bothTell([...runs('BACKUP', ['A']), ...runs('MASTER', ['A'])]),
  },
  {
    name: 'change of priority',
    command: (folder) => `echo 5 > ${folder}/value`,
    fifo: bothTell(['INSTANCE "A" MASTER_PRIORITY 105']),
    scripts: bothTell([]),
  },
  {
    name: 'reload without changes',
    signal: 'SIGHUP',
    fifo: { ...reloaded, watchkeeper: [...reloaded.watchkeeper, ...lines('MASTER', ['D1', 'D2', 'D3'])] },
    scripts: bothTell([]),
  },
  {
    name: 'reload that removes instances',
    command: (folder) => `cp ${folder}/conf2 ${folder}/conf`,
    signal: 'SIGHUP',
    fifo: {
      keepalived: [...gone, ...reloaded.keepalived],
      watchkeeper: [...gone, ...reloaded.watchkeeper],
    },
    scripts: {
      keepalived: goneScripts,
      watchkeeper: [`[D1-fault][two words]${asRoot}`, ...goneScripts],
    },
  },
  {
    name: 'stop',
    signal: 'SIGTERM',
    fifo: bothTell(ofPriority(lines('STOP', ['A', 'B', 'C', 'G']))),
    scripts: bothTell(ofPriority(runs('STOP', ['A', 'G']))),
  },
];
