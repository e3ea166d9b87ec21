import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareVersions } from '../../../src/lab/make/debian-version.ts';

/** By dpkg --compare-versions, each older than the next. */
const IN_ORDER = [
  '0.9',
  '1.0~~',
  '1.0~beta1',
  '1.0~beta1-2',
  '1.0',
  '1.0-1~bpo1',
  '1.0-1',
  '1.0-1+b1',
  '1.0-1+deb12u1',
  '1.0-1+deb12u9',
  '1.0-1+deb12u10',
  '1.0-1.1',
  '1.0-2',
  '1.0a-1',
  '1.0+dfsg-1',
  '1.0.1-1',
  '1.9',
  '1.10',
  '6.1.99-1',
  '6.1.176-1',
  '1:0.1',
  '1:5.4.1-0.2',
  '2:0',
];

describe('compareVersions', () => {
  it('orders versions as dpkg does', () => {
    for (const [index, older] of IN_ORDER.entries())
      for (const newer of IN_ORDER.slice(index + 1)) {
        assert.ok(compareVersions(older, newer) < 0, `${older} < ${newer}`);
        assert.ok(compareVersions(newer, older) > 0, `${newer} > ${older}`);
      }
  });

  it('finds no difference where there is none', () => {
    for (const version of IN_ORDER) assert.equal(compareVersions(version, version), 0);
    for (const [a, b] of [
      ['0:1.0', '1.0'],
      ['1.0', '1.0-0'],
      ['1.01', '1.1'],
    ] as const)
      assert.equal(compareVersions(a, b), 0, `${a} = ${b}`);
  });
});
