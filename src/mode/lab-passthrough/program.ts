import { labGuestMode, MAGIC, NOTHING_THERE, wordsOf } from '../lab/guest.ts';
import type { Mode } from '../mode.ts';

/** The whole GPU, including its doorbell, mapped into one guest's memory, as with `iomem=`. */
export function labPassthroughMode(name: string): Mode {
  return labGuestMode(name, {
    word: 'passthrough',
    hostOptions: [],
    guestOptions: [],
    server: undefined,
    crosses: [],
    probe: ['register', 'doorbell'],
    probed: (guest, trapped) => {
      const [register = '', doorbell = ''] = [guest.get('register'), guest.get('doorbell')];
      return {
        claim: 'registers and doorbell are mapped: it reads them without any trap in dom0',
        ok:
          register === MAGIC &&
          /^0x\w+$/.test(doorbell) &&
          doorbell !== NOTHING_THERE &&
          Object.keys(trapped).length === 0,
        evidence: `register ${register}, doorbell page ${doorbell}, trapped: ${wordsOf(trapped)}`,
      };
    },
    further: () => [],
  });
}
