/**
 * How long it takes from a journal to results, with 10,000 resamples, and from those to the files of a report, and how much
 * memory: the way of `report` and `compare`. 1,000,000 samples in few cells, and few samples in 1,000 to 5,000 cells. Each run
 * directory is read by a process of its own, whose peak is then its own.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resultsOf } from '../../src/compare/compare.ts';
import { parseExperiment } from '../../src/experiment/load.ts';
import { makePlan, type PlannedTrial } from '../../src/plan/plan.ts';
import { type EventBody, JOURNAL_FORMAT } from '../../src/record/event.ts';
import { readRun } from '../../src/record/read-run.ts';
import { createRunDirectory, FILES } from '../../src/record/run-directory.ts';
import { writeReport } from '../../src/report/write.ts';
import { normalQuantile } from '../../src/statistics/normal.ts';
import { derive, seeded } from '../../src/statistics/prng.ts';

const BLOCKS = 10;
/** Samples of each trial, of workloads, of modes beside the baseline. A cell is a workload in one of those modes. */
const SIZES = [
  { samples: 50_000, workloads: 1, modes: 1 },
  { samples: 500, workloads: 100, modes: 1 },
  ...[1000, 2000, 3000, 4000, 5000].map((cells) => ({ samples: 2, workloads: cells / 5, modes: 5 })),
];

type Size = (typeof SIZES)[number];

export function benchAnalysis(): void {
  for (const size of SIZES) {
    const directory = mkdtempSync(join(tmpdir(), 'vgpubench-'));
    try {
      writeRun(directory, size);
      const cells = size.workloads * size.modes;
      const samples = size.samples * BLOCKS * size.workloads * (size.modes + 1);
      const figures = execFileSync(process.execPath, [...process.execArgv, import.meta.filename, directory]);
      process.stdout.write(`a journal of ${samples} samples in ${cells} cells: ${figures.toString()}`);
    } finally {
      rmSync(directory, { recursive: true });
    }
  }
}

function writeRun(directory: string, size: Size): void {
  const source = sourceOf(size);
  const experiment = parseExperiment(source, FILES.experiment);
  const plan = makePlan(experiment, 1);
  createRunDirectory(directory, source, plan);
  const file = openSync(join(directory, FILES.journal), 'ax');
  let atMs = 0;
  const lineOf = (body: EventBody) => {
    atMs += 123.456;
    const wall = new Date(1.9e12 + atMs).toISOString();
    return `${JSON.stringify({ v: JOURNAL_FORMAT, atMs, wall, ...body })}\n`;
  };
  for (const trial of plan.trials)
    writeSync(file, eventsOf(trial, experiment.design.samples).map(lineOf).join(''));
  writeSync(file, lineOf({ type: 'run-ended', reason: 'completed' }));
  closeSync(file);
}

function sourceOf({ samples, workloads, modes }: Size): string {
  const one = (_: unknown, at: number) =>
    `  - { use: command, name: w${at}, run: ./w, metric: { name: time, field: t, unit: ms, better: lower } }`;
  return `name: million
baseline: native
targets: { a: { ssh: a }, b: { ssh: b } }
modes:
  native: { use: native, on: a }
${Array.from({ length: modes }, (_, at) => `  virtual-${at}: { use: custom, on: b }`).join('\n')}
workloads:
${Array.from({ length: workloads }, one).join('\n')}
design: { blocks: ${BLOCKS}, warmup: 0, samples: ${samples} }
`;
}

function eventsOf({ id, mode, targets }: PlannedTrial, samples: number): EventBody[] {
  const random = seeded(derive('bench', id));
  const normal = () => normalQuantile((random.uint32() + 0.5) / 2 ** 32);
  const level = (mode === 'native' ? 0 : 0.05) + 0.02 * normal();
  const sample = (_: unknown, index: number): EventBody => {
    const value = 100 * Math.exp(level + 0.05 * normal());
    const metrics = [{ name: 'time', unit: 'ms', better: 'lower' as const, value }];
    const readings = [{ metrics, phases: {}, crossings: {} }];
    const guests = targets.map((target) => ({ target, durationNs: 1e6 * value, readings }));
    return { type: 'sample', trial: id, attempt: 1, index, warmup: false, guests, startSpreadNs: null };
  };
  return [
    { type: 'trial-started', trial: id, attempt: 1, fromIndex: 0 },
    ...Array.from({ length: samples }, sample),
    { type: 'trial-ended', trial: id, attempt: 1, outcome: { kind: 'completed' } },
  ];
}

/** As a program: reads a run directory, computes its results, and prints time and memory. */
function main(directory: string): void {
  const seconds = (from: number, to: number) => `${((to - from) / 1000).toFixed(2)} s`;
  const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  const start = performance.now();
  const { experiment, plan, record } = readRun(directory);
  const read = performance.now();
  const held = process.memoryUsage.rss();
  const results = resultsOf(experiment, plan, record);
  const end = performance.now();
  const peak = () => mebibytes(process.resourceUsage().maxRSS * 1024);
  const known = `read in ${seconds(start, read)} (${mebibytes(held)}), results in ${seconds(read, end)}, peak ${peak()}`;
  const unmade = writeReport(directory, results);
  process.stdout.write(
    `${known}; files in ${seconds(end, performance.now())}, peak ${peak()}${unmade.length === 0 ? '' : `, ${unmade.length} of them not made`}\n`,
  );
}

if (process.argv[1] === import.meta.filename) main(process.argv[2] ?? '');
