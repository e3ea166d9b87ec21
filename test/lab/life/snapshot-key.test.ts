import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { layoutOf } from '../../../src/lab/boot/layout.ts';
import { snapshotKey } from '../../../src/lab/life/snapshot-key.ts';

const images = { kernel: '/k', xen: '/x', bare: '/b', dom0: '/images-1/dom0' };
const made = {
  native: '/native-1',
  images,
  accelerator: 'tcg' as const,
  emulator: ['echo', '7.2'] as const,
};

describe('what a snapshot is kept under', () => {
  it('is the same for the same lab, and another for any other', async () => {
    const layout = layoutOf({ guests: 2, bare: true, pci: false });
    const keys = [
      await snapshotKey(made, layout),
      await snapshotKey(made, layoutOf({ guests: 3, bare: true, pci: false })),
      await snapshotKey(made, layoutOf({ guests: 2, bare: true, pci: false, cores: 99 })),
      await snapshotKey(made, layoutOf({ guests: 2, bare: false, pci: false })),
      await snapshotKey({ ...made, native: '/native-2' }, layout),
      await snapshotKey({ ...made, images: { ...images, dom0: '/images-2/dom0' } }, layout),
      await snapshotKey({ ...made, accelerator: 'kvm' }, layout),
      await snapshotKey({ ...made, emulator: ['echo', '10.0'] }, layout),
    ];
    assert.equal(new Set(keys).size, keys.length);
    assert.equal(await snapshotKey(made, layout), keys[0]);
  });
});
