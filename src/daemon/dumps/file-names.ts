import type { GlobalDefs } from '../../config/index.ts';

/** Where dumps go and who may read them, as the reference has it. */

/** What the files are named after: data, statistics and JSON of the vrrp process, data of the others. */
export type DumpFile = 'data' | 'check-data' | 'bfd-data' | 'parent-data' | 'stats' | 'json';

type Naming = Pick<
  GlobalDefs,
  'dataUseInstance' | 'instance' | 'netNamespace' | 'stateDumpFile' | 'statsDumpFile' | 'jsonDumpFile'
>;

const processes: Readonly<Partial<Record<DumpFile, string>>> = {
  'check-data': '_check',
  'bfd-data': '_bfd',
  'parent-data': '_parent',
};

/** `folder` is $TMPDIR or /tmp: where readers look. */
export function dumpPath(file: DumpFile, global: Naming, folder: string): string {
  if (file === 'stats') return placed(global.statsDumpFile, 'keepalived.stats', folder);
  if (file === 'json') return placed(global.jsonDumpFile, 'keepalived.json', folder);
  const path = beforeLastDot(placed(global.stateDumpFile, 'keepalived.data', folder), processes[file] ?? '');
  if (!global.dataUseInstance) return path;
  const words = [global.netNamespace, global.instance].filter((word) => word !== undefined);
  return words.length === 0 ? path : beforeLastDot(path, `.${words.map(inName).join('_')}`);
}

/** A path without leading / is in the folder, one that ends in / is a folder. */
function placed(given: string | undefined, usual: string, folder: string): string {
  if (given === undefined) return `${folder}/${usual}`;
  const path = given.startsWith('/') ? given : `${folder}/${given}`;
  return path.endsWith('/') ? `${path}${usual}` : path;
}

function beforeLastDot(path: string, infix: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? `${path}${infix}` : `${path.slice(0, path.length - name.length + dot)}${infix}${name.slice(dot)}`;
}

function inName(word: string): string {
  return word.replaceAll('/', '_');
}

/** Of files that are made: 0600 unless the command line or the keyword umask says otherwise. */
export function fileMode(option: number | undefined, { umask }: Pick<GlobalDefs, 'umask'>): number {
  return 0o666 & ~(option ?? umask ?? 0o177);
}
