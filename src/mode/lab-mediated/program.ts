import type { LabMediatedSpec } from './kind.ts';
import { addedOptions, addedSettings } from '../lab/added.ts';
import { labGuestMode } from '../lab/guest.ts';
import { VGPU_PROBE, vgpuProbed } from '../lab/vgpu-probe.ts';
import type { Mode } from '../mode.ts';

/**
 * The guest's slice of VRAM is mapped; registers, GTT and the ring's tail are trapped by a mediator in dom0,
 * as in gVirt.
 */
export function labMediatedMode(name: string, { slice, quantum, context, added }: LabMediatedSpec): Mode {
  const sliceMb = slice / 1024 ** 2;
  return labGuestMode(name, {
    word: 'mediated',
    hostOptions: [
      `slice=${sliceMb}`,
      `quantum=${quantum}`,
      `context=${context ? 1 : 0}`,
      ...addedOptions(added),
    ],
    guestOptions: [],
    server: {
      name: 'mediator',
      settings: `slice ${sliceMb} MB, quantum ${quantum} ms, context ${context ? 1 : 0}, ${addedSettings(added, 'trap', 'switch')}`,
    },
    crosses: ['registerRead', 'registerWrite', 'tailWrite', 'gttRead', 'gttWrite'],
    probe: VGPU_PROBE,
    probed: vgpuProbed('mapped'),
    // Its CPU waits for dom0 in each trap: 21% steal on a quiet host (bench/experiments/boundaries.yaml).
    mostSteal: 0.35,
    further: () => [],
  });
}
