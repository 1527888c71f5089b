import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PartMemory } from '../../src/daemon/part-memory.ts';

describe('what a vrrp part has told of itself', () => {
  const memory = new PartMemory();
  const nothing = { states: {}, ahSequences: {}, scripts: {} };

  test('is nothing before it told anything: its successor starts from nothing', () => {
    assert.deepEqual(memory.forVrrp(true), { ahSequences: {}, scripts: {} });
  });

  test('is all that it told, each thing as it was told last', () => {
    memory.take({
      type: 'states',
      whole: true,
      states: { A: 'BACKUP', B: 'BACKUP' },
      ahSequences: { B: 0 },
      scripts: { check: true },
    });
    memory.take({ type: 'states', whole: false, ...nothing, states: { B: 'MASTER' } });
    memory.take({ type: 'states', whole: false, ...nothing, ahSequences: { B: 256 }, scripts: { check: false } });
    assert.deepEqual(memory.forVrrp(true), {
      resume: { A: 'BACKUP', B: 'MASTER' },
      ahSequences: { B: 256 },
      scripts: { check: false },
    });
    assert.deepEqual(memory.states, { A: 'BACKUP', B: 'MASTER' });
  });

  test('is not for a part that starts without a death before it', () => {
    assert.equal(memory.forVrrp(false).resume, undefined);
  });

  test('is without what a reload took away', () => {
    memory.take({ type: 'states', whole: true, ...nothing, states: { B: 'MASTER' } });
    assert.deepEqual(memory.forVrrp(true), { resume: { B: 'MASTER' }, ahSequences: {}, scripts: {} });
  });
});
