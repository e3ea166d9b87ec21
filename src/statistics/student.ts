/**
 * Student's t distribution and its inverse. Degrees of freedom are any number above 0; Infinity is the
 * normal.
 */
import { incompleteBeta, logBeta } from './beta.ts';
import { normalQuantile, normalTail } from './normal.ts';

/** P(T <= t), to 1e-12 up to 10^5 degrees of freedom and 1e-9 at 10^7 (Abramowitz & Stegun 26.7.1). */
export function tCdf(t: number, degrees: number): number {
  return t < 0 ? tTail(-t, degrees) : 1 - tTail(t, degrees);
}

/** P(T > t), with its relative precision kept for large t. */
export function tTail(t: number, degrees: number): number {
  requireDegrees(degrees);
  if (t < 0) return 1 - tTail(-t, degrees);
  if (degrees === Infinity) return normalTail(t);
  if (t === Infinity) return 0;
  const square = t * t;
  const whole = degrees + square;
  return incompleteBeta(degrees / whole, degrees / 2, 0.5, square / whole) / 2;
}

/**
 * The t with P(T <= t) = p, as exactly as `tCdf`: Newton's method on the tail, kept inside a bracket that is
 * halved when a step would leave it. 0 and 1 give the infinities; throws RangeError outside [0, 1].
 */
export function tQuantile(p: number, degrees: number): number {
  requireDegrees(degrees);
  if (degrees === Infinity || !(p > 0 && p < 1)) return normalQuantile(p);
  const tail = Math.min(p, 1 - p);
  const t = tail === 0.5 ? 0 : upperQuantile(tail, degrees);
  return p < 0.5 ? -t : t;
}

function upperQuantile(tail: number, degrees: number): number {
  let low = 0;
  let high = 1;
  while (tTail(high, degrees) > tail) [low, high] = [high, high * 2];
  const constant = -logBeta(degrees / 2, 0.5) - Math.log(degrees) / 2;
  let t = (low + high) / 2;
  for (let step = 0; step < 100; step++) {
    const excess = tTail(t, degrees) - tail;
    if (excess > 0) low = t;
    else high = t;
    const density = Math.exp(constant - ((degrees + 1) / 2) * Math.log1p((t * t) / degrees));
    const newton = t + excess / density;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - t) <= 1e-15 * next) return next;
    t = next;
  }
  return t;
}

function requireDegrees(degrees: number): void {
  if (!(degrees > 0)) throw new RangeError(`degrees of freedom must be above 0, found ${degrees}`);
}
