import type { LabPvdrmSpec } from '../experiment/lab-modes.ts';
import { BLIND, labGuestMode } from './lab-guest.ts';
import type { Mode } from './mode.ts';

/** XenbusStateConnected, of xen/include/public/io/xenbus.h. */
const CONNECTED = '4';

/** The DRM interface's calls as slot requests in granted pages, served by a back-end in dom0. */
export function labPvdrm(name: string, { cache, sequential }: LabPvdrmSpec): Mode {
  const pool = `cache ${cache ? 1 : 0}`;
  return labGuestMode(name, {
    word: 'pvdrm',
    hostOptions: [`sequential=${sequential ? 1 : 0}`],
    guestOptions: [`cache=${cache ? 1 : 0}`],
    server: { name: 'pvdrm-back', settings: `sequential=${sequential ? 1 : 0}` },
    crosses: [
      ...['fileOpen', 'fileClose', 'getparam', 'channelAlloc', 'channelFree', 'gemNew', 'gemInfo', 'gemFree'],
      ...['gemClose', 'fromGlobal', 'mmap', 'fault', 'pushbuf', 'cpuPrep'],
    ],
    ...BLIND,
    further: ({ host, guest }) => [
      {
        from: 'host',
        claim: 'front-end and back-end are connected in xenstore',
        ok: host.get('back') === CONNECTED && host.get('front') === CONNECTED,
        evidence: `back-end state ${host.get('back') ?? ''}, front-end state ${host.get('front') ?? ''}`,
      },
      {
        from: 'guest',
        claim: `the front-end was loaded with ${pool}`,
        ok: (guest.get('front-settings') ?? '').includes(pool),
        evidence: guest.get('front-settings') ?? '',
      },
    ],
  });
}
