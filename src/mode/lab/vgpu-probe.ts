import type { Facts } from './evidence.ts';
import { type Claim, MAGIC, NOTHING_THERE, WINDOW, wordsOf } from './guest.ts';
import type { Counters } from '../mode.ts';

/** slice_base in PVINFO, the page by which the mediator tells a guest its slice (abi.h). */
const SLICE_BASE = WINDOW + 0x1f010;

/** Reads a register, PVINFO, and the first word of the guest's own slice. */
export const VGPU_PROBE =
  `f register "$(read32 ${WINDOW})"; slice=$(read32 ${SLICE_BASE}); f slice "$slice"; ` +
  `f vram "$(read32 $((${WINDOW} + slice)))"`;

/** Registers are trapped either way; the slice only where nothing is mapped. */
export function vgpuProbed(slice: 'mapped' | 'trapped') {
  return (guest: Facts, trapped: Counters): Claim => {
    const [register = '', base = '', vram = ''] = [
      guest.get('register'),
      guest.get('slice'),
      guest.get('vram'),
    ];
    const seen = trapped['vramRead'] ?? 0;
    const alone = Object.keys(trapped).every((kind) => kind === 'registerRead' || kind === 'vramRead');
    return {
      claim: `registers are trapped, its slice of VRAM is ${slice}`,
      ok:
        register === MAGIC &&
        (trapped['registerRead'] ?? 0) >= 2 &&
        /^0x\w+$/.test(vram) &&
        vram !== NOTHING_THERE &&
        alone &&
        seen > 0 === (slice === 'trapped'),
      evidence: `register ${register}, slice at ${base} holds ${vram}, trapped: ${wordsOf(trapped)}`,
    };
  };
}
