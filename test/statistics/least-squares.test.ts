/** Least squares on a few columns: against figures worked out elsewhere, and by what it must hold. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { conditionIndex, cosine, leastSquares } from '../../src/statistics/least-squares.ts';
import { seeded } from '../../src/statistics/prng.ts';
import { closeRelative } from './reference.ts';

/** Longley's data (J. Am. Stat. Assoc. 62, 1967), the usual trial of a regression's precision. */
const LONGLEY = [
  [83, 234289, 2356, 1590, 107608, 1947, 60323],
  [88.5, 259426, 2325, 1456, 108632, 1948, 61122],
  [88.2, 258054, 3682, 1616, 109773, 1949, 60171],
  [89.5, 284599, 3351, 1650, 110929, 1950, 61187],
  [96.2, 328975, 2099, 3099, 112075, 1951, 63221],
  [98.1, 346999, 1932, 3594, 113270, 1952, 63639],
  [99, 365385, 1870, 3547, 115094, 1953, 64989],
  [100, 363112, 3578, 3350, 116219, 1954, 63761],
  [101.2, 397469, 2904, 3048, 117388, 1955, 66019],
  [104.6, 419180, 2822, 2857, 118734, 1956, 67857],
  [108.4, 442769, 2936, 2798, 120445, 1957, 68169],
  [110.8, 444546, 4681, 2637, 121950, 1958, 66513],
  [112.6, 482704, 3813, 2552, 123366, 1959, 68655],
  [114.2, 502601, 3931, 2514, 125368, 1960, 69564],
  [115.7, 518173, 4806, 2572, 127852, 1961, 69331],
  [116.9, 554894, 4007, 2827, 130081, 1962, 70551],
];
const column = (index: number) => LONGLEY.map((row) => row[index]!);
const ones = LONGLEY.map(() => 1);

describe('least squares', () => {
  it('finds the certified coefficients of Longley’s data', () => {
    // NIST, Statistical Reference Datasets, Longley.
    const certified = [
      -3482258.63459582, 15.0618722713733, -0.35819179292591e-1, -2.0202298038168, -1.03322686717359,
      -0.511041056535807e-1, 1829.15146461355,
    ];
    const found = leastSquares([ones, ...[0, 1, 2, 3, 4, 5].map(column)], column(6));
    for (const [index, value] of certified.entries()) closeRelative(found[index]!, value, '', 1e-6);
  });

  it('finds what made y, whatever the columns’ scales', () => {
    const random = seeded(7);
    for (let run = 0; run < 100; run++) {
      const rows = 6 + (run % 5);
      const columns = [1, 1e-9, 1e6].map((scale) =>
        Array.from({ length: rows }, () => scale * random.next()),
      );
      const made = [3, -2e8, 1e-5];
      const y = Array.from({ length: rows }, (_, i) =>
        columns.reduce((sum, one, k) => sum + one[i]! * made[k]!, 0),
      );
      for (const [k, value] of leastSquares(columns, y).entries()) closeRelative(value, made[k]!, '', 1e-6);
    }
  });

  it('shares a cost between columns that can’t be told apart', () => {
    const x = [1, 2, 3, 4];
    const [a, b] = leastSquares(
      [x, x],
      x.map((one) => 10 * one),
    );
    closeRelative(a!, 5, '', 1e-9);
    closeRelative(b!, 5, '', 1e-9);
    assert.deepEqual(leastSquares([x, [0, 0, 0, 0]], x).map(Math.round), [1, 0]);
  });

  it('says how far columns are from depending on each other', () => {
    closeRelative(
      conditionIndex([
        [1, 0],
        [0, 5],
      ]),
      1,
      '',
      1e-12,
    );
    // Two unit columns at an angle whose cosine is c have the singular values √(1 ± c).
    closeRelative(
      conditionIndex([
        [1, 0],
        [0.6, 0.8],
      ]),
      2,
      '',
      1e-12,
    );
    assert.equal(
      conditionIndex([
        [1, 2, 3],
        [2, 4, 6],
      ]),
      Infinity,
    );
    assert.equal(
      conditionIndex([
        [1, 2, 3],
        [0, 0, 0],
      ]),
      Infinity,
    );
    assert.equal(conditionIndex([[1], [2]]), Infinity);
    closeRelative(cosine(Float64Array.of(1, 0), Float64Array.of(0.6, 0.8)), 0.6, '', 1e-12);
    assert.equal(cosine(Float64Array.of(0, 0), Float64Array.of(1, 1)), 0);
  });

  it('refuses what is no number, and columns of different lengths', () => {
    assert.throws(() => leastSquares([[1, Number.NaN]], [1, 2]), /finite values, found NaN/);
    assert.throws(() => leastSquares([[1, 2, 3]], [1, 2]), /columns of 2 values, found one of 3/);
  });
});
