import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { arMembers, unpackDeb } from '../../../src/lab/make/deb.ts';
import { arOf, makeDeb } from '../../support/debian-mirror.ts';
import { testFolder } from '../../support/directory.ts';
import { rejection } from '../../support/problem.ts';

const folder = testFolder();

function fileWith(content: Buffer): string {
  const file = join(mkdtempSync(join(folder, 'deb-')), 'a_1_amd64.deb');
  writeFileSync(file, content);
  return file;
}

describe('arMembers', () => {
  it('finds members of odd and even sizes', () => {
    const members = arMembers(
      arOf([
        ['odd', Buffer.from('abc')],
        ['even/', Buffer.from('de')],
      ] as const),
    );
    assert.deepEqual(
      [...members].map(([name, content]) => [name, content.toString()]),
      [
        ['odd', 'abc'],
        ['even', 'de'],
      ],
    );
  });

  it('finds none in what is no archive, and ends where one is cut', () => {
    assert.equal(arMembers(Buffer.from('hello')).size, 0);
    const cut = arOf([['a', Buffer.alloc(10)]]).subarray(0, 40);
    assert.equal(arMembers(cut).size, 0);
  });
});

describe('unpackDeb', () => {
  it('leaves what the package installs', async () => {
    const into = mkdtempSync(join(folder, 'into-'));
    await unpackDeb(fileWith(makeDeb({ 'etc/motd': 'hello\n', boot: 'kernel' })), into, undefined);
    assert.deepEqual(readdirSync(into).sort(), ['boot', 'etc']);
    assert.equal(readFileSync(join(into, 'etc/motd'), 'utf8'), 'hello\n');
  });

  it('refuses what is no package, is packed otherwise, or is damaged', async () => {
    const into = mkdtempSync(join(folder, 'into-'));
    const refused = async (content: Buffer) => rejection(unpackDeb(fileWith(content), into, undefined));
    const none = await refused(Buffer.from('<html>'));
    assert.deepEqual([none.message, none.found], ["a_1_amd64.deb can't be unpacked", 'no ar archive']);
    const zst = await refused(
      arOf([
        ['debian-binary', Buffer.from('2.0\n')],
        ['data.tar.zst', Buffer.alloc(9)],
      ] as const),
    );
    assert.equal(zst.found, 'debian-binary, data.tar.zst');
    const damaged = await refused(makeDeb({ a: 'b' }, () => Buffer.from('no xz file')));
    assert.match(damaged.details?.join() ?? '', /xz|tar/);
  });
});
