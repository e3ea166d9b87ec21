/** An error rate of the harness: what was simulated, how often it came out so, and what is promised of it. */
export interface Rate {
  /** Rates under one heading belong to one table. */
  heading: string;
  what: string;
  /** Of 100 experiments. */
  percent: number;
  experiments: number;
  /** What the harness promises, in percent. */
  least?: number;
  most?: number;
}

/** How `hits` of so many experiments reads as a rate. */
export function rateOf(
  heading: string,
  what: string,
  hits: number,
  experiments: number,
  bounds: Pick<Rate, 'least' | 'most'> = {},
): Rate {
  return { heading, what, percent: (100 * hits) / experiments, experiments, ...bounds };
}

/**
 * Whether a rate is what is promised, but for what chance does to so few experiments: four standard errors of a share
 * that lies at the bound.
 */
export function keepsItsPromise({ percent, experiments, least = 0, most = 100 }: Rate): boolean {
  const slack = (bound: number) => 4 * Math.sqrt((bound * (100 - bound)) / experiments);
  return percent >= least - slack(least) && percent <= most + slack(most);
}

/** In how many of so many experiments it happens. */
export const times = (n: number, happens: (i: number) => boolean) =>
  Array.from({ length: n }, (_, i) => happens(i)).filter(Boolean).length;
