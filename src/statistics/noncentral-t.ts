/** The noncentral t distribution, which determines the power of a t test. */
import { incompleteBeta, logGamma } from './beta.ts';
import { normalTail } from './normal.ts';

/**
 * P(T <= t) where T is t-distributed with noncentrality `delta`, to about 1e-11: the series of Lenth
 * (algorithm AS 243, Applied Statistics 38(1), 1989), with its Poisson weights taken in logs so that a large
 * `delta` doesn't underflow.
 */
export function noncentralTCdf(t: number, degrees: number, delta: number): number {
  if (!(degrees > 0)) throw new RangeError(`degrees of freedom must be above 0, found ${degrees}`);
  if (t < 0) return 1 - upwards(-t, degrees, -delta);
  return upwards(t, degrees, delta);
}

function upwards(t: number, degrees: number, delta: number): number {
  const whole = degrees + t * t;
  const [x, y] = [(t * t) / whole, degrees / whole];
  const rate = (delta * delta) / 2;
  let sum = 0;
  // Poisson weights further than this from their mean are under 1e-17.
  const reach = 9 * Math.sqrt(rate) + 40;
  for (let j = Math.max(0, Math.floor(rate - reach)); j <= rate + reach; j++) {
    const [even, odd] = weights(j, rate, delta);
    sum += even * incompleteBeta(x, j + 0.5, degrees / 2, y) + odd * incompleteBeta(x, j + 1, degrees / 2, y);
  }
  return Math.min(1, Math.max(0, normalTail(delta) + sum / 2));
}

function weights(j: number, rate: number, delta: number): [number, number] {
  if (rate === 0) return [j === 0 ? 1 : 0, 0];
  const power = j * Math.log(rate) - rate;
  return [Math.exp(power - logGamma(j + 1)), (delta / Math.SQRT2) * Math.exp(power - logGamma(j + 1.5))];
}
