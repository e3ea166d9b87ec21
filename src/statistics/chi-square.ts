/** The chi-square distribution, which describes the uncertainty of a standard deviation. */
import { logGamma } from './beta.ts';
import { requireShare } from './finite.ts';

/** P(X <= x) with any number of degrees above 0, to about 1e-13 (DLMF 8.11.4 below the mean, 8.9.2 above it). */
export function chiSquareCdf(x: number, degrees: number): number {
  if (!(degrees > 0)) throw new RangeError(`degrees of freedom must be above 0, found ${degrees}`);
  if (x <= 0) return 0;
  const [a, y] = [degrees / 2, x / 2];
  const density = Math.exp(a * Math.log(y) - y - logGamma(a));
  return y < a + 1 ? (density / a) * series(y, a) : 1 - density * continuedFraction(y, a);
}

/** The x with P(X <= x) = p, by bisection to the last digits. */
export function chiSquareQuantile(p: number, degrees: number): number {
  requireShare(p, 'a probability');
  let [low, high] = [0, 1];
  while (chiSquareCdf(high, degrees) < p) [low, high] = [high, 2 * high];
  while (high - low > 2 * Number.EPSILON * high) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (chiSquareCdf(middle, degrees) < p) low = middle;
    else high = middle;
  }
  return high;
}

/** 1 + y / (a + 1) + y^2 / ((a + 1) (a + 2)) + ... */
function series(y: number, a: number): number {
  let [term, sum] = [1, 1];
  for (let k = 1; term > sum * Number.EPSILON; k++) {
    term *= y / (a + k);
    sum += term;
  }
  return sum;
}

/** By the modified Lentz method. */
function continuedFraction(y: number, a: number): number {
  const tiny = 1e-300;
  let b = y + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let value = d;
  for (let k = 1; k < 100_000; k++) {
    const numerator = -k * (k - a);
    b += 2;
    d = 1 / (numerator * d + b || tiny);
    c = b + numerator / c || tiny;
    value *= c * d;
    if (Math.abs(c * d - 1) < 4 * Number.EPSILON) break;
  }
  return value;
}
