/** The lab's C calls one way: a file, and a folder, knows those below it and not those above. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callsBetween, circles, includesBetweenFolders, labSources } from '../support/c-sources.ts';

const sources = labSources();

describe("the lab's C", () => {
  it('is read: its files call each other', () => {
    const calls = callsBetween(sources);
    assert.ok(calls.size > 50, `${calls.size} files`);
    assert.ok(calls.get('gpu/main.c')?.has('gpu/engine.c'));
    assert.ok(calls.get('dom0/mediator.c')?.has('dom0/schedule.c'));
    assert.ok(calls.get('runtime/mediated.c')?.has('runtime/ring.c'), 'data counts, too');
  });

  it('has no circle of calls between files', () => {
    assert.deepEqual(circles(callsBetween(sources)), []);
  });

  it('has no circle of includes between folders', () => {
    assert.deepEqual(circles(includesBetweenFolders(sources)), []);
  });
});

describe('what holds the layers finds a planted circle', () => {
  it('of calls', () => {
    const planted = new Map([
      ['a/one.h', 'int one(void);'],
      ['a/two.h', 'int two(void);\nextern const int table[3];'],
      ['a/one.c', '#include "one.h"\n#include "two.h"\nint one(void)\n{\n\treturn two();\n}\n'],
      ['a/two.c', '#include "one.h"\n#include "two.h"\nint two(void)\n{\n\treturn one();\n}\n'],
      ['a/own.c', '#include "one.h"\nstatic int two(void)\n{\n\treturn one();\n}\n'],
      ['a/data.c', '#include "two.h"\nconst int table[3] = { 0 };\n'],
      ['a/user.c', '#include "two.h"\nint user(void)\n{\n\treturn table[0];\n}\n'],
    ]);
    assert.deepEqual(circles(callsBetween(planted)), [
      'a/one.c -> a/two.c -> a/one.c',
      'a/two.c -> a/one.c -> a/two.c',
    ]);
    assert.deepEqual([...(callsBetween(planted).get('a/user.c') ?? [])], ['a/data.c']);
  });

  it('of includes', () => {
    const planted = new Map([
      ['a/one.h', '#include "../b/two.h"\n'],
      ['b/two.h', '#include "../c/three.h"\n'],
      ['c/three.h', '#include "../a/other.h"\n'],
    ]);
    assert.equal(circles(includesBetweenFolders(planted)).length, 3);
  });
});
