import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toldOnce } from '../../src/words/told-once.ts';

describe('what happened again', () => {
  it('is told once, where it came first, with how often it happened and when last', () => {
    const one = (wall: string, target: string | null, text: string, trial: string) => ({
      ...{ wall, kind: 'link', target, text, trial },
    });
    const all = [
      one('1', 'a', 'x', 't1'),
      one('2', 'b', 'x', 't2'),
      one('3', 'a', 'x', 't3'),
      one('4', 'a', 'y', 't4'),
    ];
    assert.deepEqual(toldOnce(all), [
      { ...all[0], times: 2, last: '3' },
      { ...all[1], times: 1, last: '2' },
      { ...all[3], times: 1, last: '4' },
    ]);
    assert.deepEqual(toldOnce([]), []);
  });
});
