/** Linear least squares on a few columns, and whether these are separable. */
import { at } from './at.ts';
import { requireFinite } from './finite.ts';

/** Sweeps of the Jacobi method. It converges quadratically: a dozen columns need some six. */
const MOST_SWEEPS = 60;

/** As a share of a column's length: less than this is rounding. */
const RANK_TOLERANCE = 1e-12;

interface Decomposition {
  /** Orthogonal columns, whose lengths are the singular values. */
  turned: Float64Array[];
  /** Columns of the rotation: `turned[k]` is the sum over j of `columns[j]` × `rotation[k][j]`. */
  rotation: Float64Array[];
  values: Float64Array;
}

/**
 * The coefficients of the columns that minimise the sum of squares of y − Σ coefficient × column. Linearly
 * dependent columns get the shortest such coefficients (of columns scaled to length 1).
 * @param columns each as long as y; at least one
 * @throws RangeError for values that are not finite, or columns of other lengths
 */
export function leastSquares(columns: readonly ArrayLike<number>[], y: ArrayLike<number>): number[] {
  const target = requireFinite(y, 'least squares');
  const { scaled, lengths } = scaledToOne(columns, target.length);
  const { turned, rotation, values } = decompose(scaled);
  const largest = Math.max(...values);
  const weights = Float64Array.from(turned, (column, k) => {
    const value = at(values, k);
    return value <= RANK_TOLERANCE * largest ? 0 : dot(column, target) / value ** 2;
  });
  return Array.from(lengths, (length, j) =>
    length === 0 ? 0 : rotation.reduce((sum, own, k) => sum + at(own, j) * at(weights, k), 0) / length,
  );
}

/**
 * The condition index of columns scaled to length 1: the largest singular value ÷ the smallest. From 30 on,
 * estimates of single coefficients are degraded by near dependencies between columns (Belsley, Kuh & Welsch,
 * "Regression Diagnostics", 1980, section 3.2). Infinity if columns are linearly dependent, or one is all
 * zero.
 * @throws RangeError like `leastSquares`
 */
export function conditionIndex(columns: readonly ArrayLike<number>[]): number {
  const rows = columns[0]?.length ?? 0;
  if (rows < columns.length) return Infinity;
  const { scaled, lengths } = scaledToOne(columns, rows);
  if (lengths.includes(0)) return Infinity;
  const { values } = decompose(scaled);
  const [largest, smallest] = [Math.max(...values), Math.min(...values)];
  return smallest <= RANK_TOLERANCE * largest ? Infinity : largest / smallest;
}

/** The cosine of the angle between two columns: 1 if one is a multiple of the other, 0 if one is all zero. */
export function cosine(a: Float64Array, b: Float64Array): number {
  const lengths = Math.sqrt(dot(a, a) * dot(b, b));
  return lengths === 0 ? 0 : dot(a, b) / lengths;
}

/**
 * One-sided Jacobi: pairs of columns are rotated until all are orthogonal (Golub & Van Loan, "Matrix
 * Computations", 4th ed., 2013, section 8.6.3).
 */
function decompose(columns: readonly Float64Array[]): Decomposition {
  const turned = columns.map((column) => column.slice());
  const rotation = columns.map((_, k) => Float64Array.from(columns, (__, j) => (j === k ? 1 : 0)));
  for (let sweep = 0, moved = true; moved && sweep < MOST_SWEEPS; sweep++) {
    moved = false;
    for (let p = 0; p < turned.length; p++) {
      for (let q = p + 1; q < turned.length; q++) {
        const [a, b] = [turned[p] as Float64Array, turned[q] as Float64Array];
        const [alpha, beta, gamma] = [dot(a, a), dot(b, b), dot(a, b)];
        if (Math.abs(gamma) <= Number.EPSILON * Math.sqrt(alpha * beta)) continue;
        moved = true;
        const zeta = (beta - alpha) / (2 * gamma);
        const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const cos = 1 / Math.hypot(1, tangent);
        turn(a, b, cos, cos * tangent);
        turn(rotation[p] as Float64Array, rotation[q] as Float64Array, cos, cos * tangent);
      }
    }
  }
  return { turned, rotation, values: Float64Array.from(turned, (column) => Math.sqrt(dot(column, column))) };
}

function turn(a: Float64Array, b: Float64Array, cos: number, sin: number): void {
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [at(a, i), at(b, i)];
    a[i] = cos * x - sin * y;
    b[i] = sin * x + cos * y;
  }
}

function scaledToOne(columns: readonly ArrayLike<number>[], rows: number) {
  const finite = columns.map((column) => requireFinite(column, 'least squares'));
  const odd = finite.find(({ length }) => length !== rows);
  if (odd !== undefined)
    throw new RangeError(`least squares needs columns of ${rows} values, found one of ${odd.length}`);
  const lengths = Float64Array.from(finite, (column) => Math.sqrt(dot(column, column)));
  const scaled = finite.map((column, k) =>
    column.map((x) => (at(lengths, k) === 0 ? 0 : x / at(lengths, k))),
  );
  return { scaled, lengths };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += at(a, i) * at(b, i);
  return sum;
}
