/** The scale of bars, shared by all rows of a table. */
import { isWide, percentage } from '../chart/spec.ts';

export interface BarScale {
  logarithmic: boolean;
  /** The position of a share, from 0 to 1; limited to the ends. */
  at: (share: number) => number;
  /** `0% to 100%`, and whether it is logarithmic. */
  words: string;
}

/** @param shares Everything to be shown; those that are not above 0 are ignored. */
export function barScale(shares: readonly number[]): BarScale {
  const shown = [1, ...shares.filter((share) => share > 0 && Number.isFinite(share))];
  const [least, most] = [Math.min(...shown), Math.max(...shown)];
  const bounded = (place: number) => Math.min(1, Math.max(0, place));
  if (!isWide(shown)) {
    const end = 1.02 * most;
    return { logarithmic: false, at: (share) => bounded(share / end), words: `0% to ${percentage(end)}` };
  }
  const low = 10 ** Math.floor(Math.log10(least));
  const width = Math.log(1.1 * most) - Math.log(low);
  return {
    logarithmic: true,
    at: (share) => (share > 0 ? bounded((Math.log(share) - Math.log(low)) / width) : 0),
    words: `${percentage(low)} to ${percentage(1.1 * most)}, logarithmic`,
  };
}
