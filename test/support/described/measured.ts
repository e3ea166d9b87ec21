import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from '../../../src/run/session.ts';
import { readRun } from '../../../src/record/read-run.ts';
import type { RunRecord } from '../../../src/record/run-record.ts';
import { runExperiment } from '../../../src/run/run.ts';
import type { Described } from './suite.ts';

export interface Measured extends Outcome {
  record: RunRecord;
}

export interface Asked {
  modes: string;
  blocks?: number;
  /** What the workload runs; by default mmul, which crosses twenty times in each of its runs. */
  workload?: string;
  /** Of a trial; a minute by default. */
  limit?: string;
}

/** An experiment of two samples a trial on a described host; its baseline is dom0's own GPU. @returns its file, in a folder of its own */
export function experimentIn(
  xen: Described,
  { modes, blocks = 1, workload = 'mmul 20', limit = '60s' }: Asked,
): string {
  const file = join(mkdtempSync(join(xen.folder, 'run-')), 'experiment.yaml');
  writeFileSync(
    file,
    `name: described
baseline: native
targets:
${xen.targets()}
modes:
${modes}
workloads:
  - { use: command, name: mmul, run: ${JSON.stringify(workload)}, metric: { pattern: 'GFLOPS: {value}', unit: GFLOP/s, better: higher } }
design: { blocks: ${blocks}, samples: 2, warmup: 0, aa: false }
limits: { trial: ${limit} }
`,
  );
  return file;
}

/** The same, run to its end. */
export async function measured(xen: Described, asked: Asked): Promise<Measured> {
  const file = experimentIn(xen, asked);
  const directory = join(file, '../run');
  const outcome = await runExperiment(file, { out: directory });
  return { ...outcome, record: readRun(directory).record };
}

/** Why trials of a mode gave no figure. */
export function reasons({ results }: Pick<Outcome, 'results'>, mode: string): string[] {
  return results.unsuccessful
    .filter((trial) => trial.mode === mode)
    .map(({ outcome }) => ('reason' in outcome ? `${outcome.kind}: ${outcome.reason}` : outcome.kind));
}
