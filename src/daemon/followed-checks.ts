import { fileFinding, followedChecks } from '../checkers/index.ts';
import type { Checker } from '../config/index.ts';
import { checkerId, realServerText, type Finding } from '../lvs/index.ts';
import type { CheckersSettings, Log } from './messages.ts';

interface FollowedCheck {
  readonly id: string;
  readonly server: string;
  readonly checker: Checker;
}

/** What is known at the start: the track_files' numbers, and whether each BFD session is up. */
interface FollowedStart {
  readonly settings: CheckersSettings;
  readonly files: Readonly<Record<string, number>>;
  readonly bfds: Readonly<Record<string, boolean>>;
}

/** Checks that follow something and are not run: what they follow comes from elsewhere, and what they say of it changes with it. */
export class FollowedChecks {
  readonly #log: Log;
  /** What the track_files hold, by name. */
  #files = new Map<string, number>();
  /** Whether each BFD session is up, as far as it is known. */
  readonly #bfds: Map<string, boolean>;
  #settings: Pick<CheckersSettings, 'trackFiles'>;
  #checks: readonly FollowedCheck[] = [];
  readonly #said = new Map<string, boolean>();

  constructor(log: Log, { settings, files, bfds }: FollowedStart) {
    this.#log = log;
    this.#settings = settings;
    this.#bfds = new Map(Object.entries(bfds));
    this.configure(settings, files);
  }

  configure(settings: CheckersSettings, files: Readonly<Record<string, number>>): void {
    this.#settings = settings;
    this.#files = new Map(Object.entries(files));
    this.#checks = settings.lvs.virtualServers.flatMap((virtual) =>
      virtual.realServers.flatMap((real) =>
        real.checkers
          .filter(({ type }) => followedChecks.has(type))
          .map((checker) => ({
            id: checkerId(virtual, real, checker),
            server: realServerText(real, virtual),
            checker,
          })),
      ),
    );
    const ids = new Set(this.#checks.map(({ id }) => id));
    for (const id of this.#said.keys()) if (!ids.has(id)) this.#said.delete(id);
  }

  /** What the checks of a file say now that it holds another number. */
  fileChanged(trackFile: string, value: number): ReadonlyMap<string, Finding> {
    this.#files.set(trackFile, value);
    return this.#findings(({ checker }) => checker.type === 'FILE_CHECK' && checker.trackFile === trackFile);
  }

  bfdChanged(name: string, up: boolean): ReadonlyMap<string, Finding> {
    this.#bfds.set(name, up);
    return this.#findings(({ checker }) => checker.type === 'BFD_CHECK' && checker.name === name);
  }

  /** What all of them say now, by checker id. */
  findings(): ReadonlyMap<string, Finding> {
    return this.#findings(() => true);
  }

  #findings(concerns: (check: FollowedCheck) => boolean): ReadonlyMap<string, Finding> {
    const findings = new Map<string, Finding>();
    for (const check of this.#checks) {
      const finding = concerns(check) ? this.#finding(check) : undefined;
      if (finding !== undefined) findings.set(check.id, finding);
    }
    return findings;
  }

  #finding({ id, server, checker }: FollowedCheck): Finding | undefined {
    if (checker.type === 'BFD_CHECK') {
      const up = this.#bfds.get(checker.name);
      if (up !== undefined) this.#say(id, up, `(${server}): BFD session ${checker.name} is ${up ? 'up' : 'down'}:`);
      return up === undefined ? undefined : { up };
    }
    if (checker.type !== 'FILE_CHECK') return undefined;
    const file = this.#settings.trackFiles.find(({ name }) => name === checker.trackFile);
    if (file === undefined) return undefined;
    const value = this.#files.get(file.name) ?? 0;
    const finding = fileFinding(checker, file, value);
    this.#say(id, finding.up, `(${server}): tracked file ${file.name} holds ${String(value)}:`);
    return finding;
  }

  #say(id: string, up: boolean, what: string): void {
    const before = this.#said.get(id) ?? true;
    this.#said.set(id, up);
    if (up !== before) this.#log(up ? 'info' : 'warning', `${what} ${up ? 'leaving' : 'now'} FAULT state`);
  }
}
