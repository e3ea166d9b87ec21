import type { CellWithWork } from './cells.ts';

type Counted = Pick<CellWithWork, 'crossings' | 'hypercalls'>;

/** Counts that differ by less, as a share of what crosses most, are alike: polling makes some vary. */
const ALIKE = 0.02;

/** Whether two cells cross the boundary alike, kind by kind, with all that it has the hypervisor do. */
export function crossAlike(one: Counted, other: Counted): boolean {
  const [a, b] = [allOf(one), allOf(other)];
  const most = Math.max(0, ...Object.values(a), ...Object.values(b));
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every(
    (kind) => Math.abs((a[kind] ?? 0) - (b[kind] ?? 0)) <= ALIKE * most,
  );
}

function allOf({ crossings, hypercalls }: Counted): Record<string, number> {
  return { ...crossings, ...hypercalls };
}
