import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cpio } from '../../../src/lab/make/cpio.ts';

describe('cpio', () => {
  it('writes newc records that end on four bytes, folders before what lies in them', () => {
    const archive = cpio([
      { path: 'bin/sh', kind: 'link', to: 'busybox' },
      { path: 'etc/motd', kind: 'file', content: Buffer.from('hello'), executable: false },
    ]);
    assert.equal(archive.length % 4, 0);
    const text = archive.toString('latin1');
    const order = ['bin\0', 'bin/sh\0', 'etc\0', 'etc/motd\0', 'TRAILER!!!\0'].map((name) =>
      text.indexOf(name),
    );
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
    );
    assert.ok(order.every((at) => at > 0));
    assert.equal(text.split('070701').length - 1, 5);
  });

  it('gives the same bytes for the same entries', () => {
    const entries = [{ path: 'init', kind: 'file', content: Buffer.from('#!'), executable: true }] as const;
    assert.deepEqual(cpio([...entries]), cpio([...entries]));
  });
});
