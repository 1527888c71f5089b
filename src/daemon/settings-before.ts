import type { SysctlsBefore } from './messages.ts';

type Owner = keyof SysctlsBefore;

/** What kernel settings were before this part, or one that died before it, changed them; each owner knows its own. */
export class SettingsBefore {
  #before: SysctlsBefore;
  readonly #tell: (before: SysctlsBefore) => void;

  constructor(before: SysctlsBefore | undefined, tell: (before: SysctlsBefore) => void) {
    this.#before = before ?? {};
    this.#tell = tell;
  }

  of(owner: Owner): Readonly<Record<string, string>> {
    return this.#before[owner] ?? {};
  }

  learned(owner: Owner, settings: Readonly<Record<string, string>>): void {
    this.#before = { ...this.#before, [owner]: settings };
    this.#tell(this.#before);
  }
}
