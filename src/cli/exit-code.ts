/** From the best to the worst: a cell that is slower says more than one that is not settled or not there. */
const ORDER = [0, 3, 4, 1, 2, 130];

/** Of two exit codes the one that matters more. */
export function worse(a: number, b: number): number {
  return ORDER.indexOf(a) > ORDER.indexOf(b) ? a : b;
}
