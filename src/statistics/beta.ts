/** The regularised incomplete beta function, which Student's t and its noncentral cousin are made of. */

/**
 * I_x(a, b) for a, b > 0 and 0 <= x <= 1, to about 1e-13 (DLMF 8.17.22, the continued fraction, evaluated
 * by the modified Lentz method). `y` is 1 - x: pass it where x is so near 1 that the subtraction would
 * cancel.
 */
export function incompleteBeta(x: number, a: number, b: number, y = 1 - x): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  // The fraction converges fast below the mean; above it, the mirrored one does.
  if (x > (a + 1) / (a + b + 2)) return 1 - beta(y, b, a, x);
  return beta(x, a, b, y);
}

function beta(x: number, a: number, b: number, y: number): number {
  return Math.exp(a * logOf(x, y) + b * logOf(y, x) - logBeta(a, b)) / (a * continuedFraction(x, a, b));
}

/** ln x, where 1 - x is known as well. */
const logOf = (x: number, rest: number) => (rest < 0.5 ? Math.log1p(-rest) : Math.log(x));

function continuedFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const nonZero = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < 4 * Number.EPSILON) break;
  }
  return 1 / value;
}

/**
 * ln B(a, b). Where an argument is large, ln Gamma(a + b) - ln Gamma(a) is taken by its Stirling remainders
 * and not as a difference of two huge numbers (Didonato & Morris, ACM TOMS 18(3), 1992).
 */
export function logBeta(a: number, b: number): number {
  const small = Math.min(a, b);
  const large = Math.max(a, b);
  if (large < 10) return logGamma(small) + logGamma(large) - logGamma(small + large);
  const rest = (large - 0.5) * Math.log1p(-small / (small + large));
  const remainders = stirlingRemainder(large) - stirlingRemainder(small + large);
  if (small < 10) return logGamma(small) + remainders + small - small * Math.log(small + large) + rest;
  return (
    HALF_LOG_2_PI +
    stirlingRemainder(small) +
    remainders -
    Math.log(small) / 2 +
    small * Math.log(small / (small + large)) +
    rest
  );
}

/** ln Gamma(x) for x > 0: Stirling's series (DLMF 5.11.1), after raising x to 10 or more. */
export function logGamma(x: number): number {
  let product = 1;
  let raised = x;
  for (; raised < 10; raised++) product *= raised;
  return (
    (raised - 0.5) * Math.log(raised) - raised + HALF_LOG_2_PI + stirlingRemainder(raised) - Math.log(product)
  );
}

/** What Stirling's formula lacks at x >= 10: sum of B(2k) / (2k (2k - 1) x^(2k - 1)). */
function stirlingRemainder(x: number): number {
  const z = 1 / (x * x);
  return (
    (1 / 12 -
      z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680 - z * (1 / 1188 - z * (691 / 360360 - z / 156)))))) /
    x
  );
}

const HALF_LOG_2_PI = Math.log(2 * Math.PI) / 2;
