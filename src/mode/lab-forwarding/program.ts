import { BLIND, labGuestMode } from '../lab/guest.ts';
import type { Mode } from '../mode.ts';

/** Whole calls of the API as messages to dom0, with copies of their data; the guest has no part of the GPU. */
export function labForwardingMode(name: string): Mode {
  return labGuestMode(name, {
    word: 'forwarding',
    hostOptions: [],
    guestOptions: [],
    server: { name: 'forwarder', settings: 'forwarder' },
    crosses: [
      ...['callOpen', 'callClose', 'callAlloc', 'callFree', 'callHtod', 'callDtoh', 'callLaunch', 'callWait'],
    ],
    ...BLIND,
    further: () => [],
  });
}
