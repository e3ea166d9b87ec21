import type { LabPvdrmSpec } from './kind.ts';
import type { Facts } from '../facts.ts';
import { addedOptions, addedSettings } from '../lab/added.ts';
import { BLIND, type Claim, labGuestMode, wordsOf } from '../lab/guest.ts';
import type { Counters, Mode } from '../mode.ts';

/** XenbusStateConnected, of xen/include/public/io/xenbus.h. */
const CONNECTED = '4';

/** Opens the GPU, creates a page of fences and two bounce buffers, and closes it, twice. */
const TWICE = String.raw`timeout 30 nop 1 2 >/dev/null 2>&1; printf 'ended\t%s\n' $?`;

/**
 * The hypercalls that its requests cause, counted separately: for VRAM through dom0's domctls, for GART
 * through the guest's grant maps.
 */
const HYPERCALLS = [
  ...['hypercallMap', 'hypercallUnmap', 'pagesMapped', 'pagesUnmapped'],
  ...['grantMap', 'grantUnmap', 'pagesGrantMapped', 'pagesGrantUnmapped'],
];

const OBJECTS = 3;

/** With a pool, at least the second run reuses objects that the first one freed. */
function pooled(cache: boolean, guest: Facts, { gemNew = 0, fromGlobal = 0, ...others }: Counters): Claim {
  const ended = guest.get('ended') ?? '';
  return {
    claim: cache ? 'freed objects are reused from the pool' : 'objects are created anew each time',
    ok:
      ended === '0' &&
      (cache ? fromGlobal >= OBJECTS && gemNew <= OBJECTS : fromGlobal === 0 && gemNew === 2 * OBJECTS),
    evidence: `of a program that ran twice (exit status ${ended}), dom0 served ${wordsOf({ gemNew, fromGlobal, ...others })}`,
  };
}

/** The DRM interface's calls as slot requests in granted pages, served by a back-end in dom0. */
export function labPvdrmMode(name: string, { cache, sequential, rest, added }: LabPvdrmSpec): Mode {
  const pool = `cache ${cache ? 1 : 0}`;
  return labGuestMode(name, {
    word: 'pvdrm',
    hostOptions: [`sequential=${sequential ? 1 : 0}`, `rest=${rest ? 1 : 0}`, ...addedOptions(added)],
    guestOptions: [`cache=${cache ? 1 : 0}`],
    server: {
      name: 'pvdrm-back',
      settings: `sequential=${sequential ? 1 : 0}, rest=${rest ? 1 : 0}, ${addedSettings(added, 'request', 'page-unmapped')}`,
    },
    crosses: [
      ...['fileOpen', 'fileClose', 'getparam', 'channelAlloc', 'channelFree', 'gemNew', 'gemInfo'],
      ...['gemClose', 'toGlobal', 'fromGlobal', 'mmap', 'fault', 'pushbuf', 'cpuPrep'],
      ...HYPERCALLS,
    ],
    ...BLIND,
    polls: true,
    // Under emulation each wake-up takes so long that a run has 4 to 8% steal on a quiet host
    // (bench/experiments/boundaries.yaml).
    mostSteal: 0.2,
    tried: { script: TWICE, holds: (guest, counted) => pooled(cache, guest, counted) },
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
        evidence: `${guest.get('front-settings') ?? ''}; its pool has ${guest.get('pool') ?? 'nothing'}; ${guest.get('memory') ?? ''}`,
      },
    ],
  });
}
