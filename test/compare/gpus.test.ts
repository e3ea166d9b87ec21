/** Modes whose work is done by GPUs of which it is known which they are. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { onSameGpu, otherGpus } from '../../src/compare/gpus.ts';
import { gpuName, maySameGpu } from '../../src/words/gpu.ts';

const GPUS = new Map([
  ['native', new Map([['bare', 'A']])],
  [
    'pvdrm',
    new Map([
      ['g1', 'A'],
      ['g2', 'A'],
    ]),
  ],
  [
    'mixed',
    new Map([
      ['g1', 'A'],
      ['g2', 'B'],
    ]),
  ],
  ['mediated', new Map([['g3', 'B']])],
  ['native-b', new Map([['bare-b', 'B']])],
]);

const SEEN = { gpus: GPUS, shards: [] };

describe('modes on GPUs that are known', () => {
  it('are compared where all of one’s guests are on the other’s, and where one does not tell', () => {
    assert.deepEqual(
      ['pvdrm', 'mixed', 'mediated', 'unknown'].map((mode) => onSameGpu(mode, 'native', SEEN)),
      [true, false, false, true],
    );
    assert.equal(onSameGpu('mediated', 'unknown', SEEN), true);
  });

  it('are told of where their baseline is on another one', () => {
    const arms = {
      baseline: 'native',
      modes: { mediated: {}, pvdrm: {}, 'native-b': {}, right: { baseline: 'native-b' } },
    };
    const told = otherGpus(['native', 'pvdrm', 'mediated', 'right'], arms, SEEN);
    assert.deepEqual(
      told.map(({ code }) => code),
      ['other-gpu'],
    );
    assert.match(
      told[0]?.text ?? '',
      /^mediated is not compared with native: their GPUs differ \(B, and A\)/,
    );
  });
});

describe('the names of GPUs', () => {
  it('may be one’s where one of them does not tell its machine', () => {
    const at = { id: '10de:1b80', address: '0000:01:00.0' };
    const [bare, dom0] = [gpuName(at), gpuName({ ...at, machine: 'ab' })];
    assert.ok(maySameGpu(bare, dom0) && maySameGpu(dom0, dom0));
    assert.equal(maySameGpu(dom0, gpuName({ ...at, machine: 'cd' })), false);
    assert.equal(maySameGpu(bare, gpuName({ ...at, address: '0000:02:00.0' })), false);
  });

  it('are one’s by its UUID, wherever a guest sees it, where both tell it', () => {
    const host = { id: '10de:2335', address: '0000:01:00.0', machine: 'ab', uuid: 'GPU-1a2b' };
    const guest = { ...host, address: '0000:00:05.0', machine: 'cd' };
    assert.equal(gpuName(host), '10de:2335 at 0000:01:00.0 GPU-1a2b of machine ab');
    assert.ok(maySameGpu(gpuName(host), gpuName(guest)));
    assert.equal(maySameGpu(gpuName(host), gpuName({ ...host, uuid: 'GPU-ffff' })), false);
    assert.ok(maySameGpu(gpuName(host), gpuName({ ...host, uuid: undefined })), 'one of them does not tell');
    assert.equal(maySameGpu(gpuName(guest), gpuName({ ...host, uuid: undefined })), false);
  });
});
