import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { neededLibraries } from '../../../src/lab/make/elf.ts';

describe('neededLibraries', () => {
  it('reads what a dynamic program names', () => {
    const needed = neededLibraries(readFileSync(process.execPath));
    assert.ok(needed.includes('libc.so.6'), needed.join());
  });

  it('finds nothing in what is no program', () => {
    assert.deepEqual(neededLibraries(Buffer.from('#!/bin/sh\n'.repeat(20))), []);
    assert.deepEqual(neededLibraries(Buffer.alloc(0)), []);
  });
});
