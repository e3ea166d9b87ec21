import { labNeeds } from '../experiment/lab-targets.ts';
import { loadExperiment } from '../experiment/load.ts';
import { Problem } from '../problem.ts';
import { bringUp, guarded, withLab } from './lab.ts';
import { tell } from './output.ts';
import { type RunOptions, run } from './run.ts';

/** `vgpubench lab run FILE`: the lab stays up afterwards, so that the next run starts at once. */
export async function labRun(file: string, options: RunOptions): Promise<number> {
  const needs = labNeeds(loadExperiment(file).experiment);
  if (needs === undefined)
    throw new Problem({
      code: 'VGB-LAB-RUN',
      message: `${file} names no machine of the lab`,
      expected: 'a target such as { lab: g1, host: dom0 }',
      found: 'none',
      next: `vgpubench run ${file}`,
    });
  return withLab(async () => {
    const lab = await guarded(() => bringUp(needs));
    if (lab === 'interrupted') return 130;
    const code = await run(file, options);
    tell('the lab stays up; stop it with: vgpubench lab down');
    return code;
  });
}
