import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { outlookText } from '../../src/cli/terminal/outlook-text.ts';
import { pilotLines } from '../../src/cli/terminal/pilot-text.ts';
import type { Experiment } from '../../src/experiment/schema.ts';
import { readRun } from '../../src/record/read-run.ts';
import { type Plan, makePlan } from '../../src/plan/plan.ts';
import { type EarlierRun, earlierRun } from '../../src/run/earlier.ts';
import { type PlanOutlook, planOutlook } from '../../src/run/outlook.ts';
import { pilotOfDesign } from '../../src/run/pilot.ts';
import { type Simulation, simulatedRun } from '../compare/simulated-run.ts';
import { vgpubench } from '../support/cli-in-process.ts';
import { writeRun } from './run-directories.ts';
import { testFolder } from '../support/directory.ts';

const scratch = testFolder();
const { experiment, source } = simulatedRun();

function written(directory: string, simulation: Simulation): EarlierRun {
  return { ...readRun(writeRun(directory, simulation)), directory };
}

it('plan says what an earlier run lets it detect, cell by cell', () => {
  const text = outlookText(planOutlook(experiment, written(join(scratch, 'earlier'), {})));
  assert.match(text, /what 10 blocks can detect/);
  assert.match(text, /slow +work +time +0\.\d+% +0\.\d+% +[3-5]\.\d+% +\d+ blocks +\d+ blocks +(any|\d+)/);
});

it('plan says so where no earlier run tells', () => {
  assert.match(
    outlookText(planOutlook(experiment, undefined)),
    /unknown until this experiment has been run once/,
  );
  const short = written(join(scratch, 'short'), { design: '{ blocks: 1 }' });
  assert.match(outlookText(planOutlook(experiment, short)), /too few blocks/);
});

it('has design.pilot take the samples of a trial from the newest earlier run, into the plan', async () => {
  const reports = join(scratch, 'pilot', 'reports');
  const asking: Experiment = { ...experiment, design: { ...experiment.design, pilot: true } };
  const none = pilotOfDesign(asking, () => earlierRun(experiment.name, reports));
  assert.equal(none?.experiment.design.samples, experiment.design.samples);
  assert.match(pilotLines(none).join(), /no earlier run/);
  // Samples that scatter more than the blocks do are worth taking more often.
  const run = written(join(reports, 'simulated-20300101-000000-1'), {
    value: ({ block, mode }, _, noise) =>
      100 * Math.exp(0.03 * noise + (mode === 'slow' ? 0.05 * (block % 2) : 0)),
  });
  const wanted = planOutlook(experiment, run).cells.map(({ samplesPerTrial }) => samplesPerTrial ?? 0);
  assert.notEqual(Math.max(...wanted), experiment.design.samples);
  assert.ok(Math.max(...wanted) > 0);
  const found = pilotOfDesign(asking, () => earlierRun(experiment.name, reports));
  assert.equal(found?.experiment.design.samples, Math.max(...wanted));
  assert.equal(makePlan(found.experiment).samples, Math.max(...wanted));
  assert.equal(
    pilotOfDesign(experiment, () => undefined),
    undefined,
    'only where it was asked for',
  );

  writeFileSync(join(scratch, 'pilot', 'p.yaml'), source.replace(/design: \{/, 'design: { pilot: true,'));
  const { stdout } = await vgpubench(['plan', 'p.yaml'], join(scratch, 'pilot'));
  assert.match(stdout, /pilot: \d+ samples per trial, based on reports\/simulated-20300101-000000-1/);
});

it('plan --json has the plan, its time and what it can detect', async () => {
  const file = join(scratch, 'simulated.yaml');
  writeFileSync(file, source);
  const planned = async () => {
    const { stdout } = await vgpubench(['plan', file, '--json'], scratch);
    return JSON.parse(stdout) as Plan & { time: Record<string, number | null>; outlook: PlanOutlook };
  };
  const { time, outlook, ...plan } = await planned();
  assert.deepEqual(plan, makePlan(experiment));
  assert.deepEqual(time, { expectedMs: null, worstMs: 20 * 120_000, budgetMs: null });
  assert.deepEqual(outlook, { run: null, blocks: 10, margin: 0.03, cells: [] });
  const run = written(join(scratch, 'reports', 'simulated-20300101-000000-1'), {});
  const later = await planned();
  assert.ok(later.time['expectedMs']! > 0);
  assert.deepEqual(later.outlook, {
    ...planOutlook(experiment, run),
    run: 'reports/simulated-20300101-000000-1',
  });
  const [cell] = later.outlook.cells;
  assert.ok(cell!.sd > 0 && cell!.sdLimit > cell!.sd && cell!.detects! > 0.03);
  assert.ok(cell!.blocksForMargin >= 2 && cell!.blocksForGate >= 2);
});
