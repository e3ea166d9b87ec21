import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { appletsOf } from '../../../src/lab/make/applets.ts';
import { problemOf } from '../../support/problem.ts';

describe('appletsOf', () => {
  it('reads the table of names that a busybox holds', () => {
    const program = Buffer.from('\x7fELF...\0usage\0[\0[[\0acpid\0zcat\0\0\0rest\0', 'latin1');
    assert.deepEqual(appletsOf(program, '/unpacked'), ['[', '[[', 'acpid', 'zcat']);
  });

  it('refuses a program without one', () => {
    assert.match(problemOf(() => appletsOf(Buffer.from('\x7fELF'), '/unpacked')).message, /no table/);
  });
});
