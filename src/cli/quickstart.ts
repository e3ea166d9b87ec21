import { join } from 'node:path';
import { loadExperiment } from '../experiment/load.ts';
import { labNeeds } from '../experiment/lab-targets.ts';
import { labDown } from '../lab/down.ts';
import { bringUp, progress } from './lab.ts';
import { type RunOptions, run } from './run.ts';

const EXPERIMENT = join(import.meta.dirname, '../../bench/experiments/quickstart.yaml');

/** `vgpubench quickstart`: the lab end to end. However it ends, the lab is down again. */
export async function quickstart(options: RunOptions): Promise<number> {
  const needs = labNeeds(loadExperiment(EXPERIMENT).experiment) ?? {};
  const lab = await bringUp(needs);
  if (lab === 'interrupted') return 130;
  try {
    return await run(EXPERIMENT, options);
  } finally {
    await labDown(progress);
  }
}
