import { labGuestMode } from '../lab/guest.ts';
import { VGPU_PROBE, vgpuProbed } from '../lab/vgpu-probe.ts';
import type { Mode } from '../mode.ts';

/** A GPU of which nothing is mapped: every access, data included, is trapped and carried out by dom0. */
export function labEmulationMode(name: string): Mode {
  return labGuestMode(name, {
    word: 'emulation',
    hostOptions: [],
    guestOptions: [],
    server: { name: 'mediator', settings: 'mediator' },
    crosses: ['registerRead', 'registerWrite', 'tailWrite', 'gttRead', 'gttWrite', 'vramRead', 'vramWrite'],
    probe: VGPU_PROBE,
    probed: vgpuProbed('trapped'),
    further: () => [],
  });
}
