import { oneLine } from '../words/printable.ts';
import { type Figure, figuresOf } from './figures.ts';
import type { Exporter } from './format.ts';
import { type Family, openMetricsText } from './openmetrics-text.ts';

/** OpenMetrics text, for Prometheus’ textfile collector, a push gateway or GitLab. */
export const openMetrics: Exporter = (results, { commit }) => {
  const figures = figuresOf(results);
  const shares = figures.filter(({ baseline }) => baseline !== undefined);
  const raw = figures.filter(({ baseline }) => baseline === undefined);
  const { name, seed, started, versions, trials } = results;
  const counts = Object.entries(trials).map(([outcome, value = 0]) => ({ labels: { outcome }, value }));
  const info = {
    ...{ experiment: name, seed: String(seed), started: started ?? '', commit },
    version: oneLine(versions['vgpubench'] ?? ''),
  };
  const text = openMetricsText(
    [
      ...withEnds(
        'vgpubench_relative_performance',
        'ratio',
        'Performance ÷ the baseline’s, above 1 is better',
        shares,
      ),
      ...withEnds('vgpubench_figure', undefined, 'What a cell measured, in its own unit', raw),
      { name: 'vgpubench_trials', help: 'Trials of the plan by outcome.', samples: counts },
    ],
    info,
  );
  return [{ name: 'metrics.txt', text }];
};

/** The value, and the ends of its interval if it has any: three families. */
function withEnds(
  name: string,
  unit: string | undefined,
  help: string,
  figures: readonly Figure[],
): Family[] {
  const family = (suffix: string, words: string, value: (one: Figure) => number | null): Family => ({
    name: `${name}${suffix}`,
    ...(unit === undefined ? {} : { unit }),
    help: `${help}${words}`,
    samples: figures.flatMap((one) => {
      const found = value(one);
      return found === null ? [] : [{ labels: labelsOf(one), value: found }];
    }),
  });
  return [
    family('', '.', ({ value }) => value),
    family('_low', ': the lower end of its interval.', ({ low }) => low),
    family('_high', ': the upper end of its interval.', ({ high }) => high),
  ];
}

function labelsOf({ name, mode, workload, metric, baseline, unit, better }: Figure): Record<string, string> {
  const about = baseline === undefined ? { unit, better } : { baseline };
  // The metric’s name may have been truncated, or chosen maliciously by a guest; this one is unique.
  return { figure: name, mode, workload, metric, ...about };
}
