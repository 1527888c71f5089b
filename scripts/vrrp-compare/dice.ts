import { randomNumbers } from '../../src/simulate/index.ts';

/** What a seed decides. */
export class Dice {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = randomNumbers(seed);
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  /** A whole number of both ends and between. */
  number(from: number, to: number): number {
    return from + Math.floor(this.#next() * (to - from + 1));
  }

  pick<T>(list: readonly [T, ...(readonly T[])]): T {
    return list[Math.floor(this.#next() * list.length)] ?? list[0];
  }

  /** Some of them, in their order. */
  some<T>(list: readonly T[], probability: number): readonly T[] {
    return list.filter(() => this.chance(probability));
  }

  /** The text with the probability, else nothing. */
  maybe(probability: number, text: () => string): string {
    return this.chance(probability) ? text() : '';
  }
}
