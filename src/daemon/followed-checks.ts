import { fileFinding } from '../checkers/index.ts';
import type { Checker } from '../config/index.ts';
import { checkerId, realServerText, type Finding } from '../lvs/index.ts';
import type { CheckersSettings, Log } from './messages.ts';

interface FollowedCheck {
  readonly id: string;
  readonly server: string;
  readonly checker: Checker;
}

/** Checks that follow something and are not run: what they follow comes from elsewhere, and what they say of it changes with it. */
export class FollowedChecks {
  readonly #log: Log;
  /** What the track_files hold, by name. */
  #files = new Map<string, number>();
  #settings: Pick<CheckersSettings, 'trackFiles'>;
  #checks: readonly FollowedCheck[] = [];
  readonly #said = new Map<string, boolean>();

  constructor(log: Log, settings: CheckersSettings, files: Readonly<Record<string, number>>) {
    this.#log = log;
    this.#settings = settings;
    this.configure(settings, files);
  }

  configure(settings: CheckersSettings, files: Readonly<Record<string, number>>): void {
    this.#settings = settings;
    this.#files = new Map(Object.entries(files));
    this.#checks = settings.lvs.virtualServers.flatMap((virtual) =>
      virtual.realServers.flatMap((real) =>
        real.checkers
          .filter(({ type }) => type === 'FILE_CHECK')
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
