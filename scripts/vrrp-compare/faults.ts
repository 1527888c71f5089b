import type { Dice } from './dice.ts';
import { numbers, tracked } from './pieces.ts';
import { edited, type Plan } from './plan.ts';

/** What happens next, the same to both programs. */

export interface Happening {
  readonly name: string;
  /** Shell commands; `world` begins the names of namespaces, `folder` has the files. */
  readonly commands?: (world: string, folder: string) => string;
  /** A new configuration. */
  readonly reload?: Plan;
  readonly restart?: true;
}

/** What is out of order now. */
export class Weather {
  readonly #cut = new Set<string>();
  readonly #dice: Dice;
  readonly #count: number;

  constructor(dice: Dice, count: number) {
    this.#dice = dice;
    this.#count = count;
  }

  next(plan: Plan): Happening {
    const dice = this.#dice;
    return dice.pick<() => Happening>([
      () => ({ name: 'reload', reload: edited(dice, plan, this.#count) }),
      () => ({ name: 'reload', reload: edited(dice, plan, this.#count) }),
      () => ({ name: 'reload', reload: edited(dice, plan, this.#count) }),
      () => ({ name: 'restart', restart: true }),
      () => this.#links(),
      () => this.#links(),
      () => this.#interfaces(),
      () => this.#trackedInterfaces(),
      () => this.#scripts(),
      () => this.#files(),
      () => this.#addresses(),
      () => this.#taken(plan),
    ])();
  }

  /** Some go, some come back. */
  #toggled(what: string, count: number, probability: number): readonly (readonly [k: string, comes: boolean])[] {
    return numbers(count).flatMap((k) => {
      const name = `${what}${String(k)}`;
      const gone = this.#cut.has(name);
      if (!this.#dice.chance(gone ? 0.6 : probability)) return [];
      if (gone) this.#cut.delete(name);
      else this.#cut.add(name);
      return [[String(k), gone] as const];
    });
  }

  #happening(
    what: string,
    count: number,
    probability: number,
    command: (k: string, comes: boolean) => (world: string, folder: string) => string,
  ): Happening {
    const some = this.#toggled(what, count, probability);
    return {
      name: `${what} ${some.map(([k, comes]) => `${comes ? '+' : '-'}${k}`).join(' ')}`,
      commands: (world, folder) => some.map(([k, comes]) => command(k, comes)(world, folder)).join('\n'),
    };
  }

  #links(): Happening {
    return this.#happening('link', this.#count, 0.3, (k, comes) => (world) => {
      return `ip -n ${world}s link set ae${k} ${comes ? 'up' : 'down'}`;
    });
  }

  #interfaces(): Happening {
    return this.#happening('interface', this.#count, 0.15, (k, comes) => (world) => {
      const again = `; ip -n ${world}a address add fd00:9:${k}::1/64 dev e${k} nodad`;
      return `ip -n ${world}a link set e${k} ${comes ? `up${again}` : 'down'}`;
    });
  }

  #trackedInterfaces(): Happening {
    return this.#happening('tracked interface', tracked.interfaces, 0.5, (k, comes) => (world) => {
      return `ip -n ${world}a link set t${k} ${comes ? 'up' : 'down'}`;
    });
  }

  #scripts(): Happening {
    return this.#happening('script', tracked.scripts, 0.5, (k, comes) => (_, folder) => {
      return comes ? `rm -f ${folder}/flag${k}` : `touch ${folder}/flag${k}`;
    });
  }

  #files(): Happening {
    const values = numbers(tracked.files).map(() => String(this.#dice.pick([0, 0, 1, 5, 30, -20, 100, 300])));
    return {
      name: `files ${values.join(' ')}`,
      commands: (_, folder) => values.map((value, k) => `echo ${value} > ${folder}/value${String(k)}`).join('\n'),
    };
  }

  #addresses(): Happening {
    return this.#happening('own address', this.#count, 0.2, (k, comes) => (world) => {
      return `ip -n ${world}a address ${comes ? 'add' : 'del'} 10.9.${k}.1/24 dev e${k} || true`;
    });
  }

  /** Somebody takes away what a master has. */
  #taken(plan: Plan): Happening {
    const words = plan.instances.flatMap(({ number, slots }) => {
      if ((slots['vmac'] ?? '') !== '' || !this.#dice.chance(0.5)) return [];
      const lines = `${slots['addresses'] ?? ''}${slots['excluded'] ?? ''}`.split('\n');
      const entries = lines.map((line) => /^ *([0-9a-f.:]+(?:\/\d+)?)(?:.*dev (t\d))?/.exec(line));
      const found = this.#dice.some(
        entries.filter((entry) => entry !== null),
        0.5,
      );
      return found.map(([, address = '', dev]) => `${address} dev ${dev ?? `e${String(number)}`}`);
    });
    return {
      name: `taken away: ${words.join(', ')}`,
      commands: (world) => words.map((one) => `ip -n ${world}a address del ${one} 2>/dev/null || true`).join('\n'),
    };
  }
}
