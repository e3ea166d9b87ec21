import type { Facts } from '../facts.ts';
import type { GpuPlace } from './evidence.ts';
import { type Claim, MAGIC, NOTHING_THERE, wordsOf } from './guest.ts';
import type { Counters } from '../mode.ts';

/**
 * A register, PVINFO, through which the mediator tells a guest its slice, and the first word of that slice.
 */
export const VGPU_PROBE: readonly GpuPlace[] = ['register', 'slice', 'vram'];

/** Registers are always trapped; the slice only if nothing is mapped. */
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
