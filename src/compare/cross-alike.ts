import type { CellWithWork } from './cells.ts';

type Counted = Pick<CellWithWork, 'crossings' | 'hypercalls'>;

/**
 * Counts that differ by less than this share of the most frequent kind are alike: polling makes some counts
 * vary.
 */
const ALIKE = 0.02;

/** Whether two cells cross the boundary alike, kind by kind, including the hypercalls that follow. */
export function crossAlike(one: Counted, other: Counted): boolean {
  return SCALES.every((counts) => alike(counts(one), counts(other)));
}

/** There are many pages per call, so differences in calls would not show next to them. */
const SCALES = [
  ({ crossings }: Counted) => crossings,
  ({ hypercalls }: Counted) => only(hypercalls, (kind) => !isPages(kind)),
  ({ hypercalls }: Counted) => only(hypercalls, isPages),
];

/** Whether a kind of hypervisor work counts pages rather than calls. */
export function isPages(kind: string): boolean {
  return kind.startsWith('pages');
}

function only(counts: Readonly<Record<string, number>>, keep: (kind: string) => boolean) {
  return Object.fromEntries(Object.entries(counts).filter(([kind]) => keep(kind)));
}

function alike(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean {
  const most = Math.max(0, ...Object.values(a), ...Object.values(b));
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every(
    (kind) => Math.abs((a[kind] ?? 0) - (b[kind] ?? 0)) <= ALIKE * most,
  );
}
