import type { Isolation, Results } from '../compare/results.ts';

/** The result of a probe, in the words that all formats share: `refused (4 of 4)`. */
export function verdictWords({ verdict, breach, refused, allowed, notApplicable }: Isolation): string {
  const runs = refused + allowed + notApplicable;
  const sign = breach ? '✗' : verdict === 'refused' ? '✓' : '·';
  switch (verdict) {
    case 'refused':
      return `${sign} refused (${refused} of ${runs})`;
    case 'allowed':
      return `${sign} allowed${breach ? '' : ' by design'} (${allowed} of ${runs})`;
    case 'not-applicable':
      return `${sign} nothing to try (${notApplicable} of ${runs})`;
    case 'none':
      return '? no verdict';
  }
}

/** A row per probe, a column per mode, both in the order of the experiment file. Empty without probes. */
export function isolationMatrix({ isolation }: Results): { head: string[]; rows: string[][] } {
  const modes = [...new Set(isolation.map(({ mode }) => mode))];
  const probes = [...new Set(isolation.map(({ probe }) => probe))];
  const at = (mode: string, probe: string) =>
    isolation.find((one) => one.mode === mode && one.probe === probe);
  const word = (one: Isolation | undefined) => (one === undefined ? '' : verdictWords(one));
  return {
    head: ['probe', ...modes],
    rows: probes.map((probe) => [probe, ...modes.map((mode) => word(at(mode, probe)))]),
  };
}

/** What the probes show, in sentences; empty without probes. */
export function isolationLines({ isolation }: Results): string[] {
  if (isolation.length === 0) return [];
  const breaches = isolation.filter(({ breach }) => breach);
  const kept = isolation.filter(({ byDesign }) => !byDesign);
  const refused = kept.filter(({ verdict }) => verdict === 'refused').length;
  const open = isolation.filter(({ byDesign }) => byDesign);
  return [
    ...breaches.map(
      ({ mode, probe, evidence }) => `isolation breached: ${mode} allowed ${probe}: ${evidence}`,
    ),
    ...(kept.length === 0
      ? []
      : [
          `isolation: ${refused} of ${kept.length} probes refused in ${modesOf(kept)}${breaches.length === 0 ? '' : `, ${breaches.length} succeeded`}`,
        ]),
    ...(open.length === 0
      ? []
      : [
          `${modesOf(open)}: each has the whole GPU, so ${open.filter(({ verdict }) => verdict === 'allowed').length} of ${open.length} probes are allowed by design`,
        ]),
  ];
}

function modesOf(rows: readonly Isolation[]): string {
  return [...new Set(rows.map(({ mode }) => mode))].join(', ');
}
