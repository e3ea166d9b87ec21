import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { growthOf, readCounters } from '../../src/mode/custom/counters.ts';

describe('counters that a command prints', () => {
  it('are its lines of a name and a whole number, however they are set apart', () => {
    const text = 'traps 5\n\tmaps:  7 \nirq.count=0\r\nsome words 3\n-1\nload 1.5\n9 lives\nminus -4\n';
    assert.deepEqual(readCounters(text), { traps: 5, maps: 7, 'irq.count': 0 });
    assert.deepEqual(readCounters(''), {});
  });

  it('are the last of a name, and the first 64 lines', () => {
    assert.deepEqual(readCounters('a 1\na 2\n'), { a: 2 });
    const names = Array.from({ length: 70 }, (_, index) => `c${index}`);
    const found = readCounters(names.map((name) => `${name} 1\n`).join(''));
    assert.deepEqual(Object.keys(found), names.slice(0, 64));
  });
});

describe('the growth of counters', () => {
  it('is by kind, from nothing where a kind is new; what stood still or began anew is left out', () => {
    const [before, after] = [
      { traps: 5, still: 7, anew: 9, gone: 1 },
      { traps: 12, still: 7, anew: 2, fresh: 1 },
    ];
    assert.deepEqual(growthOf(after, before), { traps: 7, fresh: 1 });
  });

  it('is from nothing also where a new kind has a name that every object has', () => {
    assert.deepEqual(growthOf({ constructor: 3, toString: 2 }, {}), { constructor: 3, toString: 2 });
  });
});
