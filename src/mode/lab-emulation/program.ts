import type { LabEmulationSpec } from './kind.ts';
import { addedOptions, addedSettings } from '../lab/added.ts';
import { labGuestMode } from '../lab/guest.ts';
import { VGPU_PROBE, vgpuProbed } from '../lab/vgpu-probe.ts';
import type { Mode } from '../mode.ts';

/** A GPU of which nothing is mapped: every access, including data, is trapped and carried out by dom0. */
export function labEmulationMode(name: string, { added }: LabEmulationSpec): Mode {
  return labGuestMode(name, {
    word: 'emulation',
    hostOptions: addedOptions(added),
    guestOptions: [],
    server: { name: 'mediator', settings: addedSettings(added, 'trap', 'switch') },
    crosses: ['registerRead', 'registerWrite', 'tailWrite', 'gttRead', 'gttWrite', 'vramRead', 'vramWrite'],
    probe: VGPU_PROBE,
    probed: vgpuProbed('trapped'),
    // Its CPU waits for dom0 in each trap: 56% steal on a quiet host (bench/experiments/boundaries.yaml).
    mostSteal: 0.7,
    further: () => [],
  });
}
