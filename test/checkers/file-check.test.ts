import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileFinding } from '../../src/checkers/index.ts';

const span = { file: 'test.conf', line: 1, column: 1, endLine: 1, endColumn: 2 };

describe('FILE_CHECK', () => {
  const own = (weight: number, reverse = false) => ({ weight, reverse });
  const check = (weight?: number, reverse = false) =>
    ({ type: 'FILE_CHECK', span, trackFile: 'f', ...(weight === undefined ? {} : { weight }), reverse }) as const;
  const down = { up: false };
  // Each row was seen with keepalived 2.2.7.
  for (const [name, checker, file, value, expected] of [
    ['the number is added', check(), own(1), 5, { up: true, weight: 5 }],
    ['a negative one is taken away', check(), own(1), -101, { up: true, weight: -101 }],
    ['-254 has no meaning of its own here', check(), own(1), -254, { up: true, weight: -254 }],
    ['a weight of the check multiplies it', check(3), own(1), 5, { up: true, weight: 15 }],
    ['reverse turns it', check(1, true), own(1), 5, { up: true, weight: -5 }],
    ['the weight of the file counts where the check has none', check(), own(2, true), 5, { up: true, weight: -10 }],
    ['a weight of the check undoes the direction of the file', check(5), own(2, true), 5, { up: true, weight: 25 }],
    ['weight 0: any number but 0 is down', check(0), own(1), 5, down],
    ['weight 0: a negative one too', check(), own(0), -1, down],
    ['weight 0: 0 is up', check(), own(0), 0, { up: true }],
    ['a large sum is cut', check(3), own(1), 2 ** 31 - 1, { up: true, weight: 2 ** 31 - 1 }],
    ['the least number is down', check(), own(1), -(2 ** 31), down],
    ['the least but one is not', check(), own(1), 1 - 2 ** 31, { up: true, weight: 1 - 2 ** 31 }],
    ['a product beyond the least is down', check(3), own(1), 1 - 2 ** 31, down],
    ['reverse: the greatest number is down', check(1, true), own(1), 2 ** 31, down],
  ] as const) {
    test(name, () => {
      assert.deepEqual(fileFinding(checker, file, value), expected);
    });
  }
});
