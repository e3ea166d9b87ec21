import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { loadExperiment } from '../experiment/load.ts';
import { makePlan } from '../plan/plan.ts';
import { Journal } from '../record/journal.ts';
import { lockRun } from '../record/lock.ts';
import { emptyRecord } from '../record/run-record.ts';
import { FILES, createRunDirectory, defaultRunDirectory } from '../record/run-directory.ts';
import { baseOf, execute } from './execute.ts';
import { inLab } from './lab-preflight.ts';
import { type GateOptions, gateFor } from './gate.ts';
import type { Interrupt } from './interrupt.ts';
import { tell } from './output.ts';
import { piloted, pilotText } from './pilot.ts';
import { versions } from './version.ts';

export interface RunOptions extends GateOptions {
  out?: string | undefined;
  seed?: number | undefined;
  json: boolean;
}

/** `vgpubench run FILE` */
export async function run(file: string, options: RunOptions, interrupt?: Interrupt): Promise<number> {
  const { experiment: asked, source } = loadExperiment(file);
  const pilot = piloted(asked);
  const { experiment } = pilot;
  const gate = gateFor(options, experiment);
  return inLab(experiment, async (lab) => {
    const plan = makePlan(experiment, options.seed);
    const directory = options.out ?? defaultRunDirectory(experiment.name, plan.seed, new Date());
    createRunDirectory(directory, source, plan);
    const unlock = lockRun(directory);
    try {
      const samples = pilotText(pilot);
      if (!options.json && samples !== undefined) tell(samples);
      if (!options.json)
        tell(`${plan.trials.length} trials in ${plan.blocks} blocks, seed ${plan.seed}, into ${directory}`);
      const token = randomBytes(8).toString('hex');
      return await execute({
        directory,
        experiment,
        plan,
        record: emptyRecord(),
        journal: Journal.create(join(directory, FILES.journal)),
        base: baseOf(file),
        token,
        opening: {
          type: 'run-started',
          token,
          directory: baseOf(file),
          versions: { ...versions(), ...lab },
          pid: process.pid,
        },
        retry: false,
        json: options.json,
        gate,
        interrupt,
      });
    } finally {
      unlock();
    }
  });
}
