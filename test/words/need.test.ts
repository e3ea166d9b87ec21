import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { programOf } from '../../src/words/need.ts';

describe('the program that a command line begins with', () => {
  for (const [command, program] of [
    ['./mmul 256', './mmul'],
    ['A=1 B=2 ./mmul', './mmul'],
    ['o=$(./mmul) && echo "$o"', 'sh'],
    ['A=1 o=`./mmul`; echo $o', 'sh'],
    ['sh -c "o=$(true)"', 'sh'],
    ['./mmul "$(nproc)"', './mmul'],
    ['A=1', ''],
  ] as const)
    it(`of ${command} is ${program || 'none'}`, () => {
      assert.equal(programOf(command), program);
    });
});
