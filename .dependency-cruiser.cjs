// One row per folder: what it may import. Anything not listed is forbidden.
const may = {
  core: [],
  parser: ['core'],
  config: ['core', 'parser'],
  lint: ['core', 'parser', 'config'],
  netlink: ['core'],
  'ipvs-netlink': ['core', 'netlink'],
  rtnetlink: ['core', 'netlink'],
  vrrp: ['core', 'config'],
  lvs: ['core', 'config'],
  simulate: ['core', 'config', 'vrrp'],
  smtp: ['core'],
  checkers: ['core', 'config', 'smtp'],
  notify: ['core', 'config', 'smtp'],
  // It owns the disk that configuration files are read from, so it knows the parser's FileSource.
  platform: ['core', 'netlink', 'parser'],
  daemon: [
    'core',
    'parser',
    'config',
    'netlink',
    'ipvs-netlink',
    'rtnetlink',
    'vrrp',
    'lvs',
    'smtp',
    'checkers',
    'notify',
    'platform',
  ],
  cli: ['core', 'parser', 'config', 'lint', 'checkers', 'simulate', 'platform', 'daemon'],
};
const pure = [
  'core',
  'parser',
  'config',
  'lint',
  'netlink',
  'ipvs-netlink',
  'rtnetlink',
  'vrrp',
  'lvs',
  'simulate',
  'smtp',
];
const layer = Object.entries(may).map(([from, to]) => ({
  name: `layer-${from}`,
  severity: 'error',
  from: { path: `^src/${from}/` },
  to: { path: '^src/', pathNot: [from, ...to].map((folder) => `^src/${folder}/`) },
}));
module.exports = {
  forbidden: [
    ...layer,
    {
      name: 'pure-core',
      severity: 'error',
      from: { path: `^src/(${pure.join('|')})/` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'index-only',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'] },
    },
    { name: 'no-own-index', severity: 'error', from: { path: '^src/([^/]+)/' }, to: { path: '^src/$1/index\\.ts$' } },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-dev-dependency',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
