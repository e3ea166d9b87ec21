/** A run that has all that a reader may ask after: a pair, a failed trial, a void one, an incident, guests that differ, a gate. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chartsOf } from '../../src/chart/charts.ts';
import type { Results } from '../../src/compare/results.ts';
import { gateOf } from '../../src/gate/gate.ts';
import type { PlannedTrial } from '../../src/plan/plan.ts';
import type { Outcome } from '../../src/record/event.ts';
import { reportHtml } from '../../src/report/html.ts';
import { type Simulation, simulatedRun } from '../compare/simulated-run.ts';

const WORKLOADS = ['fresh', 'reused', 'large'];

const SIMULATION: Simulation = {
  targets: '{ a: { lab: bare }, h: { lab: dom0 }, b: { lab: g1, host: h }, c: { lab: g2, host: h } }',
  modes: `  native: { use: lab-native, on: a }
  plain: { use: lab-pvdrm, on: b, cache: false }
  cached: { use: lab-pvdrm, on: c, cache: true }`,
  workloads: WORKLOADS.map(
    (name) =>
      `  - { use: command, name: ${name}, run: gem, metric: { name: time, field: t, unit: ns, better: lower } }`,
  ).join('\n'),
  design: '{ blocks: 6, samples: 3, warmup: 0, margin: 3%, seed: 5 }',
  value: ({ mode, workload }, _, noise) =>
    1e6 * (FACTORS[`${mode} ${workload}`] ?? 1) * Math.exp(0.005 * noise),
  crossings: ({ mode, workload }): Record<string, number> =>
    mode === 'native'
      ? {}
      : Object.fromEntries(
          KINDS.slice(mode === 'cached' ? 4 : 0).map((kind, at) => [
            kind,
            (workload === 'large' ? 10 : 100) / (at + 1),
          ]),
        ),
};

/** More than a chart tells apart. */
const KINDS = ['gemNew', 'gemClose', 'mmap', 'ioctl', 'open', 'close', 'poll', 'read', 'write'];

const FACTORS: Readonly<Record<string, number>> = {
  'plain fresh': 4,
  'plain reused': 2,
  'plain large': 40,
  'cached fresh': 1.5,
  'cached reused': 2,
  'cached large': 1.2,
};

const REASON = 'exited with 1: clCreateBuffer: CL_OUT_OF_RESOURCES';

const outcomes = ({ block, mode, workload }: PlannedTrial): Outcome =>
  block === 3 && mode === 'plain' && workload === 'large'
    ? { kind: 'failed', reason: REASON, transport: false }
    : block === 5 && mode === 'cached' && workload === 'fresh'
      ? { kind: 'void', reason: 'evidence after it did not hold' }
      : { kind: 'completed' };

const attestations: Results['attestations'] = ['native', 'plain', 'cached'].flatMap((mode) =>
  [1, 2, 3, 4, 5, 6].flatMap((block) =>
    (['before', 'after'] as const).map((when) => {
      const ok = !(mode === 'cached' && block === 5 && when === 'after');
      const finding = { target: 'c', claim: 'the cache is on', ok, evidence: ok ? 'cache=1' : 'cache=0' };
      return { block, mode, when, ok, findings: [finding] };
    }),
  ),
);

function resultsOf(): Results {
  const { results } = simulatedRun({ ...SIMULATION, outcome: outcomes });
  const machine = (target: string, kernel: string) => ({
    ...{ target, shell: 'dash', clock: { source: 'tsc', tickNs: 1, monotonic: true } },
    fingerprint: { kernel, cpus: '2' },
  });
  return {
    ...results,
    // Booted anew before the fourth block.
    cells: results.cells.map((cell) => ({
      ...cell,
      trials: cell.trials.map((trial) => ({ ...trial, boot: trial.block < 4 ? 'first' : 'second' })),
    })),
    attestations,
    incidents: [
      {
        ...{ wall: '2030-01-01T00:00:00.000Z', kind: 'failure', target: 'b', trial: 'b3.plain.large' },
        text: REASON,
      },
    ],
    environment: [machine('a', '6.1.0'), machine('b', '6.1.0-pv'), machine('c', '6.1.0-pv')],
  };
}

const SOURCE = 'name: simulated\n';

export const madeResults = resultsOf();

/** Its page in a folder, by its address. */
export function madePage(folder: string): string {
  const file = join(folder, 'index.html');
  const gate = gateOf(simulatedRun({ ...SIMULATION, seed: 7 }).results, madeResults);
  writeFileSync(
    file,
    reportHtml({ results: madeResults, charts: chartsOf(madeResults), experiment: SOURCE, gate }),
  );
  return pathToFileURL(file).href;
}
