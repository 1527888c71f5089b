import { statSync, watch, type FSWatcher } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import {
  fileSignature,
  initialiseNumber,
  readNumber,
  readNumberNow,
  type InitialNumber,
  type NumberInFile,
} from './number-file.ts';

/** A file whose number counts (keepalived.conf(5), track_file). */
export interface TrackedFile {
  readonly name: string;
  readonly file: string;
  /** Written where the file does not exist, at the first start also where it does if it says so. */
  readonly initFile?: InitialNumber;
}

export interface TrackFilesEdges {
  /** The number is another than before; 0 for a file that is missing or holds none. */
  readonly onValue: (name: string, value: number) => void;
  readonly onTrouble: (name: string, text: string) => void;
}

interface Folder {
  readonly path: string;
  /** Which folder it is, `missing` where there is none: a name can come to stand for another one. */
  identity: string;
  watcher: FSWatcher | undefined;
  readonly files: Map<string, WatchedFile>;
}

interface WatchedFile {
  readonly path: string;
  readonly names: string[];
  value: number;
  signature: string;
  reading: boolean;
  again: boolean;
  trouble: string | undefined;
}

/** How often files are looked at besides: links change and folders come without an event, and some file systems have none. */
const lookMs = 1000;
const settleMs = 50;
/** Files that one look takes at most; the rest comes with the next. */
const perLook = 500;

/**
 * Follows the numbers in files: by events of their folders, since a file that is replaced is another file, and by a look each
 * second for what has no event. What reads them can wait for a dead file server: after the first time nobody waits for it.
 */
export class TrackFiles {
  readonly #edges: TrackFilesEdges;
  readonly #folders = new Map<string, Folder>();
  #files: readonly WatchedFile[] = [];
  #timer: NodeJS.Timeout | undefined;
  #started = false;
  /** What the files hold when they begin to be followed is no change. */
  #following = false;
  #next = 0;
  #looking = false;

  constructor(edges: TrackFilesEdges) {
    this.#edges = edges;
  }

  /** By name: what the files hold now, as far as it is known. */
  values(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#files.flatMap(({ names, value }) => names.map((name) => [name, value])));
  }

  /** Takes the files of a configuration, at start and at reload; `values` has their numbers afterwards. */
  follow(tracked: readonly TrackedFile[]): void {
    const held = new Map(this.#files.map(({ path, value }) => [path, value]));
    this.stop();
    for (const { name, file, initFile } of tracked) {
      if (initFile === undefined) continue;
      const written = initialiseNumber(file, { ...initFile, overwrite: initFile.overwrite && !this.#started });
      if (!written.ok) this.#edges.onTrouble(name, written.error);
    }
    this.#started = true;
    for (const { name, file } of tracked) this.#add(name, file);
    this.#files = [...this.#folders.values()].flatMap(({ files }) => [...files.values()]);
    for (const folder of this.#folders.values()) {
      folder.identity = identityNow(folder.path);
      this.#watch(folder);
      for (const file of folder.files.values()) {
        file.value = held.get(file.path) ?? 0;
        this.#take(file, readNumberNow(file.path));
      }
    }
    this.#following = true;
    if (this.#files.length > 0) this.#timer = setInterval(() => void this.#look(), lookMs).unref();
  }

  stop(): void {
    this.#following = false;
    clearInterval(this.#timer);
    for (const { watcher } of this.#folders.values()) watcher?.close();
    this.#folders.clear();
    this.#files = [];
  }

  #add(name: string, path: string): void {
    const folderPath = dirname(path);
    const folder: Folder = this.#folders.get(folderPath) ?? {
      path: folderPath,
      identity: 'missing',
      watcher: undefined,
      files: new Map(),
    };
    this.#folders.set(folderPath, folder);
    const known = folder.files.get(basename(path));
    if (known !== undefined) known.names.push(name);
    else
      folder.files.set(basename(path), {
        path,
        names: [name],
        value: 0,
        signature: '',
        reading: false,
        again: false,
        trouble: undefined,
      });
  }

  /** Without a watcher the looks find out. */
  #watch(folder: Folder): void {
    folder.watcher?.close();
    folder.watcher = undefined;
    if (folder.identity === 'missing') return;
    try {
      const watcher = watch(folder.path, { persistent: false }, (_, name) => {
        if (name === null) for (const file of folder.files.values()) this.#read(file);
        const file = name === null ? undefined : folder.files.get(name);
        if (file !== undefined) this.#read(file);
      });
      watcher.on('error', () => {
        watcher.close();
      });
      folder.watcher = watcher;
    } catch {
      // The system's limit on watches is reached, or the folder went in this moment.
    }
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const files = this.#files;
    for (const folder of [...this.#folders.values()]) {
      const identity = await identityOf(folder.path);
      if (identity === folder.identity || this.#folders.get(folder.path) !== folder) continue;
      folder.identity = identity;
      this.#watch(folder);
      for (const file of folder.files.values()) this.#read(file);
    }
    const chosen = Array.from({ length: Math.min(perLook, files.length) }, (_, i) => (this.#next + i) % files.length);
    this.#next = files.length === 0 ? 0 : (this.#next + chosen.length) % files.length;
    for (const i of chosen) {
      const file = files[i];
      if (file !== undefined && (await signatureOf(file.path)) !== file.signature) this.#read(file);
    }
    this.#looking = false;
  }

  #read(file: WatchedFile): void {
    if (file.reading) {
      file.again = true;
      return;
    }
    file.reading = true;
    void this.#settled(file.path).then((read) => {
      file.reading = false;
      if (!this.#files.includes(file)) return;
      this.#take(file, read);
      if (!file.again) return;
      file.again = false;
      this.#read(file);
    });
  }

  /** A file that is emptied and written anew has no other value in between. */
  async #settled(path: string): Promise<NumberInFile> {
    const read = await readNumber(path);
    if (read.passing === undefined) return read;
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    return readNumber(path);
  }

  #take(file: WatchedFile, { value, signature, trouble }: NumberInFile): void {
    file.signature = signature;
    if (trouble !== undefined && trouble !== file.trouble)
      for (const name of file.names) this.#edges.onTrouble(name, `${file.path} ${trouble}`);
    file.trouble = trouble;
    if (value === undefined || value === file.value) return;
    file.value = value;
    if (!this.#following) return;
    for (const name of file.names) this.#edges.onValue(name, value);
  }
}

function identityNow(path: string): string {
  try {
    const { dev, ino } = statSync(path);
    return `${String(dev)}:${String(ino)}`;
  } catch {
    return 'missing';
  }
}

async function identityOf(path: string): Promise<string> {
  try {
    const { dev, ino } = await stat(path);
    return `${String(dev)}:${String(ino)}`;
  } catch {
    return 'missing';
  }
}

async function signatureOf(path: string): Promise<string> {
  try {
    return fileSignature(await stat(path));
  } catch {
    return 'missing';
  }
}
