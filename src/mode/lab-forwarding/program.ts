import type { LabForwardingSpec } from './kind.ts';
import { addedOptions, addedSettings } from '../lab/added.ts';
import { BLIND, labGuestMode } from '../lab/guest.ts';
import type { Mode } from '../mode.ts';

/** Whole API calls as messages to dom0, with copies of their data; the guest has no part of the GPU. */
export function labForwardingMode(name: string, { added }: LabForwardingSpec): Mode {
  return labGuestMode(name, {
    word: 'forwarding',
    hostOptions: addedOptions(added),
    guestOptions: [],
    server: { name: 'forwarder', settings: addedSettings(added, 'request') },
    crosses: [
      ...['callOpen', 'callClose', 'callAlloc', 'callFree', 'callHtod', 'callDtoh', 'callLaunch', 'callWait'],
    ],
    ...BLIND,
    // From wake-ups under emulation alone, as in lab-pvdrm.
    mostSteal: 0.2,
    further: () => [],
  });
}
