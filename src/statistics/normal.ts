/** The standard normal distribution and its inverse, to about 1e-15. */
import { at } from './at.ts';

/** P(Z <= x). Keeps its relative precision far into the lower tail; NaN in, NaN out. */
export function normalCdf(x: number): number {
  return complementaryError(-x / Math.SQRT2) / 2;
}

/** P(Z > x), with the relative precision that 1 - cdf loses in the upper tail. */
export function normalTail(x: number): number {
  return complementaryError(x / Math.SQRT2) / 2;
}

/**
 * The x with P(Z <= x) = p: algorithm AS 241 (PPND16) of Wichura, Applied Statistics 37(3), 1988. 0 and 1
 * give the infinities; throws RangeError outside [0, 1].
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a probability must be from 0 to 1, found ${p}`);
  if (p === 0 || p === 1) return p === 0 ? -Infinity : Infinity;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(CENTRE[0], r)) / polynomial(CENTRE[1], r);
  }
  const r = Math.sqrt(-Math.log(Math.min(p, 1 - p)));
  const [table, shift] = r <= 5 ? [MIDDLE, 1.6] : [FAR, 5];
  const x = polynomial(table[0], r - shift) / polynomial(table[1], r - shift);
  return q < 0 ? -x : x;
}

/** erfc(x) by the rational approximations of Cody, Mathematics of Computation 23 (1969), in three ranges. */
function complementaryError(x: number): number {
  const y = Math.abs(x);
  if (y <= 0.46875) return 1 - (x * polynomial(ERF[0], x * x)) / polynomial(ERF[1], x * x);
  if (Number.isNaN(x)) return NaN;
  const tail = y > 27 ? 0 : expOfMinusSquare(y) * (y <= 4 ? erfcMiddle(y) : erfcFar(y));
  return x < 0 ? 2 - tail : tail;
}

const erfcMiddle = (y: number) => polynomial(ERFC[0], y) / polynomial(ERFC[1], y);

function erfcFar(y: number): number {
  const z = 1 / (y * y);
  const fraction = (z * polynomial(ERFC_FAR[0], z)) / polynomial(ERFC_FAR[1], z);
  return (1 / Math.sqrt(Math.PI) - fraction) / y;
}

/** exp(-y^2) with y split in two, so that rounding y^2 is not magnified by the exponential. */
function expOfMinusSquare(y: number): number {
  const coarse = Math.trunc(y * 16) / 16;
  return Math.exp(-coarse * coarse) * Math.exp(-(y - coarse) * (y + coarse));
}

/** Coefficients run from the highest power down (Horner). */
function polynomial(coefficients: Float64Array, x: number): number {
  let value = 0;
  for (let i = 0; i < coefficients.length; i++) value = value * x + at(coefficients, i);
  return value;
}

type Fraction = readonly [numerator: Float64Array, denominator: Float64Array];

const fraction = (numerator: readonly number[], denominator: readonly number[]): Fraction => [
  Float64Array.from(numerator),
  Float64Array.from(denominator),
];

// Published with more digits than a double holds; written here as the doubles they round to.
const ERF = fraction(
  [0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694],
  [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171],
);
const ERFC = fraction(
  [
    2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001,
    881.952221241769, 1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
  ],
  [
    1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
    4362.619090143247, 3439.3676741437216, 1230.3393548037495,
  ],
);
const ERFC_FAR = fraction(
  [
    0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275,
    0.0006587491615298378,
  ],
  [1, 2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918],
);

const CENTRE = fraction(
  [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946,
    1971.5909503065513, 133.14166789178438, 3.3871328727963665,
  ],
  [
    5226.495278852546, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
    687.1870074920579, 42.31333070160091, 1,
  ],
);
const MIDDLE = fraction(
  [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
    5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
    1.6763848301838038, 2.053191626637759, 1,
  ],
);
const FAR = fraction(
  [
    2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124,
    0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  [
    2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133,
    0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1,
  ],
);
