import type { ModeSpec } from '../experiment/schema.ts';
import { customMode } from './custom.ts';
import { labEmulation } from './lab-emulation.ts';
import { labForwarding } from './lab-forwarding.ts';
import { labMediated } from './lab-mediated.ts';
import { labNative } from './lab-native.ts';
import { labPassthrough } from './lab-passthrough.ts';
import { labPvdrm } from './lab-pvdrm.ts';
import type { Mode } from './mode.ts';
import { nativeMode } from './native.ts';

/** The mode that an experiment's entry asks for. */
export function modeFor(name: string, spec: ModeSpec): Mode {
  switch (spec.use) {
    case 'native':
      return nativeMode(name, spec);
    case 'custom':
      return customMode(name, spec);
    case 'lab-native':
      return labNative(name);
    case 'lab-passthrough':
      return labPassthrough(name);
    case 'lab-pvdrm':
      return labPvdrm(name, spec);
    case 'lab-mediated':
      return labMediated(name, spec);
    case 'lab-forwarding':
      return labForwarding(name);
    case 'lab-emulation':
      return labEmulation(name);
  }
}
