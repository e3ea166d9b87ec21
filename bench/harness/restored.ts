/**
 * Whether a lab that was restored from its snapshot is as fast as one that was booted: every mode on four
 * workloads, ROUNDS labs of each, alternating. Prints, by cell, the ratio of restored to cold (over 1 is
 * slower), from means of logs, with Welch's 95% interval. It takes half an hour, and brings a lab up and down
 * that must not be up before.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { parse, stringify } from 'yaml';
import type { Results } from '../../src/compare/results.ts';
import { summarise } from '../../src/statistics/interval.ts';
import { median } from '../../src/statistics/quantile.ts';
import { differenceInterval, meanDifference } from '../../src/statistics/welch.ts';

const ROUNDS = 10;
const WORKLOADS = ['gem', 'cpy', 'mmul', 'loop'];
const MARGIN = 1.25;
const ROOT = join(import.meta.dirname, '../..');

type How = 'cold' | 'restored';

export async function benchRestored(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'vgb-restored-'));
  const logs = new Map<string, Record<How, number[]>>();
  try {
    const file = join(folder, 'experiment.yaml');
    writeFileSync(file, experiment());
    // A snapshot for the first restore.
    await lab('up', '--guests', '6', '--cold');
    await lab('down');
    for (let round = 1; round <= ROUNDS; round++)
      for (const how of round % 2 === 0 ? (['cold', 'restored'] as const) : (['restored', 'cold'] as const)) {
        const run = join(folder, `${round}.${how}`);
        await lab('up', '--guests', '6', ...(how === 'cold' ? ['--cold'] : []));
        await lab('run', file, '--out', run);
        await lab('down');
        note(logs, how, run);
        process.stdout.write(`  round ${round} of ${ROUNDS}: ${how}\n`);
      }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  for (const [cell, { cold, restored }] of logs) show(cell, restored, cold);
}

function experiment(): string {
  const text = readFileSync(join(ROOT, 'bench/experiments/boundaries.yaml'), 'utf8');
  const whole = parse(text) as { workloads: { name: string }[]; design: object };
  return stringify({
    ...whole,
    workloads: whole.workloads.filter(({ name }) => WORKLOADS.includes(name)),
    design: { ...whole.design, blocks: 1 },
  });
}

async function lab(...args: string[]): Promise<void> {
  const program = join(ROOT, 'bin/vgpubench');
  await execa(process.execPath, [program, 'lab', ...args], { stdin: 'ignore' });
}

function note(logs: Map<string, Record<How, number[]>>, how: How, run: string): void {
  const results = JSON.parse(readFileSync(join(run, 'results.json'), 'utf8')) as Results;
  for (const { mode, workload, metric, trials } of results.cells) {
    if (metric !== 'rate') continue;
    const key = `${mode.padEnd(12)} ${workload}`;
    const cell = logs.get(key) ?? { cold: [], restored: [] };
    logs.set(key, cell);
    cell[how].push(...trials.map(({ values }) => -Math.log(median(values))));
  }
}

function show(cell: string, restored: readonly number[], cold: readonly number[]): void {
  const difference = meanDifference(summarise(restored), summarise(cold));
  const { low, high } = differenceInterval(difference, 0.95);
  const ratio = Math.exp(difference.value);
  const ends =
    low === null || high === null ? '' : `${Math.exp(low).toFixed(2)} to ${Math.exp(high).toFixed(2)}`;
  const slower = low !== null && Math.exp(low) > MARGIN;
  const said = slower ? 'SLOWER' : ratio < 0.8 || ratio > MARGIN ? 'outside 0.8 to 1.25' : '';
  process.stdout.write(`  ${cell.padEnd(20)} ${ratio.toFixed(2)}  (${ends}) ${said}\n`);
}
